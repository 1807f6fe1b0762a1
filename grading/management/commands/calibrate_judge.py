"""Fit the calibration on items left out of training; prints honest figures."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from django.core.management.base import BaseCommand, CommandParser

from grading.close_reader import WEIGHTS as CLOSE_WEIGHTS
from grading.core.report import SIGNAL_GROUPS, figures_of
from grading.core.rubric import Rubric
from grading.grader import CALIBRATION, Grader
from grading.judge import WEIGHTS
from grading.training.calibrate import FACT, WHOLE, write_calibration
from grading.training.corpus import (
    DATA_FOLDER,
    KEPT_FOLDER,
    PUBLIC_SETS,
    Corpus,
    LabelledAnswer,
    kept_items,
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
    fitted_on,
    games,
    games_for,
    grader_with,
    real,
    recalibrated,
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
    """Needs judges that learned with ``--keep items``, and the shipped weights."""

    help = "Fit the calibration on what was left out of training and print figures."
    requires_system_checks: list[str] = []  # noqa: RUF012 - as Django types it

    def add_arguments(self, parser: CommandParser) -> None:
        """Take weights, and where to read and write."""
        parser.add_argument(
            "held",
            type=Path,
            nargs="+",
            help="weights of train_judge --keep items, one for each network",
        )
        parser.add_argument("--weights", type=Path, nargs="+", default=WEIGHTS)
        parser.add_argument(
            "--close",
            type=Path,
            default=CLOSE_WEIGHTS,
            help="of train_close_reader",
        )
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
        table = table_from(options["table"], rounded=True)
        split = without_items(corpus, frozenset(bundled), kept_items())
        grader = grader_with(options["held"], options["close"], table)
        items = {a.item for a in split.held}
        tried = [*split.held, *games_for(corpus.rubrics, items)]
        alone, tried = parted(corpus.rubrics, tried)
        unseen = scored_by(grader, corpus.rubrics, tried)
        familiar = sorted(
            {c.fingerprint for r in corpus.rubrics.values() for c in r.criteria}
        )
        shipped = grader_with(options["weights"], options["close"], table, familiar)
        seen = self._seen(shipped, corpus, bundled)
        cross = cross_calibrated(unseen + seen)
        fitted = final_calibration(unseen + seen, cross) | {"familiar": familiar}
        self._say_all(cross[: len(unseen)], cross[len(unseen) :], bundled)
        alone_again = real(cross_calibrated(unseen))
        self._say("items left out, all signals (fitted on these alone)", alone_again)
        for name, signals in SIGNAL_GROUPS.items():
            if not signals & set(WHOLE.names):
                continue
            rest = cross_calibrated(without_signals(unseen, sorted(signals)))
            self._say(f"items left out, without {name} (fitted again)", real(rest))
        plain = {item: bare(rubric) for item, rubric in corpus.rubrics.items()}
        bare_ones = scored_by(grader, plain, tried)
        cross = cross_calibrated(bare_ones)
        fitted["bare"] = final_calibration(bare_ones, cross)
        self._say("items left out, one-line criteria", real(cross))
        facts = scored_by(grader, corpus.rubrics, alone)
        fitted["short"] = self._short(grader, options["public"], facts)
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
        dev, others = _dev(unseen, bundled), _others(unseen, bundled)
        self._say("items left out: development answers", dev)
        self._say("items left out: other subjects", others)
        self._say("items left out: both of these", dev + others)
        self._say("items left out: games made from rubrics", games(unseen))
        dev = _dev(seen, bundled)
        kept = [pair for pair in real(seen) if not pair[0].id.startswith("d-")]
        self._say("items seen, development answers left out", dev)
        self._say("items seen, answers kept for measuring", kept)
        self._say("items seen, games made from the bundled rubrics", games(seen))

    def _short(
        self, grader: Grader, folder: Path | None, alone: Scored
    ) -> dict[str, Any]:
        """Fit for rubrics of one criterion, on questions that were left out.

        Args:
            grader: Of networks that have not seen the kept questions.
            folder: Of public sets; None for none.
            alone: Scored answers to kept items of one criterion, and games.
        """
        sets = (
            {name: load_public(folder, (name,)) for name in PUBLIC_SETS}
            if folder
            else {}
        )
        sets["written for this"] = own = load_short(DATA_FOLDER)
        shorts = [one for answers in sets.values() for one in answers if is_held(one)]
        rubrics = {answer.question_id: rubric_of(answer) for answer in shorts}
        tried = [as_labelled(answer, k) for k, answer in enumerate(shorts)]
        tried += games_for(rubrics, {one.question_id for one in own if is_held(one)})
        scored = alone + scored_by(grader, rubrics, tried)
        cross = cross_calibrated(scored, FACT)
        for name, answers in sets.items():
            ids = {answer.question_id for answer in answers}
            chosen = [pair for pair in real(cross) if pair[0].item in ids]
            if not chosen:
                continue
            self._say(f"short facts, questions left out: {name}", chosen)
            rest = [pair for pair in scored if pair[0].item not in ids]
            fitted = fitted_on(rest, FACT)
            again = real(recalibrated(chosen, fitted))
            self._say(f"short facts, the whole set left out of the fit: {name}", again)
        self._say("short facts, questions left out: all", real(cross))
        self._say("short facts, questions left out: games", games(cross))
        for name, signals in SIGNAL_GROUPS.items():
            if not signals & set(FACT.names):
                continue
            silent = without_signals(scored, sorted(signals))
            rest = real(cross_calibrated(silent, FACT))
            self._say(f"short facts, without {name} (fitted again)", rest)
        return final_calibration(scored, cross, FACT)

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


def parted(
    rubrics: Mapping[str, Rubric], answers: Sequence[LabelledAnswer]
) -> tuple[list[LabelledAnswer], list[LabelledAnswer]]:
    """Give answers to rubrics of one criterion, and those to rubrics of more."""
    alone = [a for a in answers if rubrics[a.item].has_one_criterion]
    return alone, [a for a in answers if not rubrics[a.item].has_one_criterion]


def _dev(scored: Scored, bundled: Any) -> Scored:
    return [
        p for p in real(scored) if p[0].item in bundled and p[0].id.startswith("d-")
    ]


def _others(scored: Scored, bundled: Any) -> Scored:
    return [p for p in real(scored) if p[0].item not in bundled]
