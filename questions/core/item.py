"""Authored content as values: modules, sections, items."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from grading.core.rubric import Criterion, Rubric


class ItemKind(StrEnum):
    """What a candidate does with an item."""

    CONCEPT = "concept"
    CHECKPOINT = "checkpoint"
    PRODUCTION_PROMPT = "production-prompt"
    CODE_LAB = "code-lab"
    TEST_LAB = "test-lab"

    @property
    def is_lab(self) -> bool:
        """Say whether the answer is code that is run."""
        return self in {ItemKind.CODE_LAB, ItemKind.TEST_LAB}


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a module with its text (Markdown)."""

    slug: str
    title: str
    reading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing to answer, as authored.

    Attributes:
        asks: The question as plain text.
        prompt: A longer statement in Markdown; empty where ``asks`` says it all.
        model_answer: Markdown; hidden until the candidate has submitted.
        minutes: A fair time to answer.
        criteria: Empty for labs.
        lab_files: File name to text for labs, else empty.
    """

    slug: str
    section: str
    kind: ItemKind
    title: str
    asks: str
    prompt: str
    model_answer: str
    minutes: int
    criteria: tuple[Criterion, ...] = ()
    lab_files: Mapping[str, str] = field(default_factory=dict)

    @property
    def rubric(self) -> Rubric:
        """Give what answers are judged by; labs have none.

        Raises:
            RubricError: The item is a lab.
        """
        return Rubric(title=self.title, asks=self.asks, criteria=self.criteria)


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseModule:
    """A course module: its sections in order and its items in order."""

    slug: str
    title: str
    position: int
    summary: str
    sections: tuple[Section, ...]
    items: tuple[Item, ...]
