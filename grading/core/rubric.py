"""What an answer is judged by: a rubric made of criteria."""

import hashlib
from dataclasses import dataclass

from grading.core.errors import RubricError


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One point that a full answer makes, and what tells it apart.

    Attributes:
        id: Stable within the rubric, e.g. ``memory-bound``.
        says: The point in one sentence.
        weight: Its share of the score relative to the other criteria; above 0.
        keywords: Groups of alternatives: every group needs one of its words.
        references: Sentences that make the point, in different wordings.
        misconceptions: Sentences that state the opposite or a wrong version.
        feedback: One line for a candidate who missed it.
    """

    id: str
    says: str
    weight: float = 1.0
    keywords: tuple[tuple[str, ...], ...] = ()
    references: tuple[str, ...] = ()
    misconceptions: tuple[str, ...] = ()
    feedback: str = ""

    @property
    def fingerprint(self) -> str:
        """The statement in 16 hex digits: another wording is another criterion."""
        return hashlib.sha256(self.says.strip().encode()).hexdigest()[:16]

    def __post_init__(self) -> None:
        """Refuse what no score could be computed from."""
        if not self.id or not self.says.strip():
            raise RubricError(f"criterion {self.id!r} needs an id and a statement")
        if not self.weight > 0:
            raise RubricError(f"criterion {self.id!r} has weight {self.weight}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rubric:
    """The criteria of one item, with the question they belong to.

    Attributes:
        title: The item's short title.
        asks: The question as plain text, as the candidate reads it.
        criteria: At least one, ids unique.
    """

    title: str
    asks: str
    criteria: tuple[Criterion, ...]

    def __post_init__(self) -> None:
        """Refuse an empty rubric and doubled ids."""
        ids = [criterion.id for criterion in self.criteria]
        if not ids:
            raise RubricError("a rubric needs at least one criterion")
        doubled = sorted({name for name in ids if ids.count(name) > 1})
        if doubled:
            raise RubricError(f"criterion ids used twice: {', '.join(doubled)}")

    @property
    def question(self) -> str:
        """What is asked, or the title where nothing is."""
        return self.asks.strip() or self.title

    @property
    def has_one_criterion(self) -> bool:
        """Whether a single fact is asked for, in a sentence."""
        return len(self.criteria) == 1

    @property
    def total_weight(self) -> float:
        """The sum of the weights; always above 0."""
        return sum(criterion.weight for criterion in self.criteria)
