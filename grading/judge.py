"""The learned judge: compares sentences with criteria by their vectors.

Its weights are a few hundred kilobytes, checked by hash, loaded once.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file

from grading.core.errors import ModelIntegrityError
from grading.core.pairs import Pairs, Wordings
from grading.core.similarity import Vectors
from grading.core.weigh import JudgeSays
from grading.encoder import DIMENSIONS, sha256_of

WEIGHTS = Path(__file__).parent / "weights" / "judge.safetensors"
HASH_FILE = WEIGHTS.with_suffix(".sha256")
SHARPNESS = 2.0  # of the soft maximum over sentences; the judge was trained with it

Numbers = npt.NDArray[np.float64]


def checked_judge() -> str:
    """Give the hash of the judge's weights after it was found right.

    Raises:
        ModelIntegrityError: Absent, or other weights than were measured.
    """
    found = sha256_of(WEIGHTS)
    try:
        wanted = HASH_FILE.read_text("ascii").split()[0]
    except (OSError, IndexError) as error:
        raise ModelIntegrityError(f"{HASH_FILE.name} cannot be read") from error
    if found != wanted:
        raise ModelIntegrityError(f"{WEIGHTS.name} has SHA-256 {found}")
    return found


class Judge:
    """A network of three layers, worked out in numpy; see ``grading/head.py``."""

    def __init__(self, weights: Path = WEIGHTS) -> None:
        """Load the weights."""
        state = {k: v.astype(np.float64) for k, v in load_file(weights).items()}
        self._state = state

    def read(
        self,
        wordings: Sequence[Wordings],
        pairs: Sequence[Pairs],
        vectors: Vectors,
    ) -> JudgeSays:
        """Judge the sentences of one answer against every criterion.

        Args:
            wordings: One for each criterion.
            pairs: One for each criterion, over the same sentences.
            vectors: (sentences, 384), at least one row.
        """
        chances = []
        classes = []
        for own, paired in zip(wordings, pairs, strict=True):
            logits = self._logits(own, paired, vectors.astype(np.float64))
            chances.append(_softmax(logits))
            classes.append(_pooled(logits))
        told = np.stack(chances)
        return JudgeSays(
            classes=np.stack(classes), supports=told[..., 1], contradicts=told[..., 2]
        )

    def _logits(self, own: Wordings, paired: Pairs, sentence: Numbers) -> Numbers:
        """Give (sentences, 3): none, supports, contradicts."""
        state = self._state
        says = np.broadcast_to(own.right_vectors[0], sentence.shape)
        right = own.right_vectors[paired.right]
        wrong = np.zeros_like(sentence)
        known = paired.wrong >= 0
        if known.any():
            wrong[known] = own.wrong_vectors[paired.wrong[known]]
        scale = 4 * DIMENSIONS**0.5
        wide = np.concatenate(
            [
                part
                for other in (says, right, wrong)
                for part in (sentence * other * scale, np.abs(sentence - other) * 4)
            ],
            axis=1,
        )
        numbers = (paired.numbers - state["mean"]) / state["scale"]
        first = np.maximum(
            wide @ state["wide.weight"].T
            + state["wide.bias"]
            + numbers @ state["plain.weight"].T
            + state["plain.bias"],
            0,
        )
        second = (
            np.maximum(first @ state["deep.weight"].T + state["deep.bias"], 0) + first
        )
        logits: Numbers = second @ state["out.weight"].T + state["out.bias"]
        return logits


def _softmax(logits: Numbers) -> Numbers:
    shares = np.exp(logits - logits.max(axis=-1, keepdims=True))
    result: Numbers = shares / shares.sum(axis=-1, keepdims=True)
    return result


def _pooled(logits: Numbers) -> Numbers:
    """Give (3,): chance that the answer says nothing of it, makes it, contradicts it."""
    claims = np.minimum((logits - logits[:, :1])[:, 1:] * SHARPNESS, 40)
    strength = np.log(np.exp(claims).sum(axis=0) + 1e-9) / SHARPNESS
    return _softmax(np.concatenate([[0.0], strength]))
