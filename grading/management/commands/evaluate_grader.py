"""Measure the grader on labelled answers and write a report."""

import json
import platform
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from grading.core import agreement
from grading.core.errors import RubricError, UngradableError
from grading.core.plots import reliability_plot, scatter_plot
from grading.core.report import (
    Pair,
    as_text,
    credits_and_points,
    figures_of,
    without_each_signal,
)
from grading.core.rubric import Rubric
from grading.grader import Grader, load_grader
from grading.item_lines import rubrics_from_lines
from grading.training.corpus import short_answer_from
from grading.training.held import as_labelled, entry_of, rubric_of
from questions.content_files import bundled_items


class Command(BaseCommand):
    """Lines ``{"id", "item", "category", "answer", "points", "score"}`` in, a report out.

    Lines of a public set, ``{"question", "references", "answer", "score", "label"}``,
    are scored by a rubric of one criterion.
    """

    help = "Measure the grader on a labelled file and write text, JSON and SVG."
    requires_system_checks: list[str] = []  # noqa: RUF012 - as Django types it

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the labelled file, rubrics that are not bundled, and where to write."""
        parser.add_argument("labelled", type=Path)
        parser.add_argument("--items", type=Path, action="append", default=[])
        parser.add_argument("--only", type=Path, help="a file of ids to keep to")
        parser.add_argument("--out", type=Path, help="a folder for the report")
        parser.add_argument("--note", default="", help="what was fitted on what")

    def handle(self, *args: Any, **options: Any) -> None:
        """Score every answer and compare."""
        rubrics = {k: v.rubric for k, v in bundled_items().items() if v.criteria}
        try:
            for path in options["items"]:
                rubrics.update(rubrics_from_lines(path.read_text("utf-8")))
            lines = options["labelled"].read_text("utf-8").splitlines()
            entries = [json.loads(line) for line in lines if line.strip()]
            if options["only"]:
                wanted = set(options["only"].read_text("utf-8").split())
                entries = [entry for entry in entries if entry["id"] in wanted]
            tried = [_with_rubric(entry, rubrics, k) for k, entry in enumerate(entries)]
        except (OSError, ValueError, KeyError, RubricError) as error:
            raise CommandError(str(error)) from error
        grader = load_grader()
        pairs, milliseconds = _scored(grader, tried)
        if not pairs:
            raise CommandError("there is nothing to measure")
        figures = figures_of(pairs)
        figures["without_signals"] = without_each_signal(pairs, grader.calibration)
        figures["milliseconds_per_answer_median"] = milliseconds
        figures["grader"] = dict(grader.identity)
        figures["note"] = options["note"]
        figures["made"] = f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}"
        text = as_text(f"Grader on {options['labelled'].name}", figures)
        self.stdout.write(text)
        if options["out"]:
            _write(options["out"], text, figures, pairs)


Tried = tuple[Mapping[str, Any], Rubric]


def _with_rubric(
    entry: Mapping[str, Any], rubrics: Mapping[str, Rubric], number: int
) -> Tried:
    """Give an entry with what it is scored by."""
    if "question_id" in entry:
        answer = short_answer_from(entry)
        return entry_of(as_labelled(answer, number)), rubric_of(answer)
    if entry["item"] not in rubrics:
        raise CommandError(f"{entry['id']}: there is no item {entry['item']!r}")
    return entry, rubrics[entry["item"]]


def _scored(grader: Grader, tried: Sequence[Tried]) -> tuple[list[Pair], float]:
    """Score; answers that cannot be scored (no words) are left out."""
    pairs: list[Pair] = []
    times: list[float] = []
    for entry, rubric in tried:
        began = time.perf_counter()
        try:
            pairs.append((entry, grader.score(rubric, entry["answer"])))
        except UngradableError:
            continue
        times.append(1000 * (time.perf_counter() - began))
    return pairs, round(sorted(times)[len(times) // 2], 1) if times else 0.0


def _write(
    folder: Path, text: str, figures: Mapping[str, Any], pairs: Sequence[Pair]
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.txt").write_text(text + "\n", "utf-8")
    (folder / "report.json").write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    points = [(float(entry["score"]), score.value) for entry, score in pairs]
    (folder / "scores.svg").write_text(scatter_plot(points), "utf-8")
    found = agreement.reliability(*credits_and_points(pairs))
    (folder / "reliability.svg").write_text(reliability_plot(found), "utf-8")
