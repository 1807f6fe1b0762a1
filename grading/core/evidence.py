"""Where in an answer something was found, by which signal and how strongly."""

from dataclasses import dataclass
from enum import StrEnum


class Signal(StrEnum):
    """What led to a piece of evidence."""

    KEYWORD = "keyword"
    REFERENCE = "reference"
    MISCONCEPTION = "misconception"
    JUDGE = "judge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of the answer as it was sent, in code points, end excluded."""

    start: int
    end: int

    def __post_init__(self) -> None:
        """Refuse a stretch that holds nothing."""
        if not 0 <= self.start < self.end:
            raise ValueError(f"span {self.start}:{self.end} holds no characters")

    def overlaps(self, other: "Span") -> bool:
        """Whether the two stretches share at least one character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Words of the answer that led to a finding.

    Attributes:
        span: Where they are.
        signal: What noticed them.
        strength: How strongly, 0 to 1.
    """

    span: Span
    signal: Signal
    strength: float
