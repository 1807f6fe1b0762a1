"""What to practise next, from how things stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from grading.core.bands import Band, band_of

WEAK_BANDS = (Band.LITTLE, Band.WEAK, Band.MIDDLING)


class Stand(StrEnum):
    """How one item stands with one candidate."""

    NEW = "new"
    WAITING = "waiting"
    WEAK = "weak"
    FAIR = "fair"
    STRONG = "strong"


def stand_of(*, submissions: int, last: float | None) -> Stand:
    """Give the stand of an item: the newest score decides, not the best.

    Args:
        submissions: Answers sent so far.
        last: The newest score; None while there is none.
    """
    if submissions == 0:
        return Stand.NEW
    if last is None:
        return Stand.WAITING
    band = band_of(last)
    if band in WEAK_BANDS:
        return Stand.WEAK
    return Stand.STRONG if band is Band.STRONG else Stand.FAIR


@dataclass(frozen=True, slots=True, kw_only=True)
class Practised:
    """One item in the course's order, as far as choosing the next one needs it."""

    submissions: int
    last: float | None


def next_up(items: Sequence[Practised], *, most: int) -> tuple[int, ...]:
    """Choose what to do next, as places in ``items``.

    What went worst comes first, then what was never tried, in the course's order;
    strong items are left alone.
    """
    weak = [
        (item.last, place)
        for place, item in enumerate(items)
        if item.last is not None
        and stand_of(submissions=item.submissions, last=item.last) is not Stand.STRONG
    ]
    worst = [place for _, place in sorted(weak)]
    new = [place for place, item in enumerate(items) if item.submissions == 0]
    # Half and half: only repeating what went badly is no fun and no course.
    first = worst[: max(most - len(new), (most + 1) // 2)]
    return tuple([*first, *new][:most])
