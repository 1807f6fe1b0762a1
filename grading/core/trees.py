"""Boosted regression trees (Friedman 2001), read one row at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
LEAF = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Trees:
    """The trees of some outputs, their nodes in one row.

    Attributes:
        roots: (outputs, trees) the first node of each tree.
        feature: (nodes,) which feature a node looks at; ``LEAF`` at the end.
        threshold: (nodes,) a value of at most this goes left.
        left: (nodes,) the node that follows then, right: otherwise.
        value: (nodes,) what a leaf adds to its output.
    """

    roots: Places
    feature: Places
    threshold: Numbers
    left: Places
    right: Places
    value: Numbers

    def __call__(self, row: Numbers) -> Numbers:
        """Give (outputs,) log odds of (features,)."""
        at = self.roots
        while (inner := self.feature[at] != LEAF).any():
            goes_left = row[self.feature[at]] <= self.threshold[at]
            at = np.where(inner, np.where(goes_left, self.left[at], self.right[at]), at)
        total: Numbers = self.value[at].sum(axis=1)
        return total


def trees_from(data: Mapping[str, Any], *, outputs: int, features: int) -> Trees:
    """Read stored trees.

    Args:
        data: The parts by name.
        outputs: How many the trees must have.
        features: How many a row will have.

    Raises:
        KeyError: A part is absent.
        ValueError: The parts do not fit together.
    """
    trees = Trees(
        roots=np.array(data["roots"], dtype=np.int64),
        feature=np.array(data["feature"], dtype=np.int64),
        threshold=np.array(data["threshold"], dtype=np.float64),
        left=np.array(data["left"], dtype=np.int64),
        right=np.array(data["right"], dtype=np.int64),
        value=np.array(data["value"], dtype=np.float64),
    )
    nodes = len(trees.feature)
    parts = (trees.threshold, trees.left, trees.right, trees.value)
    if any(len(part) != nodes for part in parts) or nodes == 0:
        raise ValueError("the trees are not whole")
    # A node comes before those that follow it, so that no walk goes in a circle.
    inner = np.flatnonzero(trees.feature != LEAF)
    whole = (
        trees.roots.ndim == 2
        and len(trees.roots) == outputs
        and _within(trees.roots, nodes)
        and _within(trees.feature[inner], features)
        and _within(trees.left[inner], nodes)
        and _within(trees.right[inner], nodes)
        and (np.minimum(trees.left[inner], trees.right[inner]) > inner).all()
    )
    if not whole:
        raise ValueError("the trees are not whole")
    return trees


def _within(places: Places, size: int) -> bool:
    return bool(((places >= 0) & (places < size)).all())
