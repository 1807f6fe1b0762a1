"""Fit the calibration on items left out of training; prints honest figures."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from django.core.management.base import BaseCommand, CommandParser

from grading.close_reader import WEIGHTS as CLOSE_WEIGHTS
from grading.core.report import SIGNAL_GROUPS, figures_of
from grading.core.rubric import Rubric
from grading.grader import CALIBRATION, Grader
from grading.judge import WEIGHTS
from grading.training.calibrate import write_calibration
from grading.training.corpus import (
    DATA_FOLDER,
    KEPT_FOLDER,
    PUBLIC_SETS,
    Corpus,
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
    rubric_of,
    scored_by,
    without_signals,
)  # fmt: skip
from grading.training.materials import table_from
from grading.training.passes import is_held, without_answers, without_items
from questions.content_files import bundled_items

SHOWN = (
    "answers", "pearson", "kappa", "mean_error", "bias", "criterion_auc",
    "calibration_error", "kappa_of_the_surest_four_fifths", "games_over_30",
    "strong_under_60", "evidence_overlap", "correct_over_contradictory_auc",
)  # fmt: skip


class Command(BaseCommand):
    """Needs the weights of both trainings with ``--keep items``, and the shipped ones."""

    help = "Fit the calibration on what was left out of training and print figures."
    requires_system_checks: list[str] = []  # noqa: RUF012 - as Django types it

    def add_arguments(self, parser: CommandParser) -> None:
        """Take both weights, and where to read and write."""
        parser.add_argument(
            "held", type=Path, help="weights of train_judge --keep items"
        )
        parser.add_argument(
            "held_close", type=Path, help="weights of train_close_reader --keep items"
        )
        parser.add_argument("--weights", type=Path, default=WEIGHTS)
        parser.add_argument("--close", type=Path, default=CLOSE_WEIGHTS)
        parser.add_argument("--out", type=Path, default=CALIBRATION)
        parser.add_argument("--public", type=Path, help="a folder of public sets")
        parser.add_argument("--table", type=Path, help="a .npz to keep states in")
        parser.add_argument("--figures", type=Path, help="a JSON file for the figures")

    def handle(self, *args: Any, **options: Any) -> None:
        """Items left out and items seen; then bare criteria and the public sets."""
        torch.set_num_threads(1)  # answers go side by side instead
        self.told: dict[str, Any] = {}
        bundled = {k: v.rubric for k, v in bundled_items().items() if v.criteria}
        corpus = load_corpus([DATA_FOLDER], bundled)
        table = table_from(options["table"])
        split = without_items(corpus, frozenset(bundled))
        grader = grader_with(options["held"], options["held_close"], table)
        items = {a.item for a in split.held}
        tried = [*split.held, *games_for(corpus.rubrics, items)]
        unseen = scored_by(grader, corpus.rubrics, tried)
        familiar = sorted(
            {c.fingerprint for r in corpus.rubrics.values() for c in r.criteria}
        )
        shipped = grader_with(options["weights"], options["close"], table, familiar)
        seen = self._seen(shipped, corpus, bundled)
        cross = cross_calibrated(unseen + seen)
        fitted = final_calibration(unseen + seen, cross) | {"familiar": familiar}
        self._say_all(cross[: len(unseen)], cross[len(unseen) :], bundled)
        for name, signals in SIGNAL_GROUPS.items():
            rest = cross_calibrated(without_signals(unseen, sorted(signals)))
            self._say(f"items left out, without {name} (fitted again)", real(rest))
        plain = {item: bare(rubric) for item, rubric in corpus.rubrics.items()}
        bare_ones = scored_by(grader, plain, tried)
        cross = cross_calibrated(bare_ones)
        fitted["bare"] = final_calibration(bare_ones, cross)
        self._say("items left out, one-line criteria", real(cross))
        if options["public"]:
            fitted["short"] = self._short(grader, options["public"])
        write_calibration(options["out"], fitted)
        if options["figures"]:
            text = json.dumps(self.told, indent=1)
            options["figures"].write_text(text + "\n", "utf-8")

    def _seen(
        self, grader: Grader, corpus: Corpus, bundled: Mapping[str, Rubric]
    ) -> Scored:
        """Score answers to bundled items that the shipped weights never saw."""
        held = without_answers(corpus, frozenset(bundled)).held
        kept = load_corpus([KEPT_FOLDER], bundled).answers
        tried = [*held, *kept, *games_for(bundled, bundled)]
        return scored_by(grader, corpus.rubrics, tried)

    def _say_all(
        self, unseen: Scored, seen: Scored, bundled: Mapping[str, Rubric]
    ) -> None:
        """Print the figures of items left out and of items seen."""
        self._say("items left out: all", real(unseen))
        self._say("items left out: development answers", _dev(unseen, bundled))
        self._say("items left out: other subjects", _others(unseen, bundled))
        self._say("items left out: games made from rubrics", games(unseen))
        dev = _dev(seen, bundled)
        kept = [pair for pair in real(seen) if not pair[0].id.startswith("d-")]
        self._say("items seen, development answers left out", dev)
        self._say("items seen, answers kept for measuring", kept)
        self._say("items seen, games made from the bundled rubrics", games(seen))

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
