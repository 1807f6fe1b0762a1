"""Every text that is learned from, with what the frozen lower layers make of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from grading.core.errors import ModelIntegrityError
from grading.core.similarity import Vectors
from grading.core.text import normalise
from grading.encoder import SentenceEncoder

AT_A_TIME = 256  # texts


@cache  # every pass reads the same texts again
def plain(text: str) -> str:
    """Give a text as the grader reads it."""
    return normalise(text).text


@dataclass(slots=True)
class TextTable:
    """Token states and vectors by text; worked out once, kept in half precision."""

    encoder: SentenceEncoder
    rows: dict[str, int] = field(default_factory=dict)
    states: list[npt.NDArray[np.float16]] = field(default_factory=list)
    vectors: list[Vectors] = field(default_factory=list)

    def add(self, texts: Iterable[str]) -> None:
        """Work out the texts that are new."""
        new = sorted(
            {text for text in texts if text not in self.rows},
            key=lambda text: (len(text), text),
        )
        for at in range(0, len(new), AT_A_TIME):
            batch = new[at : at + AT_A_TIME]
            read = self.encoder.read(batch)
            for text, states, vector in zip(
                batch, read.states, read.vectors, strict=True
            ):
                self.rows[text] = len(self.states)
                self.states.append(states.astype(np.float16))
                self.vectors.append(vector)

    def row(self, text: str) -> int:
        """Give a text's row."""
        return self.rows[text]

    def cosines(self, texts: Sequence[int], to: Sequence[int]) -> Vectors:
        """Give (texts, to) cosines of texts by row."""
        left = np.stack([self.vectors[k] for k in texts])
        right = np.stack([self.vectors[k] for k in to])
        cosines: Vectors = left @ right.T
        return cosines

    def nearest(self, texts: Sequence[int], to: Sequence[int]) -> int:
        """Give the position in ``texts`` of what is nearest to any of ``to``."""
        return int(self.cosines(texts, to).max(axis=1).argmax())

    def save(self, path: Path) -> None:
        """Keep the table for another run."""
        lengths = np.array([len(states) for states in self.states])
        part = path.with_suffix(".part.npz")
        np.savez(
            part, texts=np.array(list(self.rows)), lengths=lengths,
            states=np.concatenate(self.states), vectors=np.stack(self.vectors),
            encoder=np.array(self.encoder.mark),
        )  # fmt: skip
        part.replace(path)

    def load(self, path: Path) -> None:
        """Take over a kept table."""
        kept = np.load(path)
        if str(kept.get("encoder")) != self.encoder.mark:
            raise ModelIntegrityError(f"{path.name} was made with another encoder")
        self.rows = {str(text): k for k, text in enumerate(kept["texts"])}
        self.states = list(np.split(kept["states"], np.cumsum(kept["lengths"])[:-1]))
        self.vectors = list(kept["vectors"])
