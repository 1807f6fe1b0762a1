"""How near an answer's sentences are to a criterion's reference sentences."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]


class Encoder(Protocol):
    """Turns sentences into vectors."""

    def encode(self, sentences: list[str]) -> Vectors:
        """Give (sentences, dimensions) float32, each row of length 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearness:
    """The nearest sentence of an answer to one criterion.

    Attributes:
        reference: Cosine of the nearest sentence to a right wording, -1 to 1.
        misconception: Cosine of the nearest sentence to a wrong one.
        margin: How much nearer that first sentence is to right than to wrong.
        sentence: Index of the sentence nearest to a right wording, -1 for none.
        wrong_sentence: Index of the one nearest to a wrong wording, -1 for none.
        by_sentence: (sentences,) cosine of each sentence to the nearest right wording.
        wrong_by_sentence: (sentences,) the same for wrong wordings.
    """

    reference: float
    misconception: float
    margin: float
    sentence: int
    wrong_sentence: int
    by_sentence: Vectors
    wrong_by_sentence: Vectors


_NONE = np.zeros(0, dtype=np.float32)
NOTHING = Nearness(
    reference=0.0,
    misconception=0.0,
    margin=0.0,
    sentence=-1,
    wrong_sentence=-1,
    by_sentence=_NONE,
    wrong_by_sentence=_NONE,
)


def nearness(answer: Vectors, right: Vectors, wrong: Vectors) -> Nearness:
    """Compare an answer's sentences with a criterion's wordings.

    Args:
        answer: (sentences, dimensions), rows of length 1; may have no rows.
        right: (references and statement, dimensions), at least one row.
        wrong: (misconceptions, dimensions); may have no rows.
    """
    if not len(answer):
        return NOTHING
    to_right = (answer @ right.T).max(axis=1)
    best = int(to_right.argmax())
    if not len(wrong):
        near = float(to_right[best])
        return Nearness(
            reference=near,
            misconception=0.0,
            margin=0.0,
            sentence=best,
            wrong_sentence=-1,
            by_sentence=to_right,
            wrong_by_sentence=np.zeros_like(to_right),
        )
    to_wrong = (answer @ wrong.T).max(axis=1)
    worst = int(to_wrong.argmax())
    return Nearness(
        reference=float(to_right[best]),
        misconception=float(to_wrong[worst]),
        margin=float(to_right[best] - to_wrong[best]),
        sentence=best,
        wrong_sentence=worst,
        by_sentence=to_right,
        wrong_by_sentence=to_wrong,
    )
