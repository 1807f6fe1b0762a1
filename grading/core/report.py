"""How well scored answers agree with their labels: every figure of a report."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from grading.core import agreement
from grading.core.calibration import Calibration
from grading.core.evidence import Signal
from grading.core.finding import Finding
from grading.core.score import Score
from grading.core.weigh import decided_again

GAMES = frozenset(
    ["keyword-stuffing", "off-topic", "wrong", "prompt-echo", "hedged-to-nothing"]
)
PASSED_OFF, STRONG_FROM = 30.0, 60.0
SURE_SHARE = 0.8
SIGNAL_GROUPS: Mapping[str, frozenset[str]] = {
    "judge": frozenset(
        [
            "judge_missing",
            "judge_partly",
            "judge_met",
            "judge_contradicted",
            "points_nowhere",
            "points_there",
            "silent_elsewhere",
            # Measured where the judge looked.
            "reference_there",
            "margin_there",
            "negated",
            "keywords_sentence",
        ]
    ),
    "close reader": frozenset(
        ["close_missing", "close_partly", "close_met", "close_contradicted"]
    ),
    "embeddings": frozenset(
        [
            "reference",
            "misconception",
            "margin",
            "reference_there",
            "margin_there",
            "statement",
        ]
    ),
    "keywords": frozenset(
        [
            "keywords_sentence",
            "keywords_answer",
            "negated",
            "overlap",
            "used",
            "covered",
            "in_order",
        ]
    ),
    "manner": frozenset(["prose", "density", "listing"]),
}

# A labelled answer: id, item, category, answer, points, score, and where known
# evidence {criterion: quote} and contradicted [criterion].
Pair = tuple[Mapping[str, Any], Score]


def figures_of(pairs: Sequence[Pair]) -> dict[str, Any]:
    """Give every measure of scored, labelled answers; at least one."""
    scores = [score.value for _, score in pairs]
    labels = [float(entry["score"]) for entry, _ in pairs]
    credits, points = credits_and_points(pairs)
    clear = [k for k, point in enumerate(points) if point != 0.5]
    sure = sorted(range(len(pairs)), key=lambda k: -pairs[k][1].confidence)
    sure = sure[: max(1, round(SURE_SHARE * len(sure)))]
    passed = [s.value for e, s in pairs if _is_game(e)]
    strong = [s.value for e, s in pairs if str(e.get("category")).startswith("strong")]
    return {
        "answers": len(pairs),
        "pearson": round(agreement.pearson(scores, labels), 3),
        "kappa": round(agreement.weighted_kappa(scores, labels), 3),
        "mean_error": round(agreement.mean_error(scores, labels), 1),
        "bias": round(sum(scores) / len(scores) - sum(labels) / len(labels), 1),
        "criterion_auc": _auc(
            [credits[k] for k in clear], [points[k] == 1 for k in clear]
        ),
        "calibration_error": round(agreement.calibration_error(credits, points), 3),
        "kappa_of_the_surest_four_fifths": round(
            agreement.weighted_kappa(
                [scores[k] for k in sure], [labels[k] for k in sure]
            ),
            3,
        ),
        "games_over_30": f"{sum(g > PASSED_OFF for g in passed)} of {len(passed)}",
        "strong_under_60": f"{sum(s < STRONG_FROM for s in strong)} of {len(strong)}",
        "evidence_overlap": _evidence_overlap(pairs),
        "correct_over_contradictory_auc": _contradictory(pairs),
        "by_category": _groups(pairs, "category"),
        "by_item": _groups(pairs, "item"),
        "findings": _confusion(pairs),
        "signal_auc": _signal_auc(pairs),
    }


def without_each_signal(
    pairs: Sequence[Pair], calibration: Calibration
) -> dict[str, dict[str, float]]:
    """Say what agreement is left when a group of signals that there are says nothing."""
    known = {name for _, s in pairs for c in s.criteria for name in c.signals}
    found = {}
    for name, signals in SIGNAL_GROUPS.items():
        if not signals & known:
            continue
        again = [
            (entry, decided_again(score, calibration, signals))
            for entry, score in pairs
        ]
        scores = [score.value for _, score in again]
        labels = [float(entry["score"]) for entry, _ in again]
        found[f"without {name}"] = {
            "pearson": round(agreement.pearson(scores, labels), 3),
            "kappa": round(agreement.weighted_kappa(scores, labels), 3),
            "mean_error": round(agreement.mean_error(scores, labels), 1),
        }
    return found


def credits_and_points(pairs: Iterable[Pair]) -> tuple[list[float], list[float]]:
    """Give the credit of every labelled criterion, and its label."""
    credits, points = [], []
    for entry, score in pairs:
        for criterion in score.criteria:
            if criterion.id in entry["points"]:
                credits.append(criterion.probability)
                points.append(float(entry["points"][criterion.id]))
    return credits, points


def _is_game(entry: Mapping[str, Any]) -> bool:
    category = str(entry.get("category"))
    return category in GAMES or category.startswith("game")


def _evidence_overlap(pairs: Iterable[Pair]) -> str:
    """Count marked criteria whose shown sentence overlaps the marked words."""
    right = total = 0
    for entry, score in pairs:
        for criterion in score.criteria:
            quote = (entry.get("evidence") or {}).get(criterion.id)
            if not quote or criterion.finding is Finding.MISSING:
                continue
            start = entry["answer"].find(quote)
            shown = [e.span for e in criterion.evidence if e.signal is Signal.JUDGE]
            total += 1
            right += any(s.start < start + len(quote) and start < s.end for s in shown)
    return f"{right} of {total}"


def _contradictory(pairs: Iterable[Pair]) -> float | None:
    """Say how often a correct answer ranks above a contradictory one; None without."""
    own = [(s.value, e.get("category")) for e, s in pairs]
    own = [pair for pair in own if pair[1] in {"correct", "contradictory"}]
    if len({category for _, category in own}) < 2:
        return None
    return _auc([v for v, _ in own], [c == "correct" for _, c in own])


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
                label = f"label {entry['points'][criterion.id]:g}"
                if criterion.id in (entry.get("contradicted") or ()):
                    label = "label contradicted"
                row = counts.setdefault(label, {})
                name = criterion.finding.value
                row[name] = row.get(name, 0) + 1
    return dict(sorted(counts.items()))


def _auc(values: Sequence[float], yes: Sequence[bool]) -> float | None:
    found = agreement.auc(values, yes)
    return None if found is None else round(found, 3)


def _signal_auc(pairs: Iterable[Pair]) -> dict[str, float | None]:
    """Say how well each signal alone tells points that are made from those that are not."""
    values: dict[str, list[float]] = defaultdict(list)
    made: dict[str, list[bool]] = defaultdict(list)  # not every criterion has them all
    for entry, score in pairs:
        for criterion in score.criteria:
            point = entry["points"].get(criterion.id, 0.5)
            if point == 0.5:
                continue
            for name, value in criterion.signals.items():
                values[name].append(value)
                made[name].append(point == 1)
    return {name: _auc(v, made[name]) for name, v in values.items()}


TABLES = (
    "by_category",
    "by_item",
    "findings",
    "without_signals",
    "signal_auc",
    "grader",
)


def as_text(title: str, figures: Mapping[str, Any]) -> str:
    """Give figures as plain text."""
    lines = [title]
    for key, value in figures.items():
        if not isinstance(value, dict):
            lines.append(f"  {key.replace('_', ' '):34} {value}")
    for key in TABLES:
        if key not in figures:
            continue
        lines.append(key.replace("_", " "))
        for name, row in figures[key].items():
            said = row
            if isinstance(row, dict):
                said = "  ".join(f"{k} {v}" for k, v in row.items())
            lines.append(f"  {name:34} {said}")
    return "\n".join(lines)
