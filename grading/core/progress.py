"""How scores went over time: sums over scored answers, no rows and no clock."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemProgress:
    """How one item went, first to last.

    Attributes:
        item: The item's slug.
        submissions: Scored answers.
        first: The score of the first.
        best: The highest score.
        last: The score of the newest.
    """

    item: str
    submissions: int
    first: float
    best: float
    last: float


def progress_by_item(scored: Iterable[tuple[str, float]]) -> tuple[ItemProgress, ...]:
    """Give a line for each item, in the order in which they were first answered.

    Args:
        scored: Item slug and score of every scored answer, oldest first.
    """
    scores: dict[str, list[float]] = {}
    for item, score in scored:
        scores.setdefault(item, []).append(score)
    return tuple(
        ItemProgress(
            item=item,
            submissions=len(values),
            first=values[0],
            best=max(values),
            last=values[-1],
        )
        for item, values in scores.items()
    )
