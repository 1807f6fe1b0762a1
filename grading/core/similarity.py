"""Sentences as vectors: what an encoder gives."""

from typing import Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]


class Encoder(Protocol):
    """Turns sentences into vectors."""

    def encode(self, sentences: list[str]) -> Vectors:
        """Give (sentences, dimensions) float32, each row of length 1."""
