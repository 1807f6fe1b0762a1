"""Measure the grader on labelled answers and write a report."""

import json
import platform
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from grading.core import agreement
from grading.core.errors import RubricError
from grading.core.plots import reliability_plot, scatter_plot
from grading.core.rubric import Rubric
from grading.core.score import Score
from grading.grader import Grader, load_grader
from grading.item_lines import rubrics_from_lines
from questions.content_files import bundled_items

GAMES = {"keyword-stuffing", "off-topic", "wrong", "prompt-echo", "hedged-to-nothing"}
PASSED_OFF, STRONG_FROM = 30.0, 60.0
SURE_SHARE = 0.8

Pair = tuple[Mapping[str, Any], Score]


class Command(BaseCommand):
    """Lines ``{"id", "item", "category", "answer", "points", "score"}`` in, a report out."""

    help = "Measure the grader on a labelled file and write text, JSON and SVG."
    requires_system_checks: list[str] = []  # noqa: RUF012 - as Django types it

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the labelled file, rubrics that are not bundled, and where to write."""
        parser.add_argument("labelled", type=Path)
        parser.add_argument("--items", type=Path, action="append", default=[])
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
        except (OSError, ValueError, RubricError) as error:
            raise CommandError(str(error)) from error
        grader = load_grader()
        pairs, milliseconds = _scored(grader, rubrics, entries)
        figures = figures_of(pairs)
        figures["milliseconds_per_answer_median"] = milliseconds
        figures["grader"] = dict(grader.identity)
        figures["note"] = options["note"]
        figures["made"] = f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}"
        text = as_text(options["labelled"].name, figures)
        self.stdout.write(text)
        if options["out"]:
            _write(options["out"], text, figures, pairs)


def _scored(
    grader: Grader, rubrics: Mapping[str, Rubric], entries: Sequence[Mapping[str, Any]]
) -> tuple[list[Pair], float]:
    pairs: list[Pair] = []
    times: list[float] = []
    for entry in entries:
        if entry["item"] not in rubrics:
            raise CommandError(f"{entry['id']}: there is no item {entry['item']!r}")
        began = time.perf_counter()
        pairs.append((entry, grader.score(rubrics[entry["item"]], entry["answer"])))
        times.append(1000 * (time.perf_counter() - began))
    return pairs, round(sorted(times)[len(times) // 2], 1)


def figures_of(pairs: Sequence[Pair]) -> dict[str, Any]:
    """Give every measure of scored, labelled answers."""
    scores = [score.value for _, score in pairs]
    labels = [float(entry["score"]) for entry, _ in pairs]
    credits, points = _criteria(pairs)
    clear = [k for k, point in enumerate(points) if point != 0.5]
    sure = sorted(range(len(pairs)), key=lambda k: -pairs[k][1].confidence)
    sure = sure[: max(1, round(SURE_SHARE * len(sure)))]
    games = [s.value for e, s in pairs if e.get("category") in GAMES]
    strong = [s.value for e, s in pairs if str(e.get("category")).startswith("strong")]
    return {
        "answers": len(pairs),
        "pearson": round(agreement.pearson(scores, labels), 3),
        "kappa": round(agreement.weighted_kappa(scores, labels), 3),
        "mean_error": round(agreement.mean_error(scores, labels), 1),
        "bias": round(sum(scores) / len(scores) - sum(labels) / len(labels), 1),
        "criterion_auc": round(
            agreement.auc([credits[k] for k in clear], [points[k] == 1 for k in clear]),
            3,
        ),
        "calibration_error": round(agreement.calibration_error(credits, points), 3),
        "kappa_of_the_surest_four_fifths": round(
            agreement.weighted_kappa(
                [scores[k] for k in sure], [labels[k] for k in sure]
            ),
            3,
        ),
        "games_over_30": f"{sum(g > PASSED_OFF for g in games)} of {len(games)}",
        "strong_under_60": f"{sum(s < STRONG_FROM for s in strong)} of {len(strong)}",
        "by_category": _groups(pairs, "category"),
        "by_item": _groups(pairs, "item"),
        "findings": _confusion(pairs),
        "signal_auc": _signal_auc(pairs),
    }


def _criteria(pairs: Iterable[Pair]) -> tuple[list[float], list[float]]:
    credits, points = [], []
    for entry, score in pairs:
        for criterion in score.criteria:
            if criterion.id in entry["points"]:
                credits.append(criterion.probability)
                points.append(float(entry["points"][criterion.id]))
    return credits, points


def _groups(pairs: Iterable[Pair], field: str) -> dict[str, dict[str, float]]:
    groups: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for entry, score in pairs:
        groups[str(entry.get(field, ""))].append((score.value, float(entry["score"])))
    return {
        name: {
            "answers": len(rows),
            "score": round(sum(s for s, _ in rows) / len(rows), 1),
            "label": round(sum(y for _, y in rows) / len(rows), 1),
            "mean_error": round(sum(abs(s - y) for s, y in rows) / len(rows), 1),
        }
        for name, rows in sorted(groups.items())
    }


def _confusion(pairs: Iterable[Pair]) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for entry, score in pairs:
        for criterion in score.criteria:
            if criterion.id in entry["points"]:
                row = counts.setdefault(f"label {entry['points'][criterion.id]:g}", {})
                name = criterion.finding.value
                row[name] = row.get(name, 0) + 1
    return dict(sorted(counts.items()))


def _signal_auc(pairs: Iterable[Pair]) -> dict[str, float]:
    """Say how well each signal alone tells points that are made from those that are not."""
    values: dict[str, list[float]] = defaultdict(list)
    made: list[bool] = []
    for entry, score in pairs:
        for criterion in score.criteria:
            point = entry["points"].get(criterion.id, 0.5)
            if point == 0.5:
                continue
            made.append(point == 1)
            for name, value in criterion.signals.items():
                values[name].append(value)
    return {name: round(agreement.auc(v, made), 3) for name, v in values.items()}


def as_text(name: str, figures: Mapping[str, Any]) -> str:
    """Give the report as plain text."""
    lines = [f"Grader on {name} ({figures['made']})"]
    if figures["note"]:
        lines.append(str(figures["note"]))
    for key, value in figures.items():
        if not isinstance(value, dict) and key not in {"made", "note"}:
            lines.append(f"  {key.replace('_', ' '):34} {value}")
    for key in ("by_category", "by_item", "findings", "signal_auc", "grader"):
        lines.append(key.replace("_", " "))
        for name_, row in figures[key].items():
            said = row
            if isinstance(row, dict):
                said = "  ".join(f"{k} {v}" for k, v in row.items())
            lines.append(f"  {name_:34} {said}")
    return "\n".join(lines)


def _write(
    folder: Path, text: str, figures: Mapping[str, Any], pairs: Sequence[Pair]
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.txt").write_text(text + "\n", "utf-8")
    (folder / "report.json").write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    points = [(float(entry["score"]), score.value) for entry, score in pairs]
    (folder / "scores.svg").write_text(scatter_plot(points), "utf-8")
    found = agreement.reliability(*_criteria(pairs))
    (folder / "reliability.svg").write_text(reliability_plot(found), "utf-8")
