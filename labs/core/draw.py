"""Inputs drawn from a seed: the same seed gives the same inputs, on any machine."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from labs.core.spec import Draw

STEPS = 1000  # a drawn real number is one of this many between its bounds
T = TypeVar("T")


class Chance:
    """A stream of numbers from a seed (SHA-256 in counter mode)."""

    def __init__(self, *seed: object) -> None:
        self._seed = "/".join(map(str, seed)).encode()
        self._count = 0

    def below(self, limit: int) -> int:
        """Give a whole number from 0 to below the limit."""
        self._count += 1
        digest = hashlib.sha256(self._seed + b"#%d" % self._count).digest()
        return int.from_bytes(digest[:16], "big") % limit

    def shuffled(self, entries: Sequence[T]) -> list[T]:
        """Give the entries in an order of chance."""
        order = list(entries)
        for end in range(len(order) - 1, 0, -1):
            at = self.below(end + 1)
            order[end], order[at] = order[at], order[end]
        return order


def draw_arguments(draws: Mapping[str, Draw], chance: Chance) -> dict[str, Any]:
    """Draw one set of arguments."""
    return {name: _draw(draw, chance) for name, draw in draws.items()}


def _draw(draw: Draw, chance: Chance) -> Any:
    if draw.kind == "choice":
        return draw.values[chance.below(len(draw.values))]
    low, high = draw.values
    if draw.kind == "int":
        return low + chance.below(high - low + 1)
    return low + (high - low) * chance.below(STEPS + 1) / STEPS
