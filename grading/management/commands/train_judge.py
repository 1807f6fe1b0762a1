"""Train the judge and fit its calibration; prints honest figures on the way."""

import random
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandParser

from grading.core.score import Score
from grading.encoder import SentenceEncoder
from grading.judge import WEIGHTS
from grading.management.commands.evaluate_grader import figures_of
from grading.training.bare import fit_bare, scored_public
from grading.training.calibrate import write_calibration
from grading.training.corpus import (
    DATA_FOLDER,
    LabelledAnswer,
    load_corpus,
    load_public,
)
from grading.training.folds import (
    Scored,
    TableEncoder,
    cross_calibrated,
    final_calibration,
    grader_with,
    no_calibration,
    out_of_fold,
    recalibrated,
    scored_by,
    without_answers,
)
from grading.training.learn import Recipe, learn
from grading.training.segments import Table, segments_of, texts_of
from questions.content_files import bundled_items

SHOWN = (
    "answers", "pearson", "kappa", "mean_error", "bias", "criterion_auc",
    "calibration_error", "kappa_of_the_surest_four_fifths", "games_over_30",
    "strong_under_60",
)  # fmt: skip


class Command(BaseCommand):
    """Minutes on two cores; the same seeds give the same weights."""

    help = "Train the judge on grading/training/data and fit its calibration."
    requires_system_checks: list[str] = []  # noqa: RUF012 - as Django types it

    def add_arguments(self, parser: CommandParser) -> None:
        """Take where to write and where vectors may be kept between runs."""
        parser.add_argument("--out", type=Path, default=WEIGHTS.parent)
        parser.add_argument(
            "--folds", type=int, default=4, help="folds of items that are left out"
        )
        parser.add_argument(
            "--public", type=Path, help="a folder of public sets, for bare criteria"
        )
        parser.add_argument("--vectors", type=Path, help="a .npz to keep vectors in")

    def handle(self, *args: Any, **options: Any) -> None:
        """Folds first, for the figures and the calibration; then everything."""
        began = time.monotonic()
        bundled = {k: v.rubric for k, v in bundled_items().items() if v.criteria}
        corpus = load_corpus([DATA_FOLDER], bundled)
        encoder = SentenceEncoder()
        table = self._table(texts_of(corpus), encoder, options["vectors"])
        segments = segments_of(corpus, table, random.Random(3))
        self._say(began, f"{len(corpus.answers)} answers, {len(segments.items)} runs")
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            scored = out_of_fold(
                corpus, frozenset(bundled), segments, table, encoder, folder,
                lambda said: self._say(began, said), options["folds"],
            )  # fmt: skip
            names = frozenset(bundled)
            cross = cross_calibrated(scored, names)
            fitted = final_calibration(scored, cross, names)
            self._figures("items left out: all", _real(cross))
            self._figures(
                "items left out: bundled, development answers", _dev(cross, bundled)
            )
            self._figures("items left out: games made from rubrics", _games(cross))
            held = {a.id for a, _ in _dev(cross, bundled)[::2]}
            learned = learn(
                segments,
                table,
                without_answers(segments, held),
                Recipe(),
                lambda _: None,
            )
            grader = grader_with(
                learned, TableEncoder(table, encoder), folder, no_calibration()
            )
            half = scored_by(
                grader, corpus, [a for a in corpus.answers if a.id in held]
            )
            seen = recalibrated(half, fitted)
            self._figures("items seen, these development answers left out", seen)
        everything = list(range(len(segments.items)))
        learned = learn(
            segments, table, everything, Recipe(), lambda said: self._say(began, said)
        )
        digest = learned.write(options["out"] / WEIGHTS.name)
        if options["public"]:
            with tempfile.TemporaryDirectory() as place:
                judge = grader_with(learned, encoder, Path(place), no_calibration())
            scored_sets = scored_public(judge, load_public(options["public"]))
            fitted["bare"] = fit_bare(scored_sets)
        write_calibration(options["out"] / "calibration.json", fitted)
        self._say(began, f"judge {digest}")

    def _table(
        self, texts: list[str], encoder: SentenceEncoder, kept: Path | None
    ) -> Table:
        known: dict[str, Any] = {}
        if kept is not None and kept.is_file():
            stored = np.load(kept)
            known = dict(zip(stored["texts"].tolist(), stored["vectors"], strict=True))
        new = sorted((t for t in texts if t not in known), key=len)
        self.stdout.write(f"{len(texts)} sentences, {len(new)} to encode")
        for at in range(0, len(new), 512):
            batch = new[at : at + 512]
            known.update(zip(batch, encoder.encode(batch), strict=True))
        vectors = np.stack([known[text] for text in texts]).astype(np.float32)
        if kept is not None and new:
            np.savez(kept, texts=np.array(texts), vectors=vectors)
        return Table(rows={text: k for k, text in enumerate(texts)}, vectors=vectors)

    def _say(self, began: float, text: str) -> None:
        self.stdout.write(f"[{time.monotonic() - began:4.0f} s] {text}")
        self.stdout.flush()

    def _figures(self, name: str, scored: Scored) -> None:
        figures = figures_of([(_entry(answer), score) for answer, score in scored])
        self.stdout.write(name)
        for key in SHOWN:
            self.stdout.write(f"    {key.replace('_', ' '):34} {figures[key]}")
        for category, row in figures["by_category"].items():
            self.stdout.write(
                f"      {category:26} {row['score']:5} label {row['label']}"
            )
        self.stdout.flush()


def _entry(answer: LabelledAnswer) -> dict[str, Any]:
    return {
        "id": answer.id, "item": answer.item, "category": answer.category,
        "points": answer.points, "score": answer.score,
    }  # fmt: skip


def _real(scored: Scored) -> list[tuple[LabelledAnswer, Score]]:
    return [pair for pair in scored if not pair[0].category.startswith("game")]


def _games(scored: Scored) -> list[tuple[LabelledAnswer, Score]]:
    return [pair for pair in scored if pair[0].category.startswith("game")]


def _dev(scored: Scored, bundled: Any) -> list[tuple[LabelledAnswer, Score]]:
    return [
        p for p in _real(scored) if p[0].item in bundled and p[0].id.startswith("d-")
    ]
