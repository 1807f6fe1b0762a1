"""Content hashes: the same content is the same version, however it is laid out."""

import hashlib
import json
from typing import Any

from grading.core.rubric import Criterion, Rubric
from questions.core.item import CourseModule, Item


def content_hash(content: Any) -> str:
    """Give the SHA-256 (hex) of a JSON value in canonical form."""
    canonical = json.dumps(
        content, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def module_content(module: CourseModule) -> dict[str, Any]:
    """Give what a module version stores, as JSON."""
    return {
        "title": module.title,
        "summary": module.summary,
        "sections": [
            {"slug": part.slug, "title": part.title, "reading": part.reading}
            for part in module.sections
        ],
    }


def item_content(item: Item) -> dict[str, Any]:
    """Give what an item version stores, as JSON; the rubric is stored apart."""
    return {
        "kind": item.kind.value,
        "title": item.title,
        "asks": item.asks,
        "prompt": item.prompt,
        "model_answer": item.model_answer,
        "minutes": item.minutes,
        "lab_files": dict(item.lab_files),
    }


def criteria_content(item: Item) -> list[dict[str, Any]]:
    """Give what a rubric version stores, as JSON."""
    return [
        {
            "id": criterion.id,
            "says": criterion.says,
            "weight": criterion.weight,
            "keywords": [list(group) for group in criterion.keywords],
            "references": list(criterion.references),
            "misconceptions": list(criterion.misconceptions),
            "feedback": criterion.feedback,
        }
        for criterion in item.criteria
    ]


def rubric_from_content(
    *, title: str, asks: str, criteria: list[dict[str, Any]]
) -> Rubric:
    """Read a stored rubric back; the inverse of :func:`criteria_content`."""
    return Rubric(
        title=title,
        asks=asks,
        criteria=tuple(
            Criterion(
                id=entry["id"],
                says=entry["says"],
                weight=entry["weight"],
                keywords=tuple(tuple(group) for group in entry["keywords"]),
                references=tuple(entry["references"]),
                misconceptions=tuple(entry["misconceptions"]),
                feedback=entry["feedback"],
            )
            for entry in criteria
        ),
    )
