"""Score answers from lines of JSON, without a server or a database."""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from grading.core.errors import RubricError, UngradableError
from grading.core.rubric import Rubric
from grading.core.score import Score
from grading.grader import load_grader
from grading.item_lines import rubrics_from_lines
from questions.content_files import bundled_items


class Command(BaseCommand):
    """Lines ``{"id", "item", "answer"}`` in, scored lines out, in the same order."""

    help = "Score answers: score_answers < lines.jsonl > scored.jsonl"
    requires_system_checks: list[str] = []  # noqa: RUF012 - as Django types it

    def add_arguments(self, parser: CommandParser) -> None:
        """Take files of items that are not bundled."""
        parser.add_argument(
            "--items",
            type=Path,
            action="append",
            default=[],
            help="lines of items with rubrics: slug, asks, points: [{id, says, ...}]",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Score every line; a line that cannot be scored says why and is kept."""
        rubrics = {k: v.rubric for k, v in bundled_items().items() if v.criteria}
        for path in options["items"]:
            rubrics.update(self._items(path))
        grader = load_grader()
        for number, line in _lines(sys.stdin.buffer):
            entry = self._entry(number, line)
            rubric = rubrics.get(entry["item"])
            if rubric is None:
                raise CommandError(f"line {number}: there is no item {entry['item']!r}")
            try:
                scored = as_line(entry["id"], grader.score(rubric, entry["answer"]))
            except UngradableError as error:
                scored = {
                    "id": entry["id"],
                    "error": {"code": error.code, "message": str(error)},
                }
            self.stdout.write(json.dumps(scored, ensure_ascii=False))

    def _items(self, path: Path) -> Mapping[str, Rubric]:
        try:
            return rubrics_from_lines(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{path} cannot be read: {error}") from error
        except RubricError as error:
            raise CommandError(f"{path}: {error}") from error

    def _entry(self, number: int, line: bytes) -> dict[str, Any]:
        try:
            entry = json.loads(line)
        except ValueError as error:
            raise CommandError(
                f"line {number} is not JSON in UTF-8: {error}"
            ) from error
        if not isinstance(entry, dict):
            raise CommandError(f"line {number} is not an object")
        for field in ("id", "item", "answer"):
            if field not in entry:
                raise CommandError(f"line {number} has no {field!r}")
        if not isinstance(entry["answer"], str) or not isinstance(entry["item"], str):
            raise CommandError(f"line {number}: item and answer are texts")
        return entry


def _lines(source: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    for number, line in enumerate(source, 1):
        if line.strip():
            yield number, line


def as_line(name: Any, score: Score) -> dict[str, Any]:
    """Give a score as the line that is written."""
    return {
        "id": name,
        "score": score.value,
        "points": {c.id: c.probability for c in score.criteria},
        "findings": {c.id: c.finding.value for c in score.criteria},
        "evidence": {
            c.id: sorted(
                {(e.span.start, e.span.end) for e in c.evidence if e.signal == "judge"}
            )
            for c in score.criteria
        },
        "confidence": score.confidence,
    }
