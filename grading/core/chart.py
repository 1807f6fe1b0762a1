"""Where the marks of a progress chart go: scores and times to coordinates."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 720.0
HEIGHT = 240.0
LEFT, RIGHT, TOP, BOTTOM = 40.0, 16.0, 12.0, 28.0  # room for the labels
LEVELS = (0, 20, 40, 60, 80, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One scored answer on the chart; ``index`` is its place in the input."""

    index: int
    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A horizontal line with its score."""

    score: int
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart in the units of its own view box.

    Attributes:
        path: The running mean, as the points of a polyline; empty below two dots.
    """

    width: float
    height: float
    left: float
    right: float
    dots: tuple[Dot, ...]
    levels: tuple[Level, ...]
    path: str


RUNNING = 5  # answers in the running mean: one bad evening should not bend it


def chart_of(scores: Sequence[float]) -> Chart:
    """Lay out scores, oldest first, one step apart.

    Steps, not dates: practice comes in bursts, and dates would put a whole
    evening on one spot.
    """
    room = WIDTH - LEFT - RIGHT
    step = room / max(len(scores) - 1, 1)
    xs = [
        LEFT + (index * step if len(scores) > 1 else room / 2)
        for index in range(len(scores))
    ]
    dots = tuple(
        Dot(index=index, x=round(x, 1), y=_y(score))
        for index, (x, score) in enumerate(zip(xs, scores, strict=True))
    )
    means = [
        sum(scores[max(0, end - RUNNING) : end]) / min(end, RUNNING)
        for end in range(1, len(scores) + 1)
    ]
    points = [f"{dot.x:g},{_y(mean):g}" for dot, mean in zip(dots, means, strict=True)]
    return Chart(
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=WIDTH - RIGHT,
        dots=dots,
        levels=tuple(Level(score=score, y=_y(score)) for score in LEVELS),
        path=" ".join(points) if len(points) > 1 else "",
    )


def _y(score: float) -> float:
    return round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - score / 100), 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMean:
    """How many scores a group holds, and their mean."""

    name: str
    count: int
    mean: float


def means_by(scored: Sequence[tuple[str, float]]) -> tuple[GroupMean, ...]:
    """Give the mean score of each group, in the order in which groups appear."""
    groups: dict[str, list[float]] = {}
    for name, score in scored:
        groups.setdefault(name, []).append(score)
    return tuple(
        GroupMean(name=name, count=len(scores), mean=sum(scores) / len(scores))
        for name, scores in groups.items()
    )
