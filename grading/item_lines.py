"""Items with rubrics from lines of JSON: training sets, and teams' own rubrics."""

import json
from collections.abc import Mapping
from typing import Any

from grading.core.errors import RubricError
from grading.core.rubric import Criterion, Rubric


def rubrics_from_lines(text: str) -> dict[str, Rubric]:
    """Read lines ``{"slug", "title", "asks", "points": [...]}``.

    Of a point only ``id`` and ``says`` are needed.

    Raises:
        RubricError: Names the line and what is wrong with it.
    """
    rubrics: dict[str, Rubric] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            rubrics[str(entry["slug"])] = rubric_from_entry(entry)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise RubricError(f"line {number}: {error!r}") from error
        except RubricError as error:
            raise RubricError(f"line {number}: {error}") from error
    return rubrics


def rubric_from_entry(entry: Mapping[str, Any]) -> Rubric:
    """Read one item's rubric."""
    points = entry.get("points") or entry.get("criteria") or ()
    return Rubric(
        title=str(entry.get("title") or entry["slug"]),
        asks=str(entry.get("asks") or ""),
        criteria=tuple(_criterion(point) for point in points),
    )


def _criterion(point: Mapping[str, Any]) -> Criterion:
    return Criterion(
        id=str(point["id"]),
        says=str(point["says"]),
        weight=float(point.get("weight") or 1),
        keywords=tuple(
            (group,) if isinstance(group, str) else tuple(str(word) for word in group)
            for group in point.get("keywords") or ()
        ),
        references=tuple(point.get("references") or ()),
        misconceptions=tuple(point.get("misconceptions") or ()),
        feedback=str(point.get("feedback") or ""),
    )
