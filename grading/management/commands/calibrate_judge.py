"""Fit the calibration on items that a judge has not seen; prints honest figures."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from grading.core.report import SIGNAL_GROUPS, figures_of
from grading.encoder import SentenceEncoder
from grading.grader import CALIBRATION, Grader
from grading.judge import WEIGHTS
from grading.training.calibrate import write_calibration
from grading.training.corpus import (
    DATA_FOLDER,
    PUBLIC_SETS,
    load_corpus,
    load_public,
    load_short,
)  # fmt: skip
from grading.training.held import (
    Scored,
    as_labelled,
    bare,
    cross_calibrated,
    entry_of,
    final_calibration,
    games,
    games_for,
    grader_with,
    real,
    recalibrated,
    rubric_of,
    scored_by,
    without_signals,
)  # fmt: skip
from grading.training.passes import is_held, without_answers, without_items
from grading.training.texts import TextTable
from questions.content_files import bundled_items

SHOWN = (
    "answers", "pearson", "kappa", "mean_error", "bias", "criterion_auc",
    "calibration_error", "kappa_of_the_surest_four_fifths", "games_over_30",
    "strong_under_60", "evidence_overlap", "correct_over_contradictory_auc",
)  # fmt: skip


class Command(BaseCommand):
    """Needs the weights of ``train_judge --keep items`` and those that are shipped."""

    help = "Fit the calibration on items left out of training and print figures."
    requires_system_checks: list[str] = []  # noqa: RUF012 - as Django types it

    def add_arguments(self, parser: CommandParser) -> None:
        """Take both weights, and where to read and write."""
        parser.add_argument(
            "held", type=Path, help="weights of train_judge --keep items"
        )
        parser.add_argument("--weights", type=Path, default=WEIGHTS)
        parser.add_argument("--out", type=Path, default=CALIBRATION)
        parser.add_argument("--public", type=Path, help="a folder of public sets")
        parser.add_argument("--table", type=Path, help="a .npz to keep states in")
        parser.add_argument("--figures", type=Path, help="a JSON file for the figures")

    def handle(self, *args: Any, **options: Any) -> None:
        """Left-out items first, then bare criteria and public sets, then seen items."""
        self.told: dict[str, Any] = {}
        bundled = {k: v.rubric for k, v in bundled_items().items() if v.criteria}
        corpus = load_corpus([DATA_FOLDER], bundled)
        table = TextTable(SentenceEncoder())
        if options["table"] and options["table"].is_file():
            table.load(options["table"])
        split = without_items(corpus, frozenset(bundled))
        grader = grader_with(options["held"], table)
        items = {a.item for a in split.held}
        tried = [*split.held, *games_for(corpus.rubrics, items)]
        scored = scored_by(grader, corpus.rubrics, tried)
        cross = cross_calibrated(scored)
        fitted = final_calibration(scored, cross)
        self._say("items left out: all", real(cross))
        self._say("items left out: development answers", _dev(cross, bundled))
        self._say("items left out: other subjects", _others(cross, bundled))
        self._say("items left out: games made from rubrics", games(cross))
        for name, signals in SIGNAL_GROUPS.items():
            rest = cross_calibrated(without_signals(scored, sorted(signals)))
            self._say(f"items left out, without {name} (fitted again)", real(rest))
        plain = {item: bare(rubric) for item, rubric in corpus.rubrics.items()}
        bare_ones = scored_by(grader, plain, tried)
        cross = cross_calibrated(bare_ones)
        fitted["bare"] = final_calibration(bare_ones, cross)
        self._say("items left out, one-line criteria", real(cross))
        if options["public"]:
            fitted["short"] = self._short(grader, options["public"])
        split = without_answers(corpus, frozenset(bundled))
        shipped = grader_with(options["weights"], table)
        # Measured by a calibration that saw nothing of the bundled items.
        rest = [pair for pair in scored if pair[0].item not in bundled]
        elsewhere = final_calibration(rest, cross)
        tried = [*split.held, *games_for(corpus.rubrics, bundled)]
        seen = recalibrated(scored_by(shipped, corpus.rubrics, tried), elsewhere)
        self._say("items seen, development answers left out", real(seen))
        self._say("items seen, games made from the bundled rubrics", games(seen))
        write_calibration(options["out"], fitted)
        if options["figures"]:
            text = json.dumps(self.told, indent=1)
            options["figures"].write_text(text + "\n", "utf-8")

    def _short(self, grader: Grader, folder: Path) -> dict[str, Any]:
        """Fit for single facts, on questions of the public sets that were left out."""
        sets = {name: load_public(folder, (name,)) for name in PUBLIC_SETS}
        sets["written for this"] = load_short(DATA_FOLDER)
        shorts = [one for answers in sets.values() for one in answers if is_held(one)]
        rubrics = {answer.question_id: rubric_of(answer) for answer in shorts}
        answers = [as_labelled(answer, k) for k, answer in enumerate(shorts)]
        scored = scored_by(grader, rubrics, answers)
        cross = cross_calibrated(scored)
        for name, own in sets.items():
            ids = {answer.question_id for answer in own}
            chosen = [pair for pair in cross if pair[0].item in ids]
            if chosen:
                self._say(f"short facts, questions left out: {name}", chosen)
        return final_calibration(scored, cross)

    def _say(self, name: str, scored: Scored) -> None:
        figures = figures_of([(entry_of(answer), score) for answer, score in scored])
        self.told[name] = figures
        self.stdout.write(name)
        for key in SHOWN:
            self.stdout.write(f"    {key.replace('_', ' '):34} {figures[key]}")
        for category, row in figures["by_category"].items():
            self.stdout.write(
                f"      {category:26} {row['answers']:4} {row['score']:5} label {row['label']}"
            )
        self.stdout.flush()


def _dev(scored: Scored, bundled: Any) -> Scored:
    return [
        p for p in real(scored) if p[0].item in bundled and p[0].id.startswith("d-")
    ]


def _others(scored: Scored, bundled: Any) -> Scored:
    return [p for p in real(scored) if p[0].item not in bundled]
