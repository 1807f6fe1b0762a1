"""A claim of an answer and the wording that it is held against."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

States = npt.NDArray[np.floating]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facing:
    """A wording and what an answer says to it, as states of the lower layers.

    Attributes:
        wording: (tokens, 384) a right wording; in training at times another text.
        said: For each sentence (tokens, 384); at least one.
        question: (tokens, 384) the question; None where it is not shown.
    """

    wording: States
    said: Sequence[States]
    question: States | None = None

    @property
    def tokens(self) -> int:
        """How much there is to read."""
        asked = 0 if self.question is None else len(self.question)
        return len(self.wording) + sum(map(len, self.said)) + asked
