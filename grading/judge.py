"""The learned judge, ready to use: checked by hash, loaded once per process.

It is two networks of the same shape that learned apart. Each errs where the other does
not, so the mean of what they say is nearer to the truth than either
(``docs/decisions/0018-two-judges.md``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from grading.core.signals import JudgeSays
from grading.encoder import matched_hash
from grading.facing import States

WEIGHTS = tuple(
    Path(__file__).parent / "weights" / f"{name}.safetensors"
    for name in ("judge", "second_judge")
)
# A longer answer is read in windows; attention grows with the square of a window.
MOST_SENTENCES, MOST_TOKENS = 40, 700


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the judge is shown of one criterion, as states of the lower layers.

    Attributes:
        says: (tokens, 384) its statement.
        reference: (tokens, 384) the right wording nearest to the answer; None without.
        near: (sentences,) cosine of each sentence of the answer to the nearest right
            wording.
    """

    says: States
    reference: States | None
    near: States


def checked_judge() -> dict[str, str]:
    """Give the hashes of the judge's weights, by name, after they were found right.

    Raises:
        ModelIntegrityError: Absent, or other weights than were measured.
    """
    return {weights.stem: matched_hash(weights) for weights in WEIGHTS}


class Judge:
    """The networks of :mod:`grading.network` with their weights."""

    def __init__(
        self, weights: Sequence[Path] = WEIGHTS, *, rounded: bool = True
    ) -> None:
        """Load the weights.

        Args:
            weights: A file for each network; at least one.
            rounded: Whether layers work in whole numbers of eight bits, as scores do.

        Raises:
            ModelIntegrityError: They are another network's.
        """
        from grading.loading import fill_each
        from grading.network import JudgeNetwork

        self.networks = [JudgeNetwork() for _ in weights]
        fill_each(self.networks, weights, rounded=rounded)

    def read(
        self, question: States, sentences: Sequence[States], criteria: Sequence[Shown]
    ) -> JudgeSays:
        """Judge an answer by every criterion.

        Args:
            question: (tokens, 384) states of the question.
            sentences: For each sentence (tokens, 384); at least one.
            criteria: At least one.
        """
        near = np.stack([shown.near for shown in criteria])
        near -= near.max(axis=1, keepdims=True)  # of the answer, not of the window
        told = []
        at = 0
        for window in windows_of(sentences):
            own = near[:, at : at + len(window)]
            told.append(self._window(question, window, criteria, own))
            at += len(window)
        return told[0] if len(told) == 1 else brought_together(told)

    def _window(
        self,
        question: States,
        sentences: Sequence[States],
        criteria: Sequence[Shown],
        near: States,
    ) -> JudgeSays:
        import torch

        from grading.attention import attention_of_one
        from grading.reading import Part, Role, lay_out

        parts = [Part(question, Role.QUESTION)]
        parts += [Part(states, Role.ANSWER) for states in sentences]
        for shown in criteria:
            parts.append(Part(shown.says, Role.SAYS))
            if shown.reference is not None:
                parts.append(Part(shown.reference, Role.REFERENCE))
        with torch.inference_mode():
            reading = lay_out([parts], [near])
            attend = attention_of_one(reading)
            judged = [network(reading, attend) for network in self.networks]
            odds = torch.stack([j.classes.double().log_softmax(-1) for j in judged])
            shares = torch.stack([j.pointers.double().exp() for j in judged])
            return JudgeSays(
                classes=odds.mean(0).softmax(-1).numpy(),
                pointers=shares.mean(0).numpy(),
            )


def windows_of(sentences: Sequence[States]) -> list[Sequence[States]]:
    """Cut an answer into windows of about equal size, none larger than allowed."""
    tokens = sum(len(states) for states in sentences)
    count = max(-(-len(sentences) // MOST_SENTENCES), -(-tokens // MOST_TOKENS), 1)
    most = -(-len(sentences) // count)
    windows: list[list[States]] = [[]]
    filled = 0
    for states in sentences:
        full = len(windows[-1]) >= most or filled + len(states) > MOST_TOKENS
        if windows[-1] and full:
            windows.append([])
            filled = 0
        windows[-1].append(states)
        filled += len(states)
    return list(windows)


def brought_together(windows: Sequence[JudgeSays]) -> JudgeSays:
    """Take, for each criterion, the window that says most of it."""
    silent = np.stack([window.classes[:, 0] for window in windows])
    best = silent.argmin(axis=0)
    classes = np.stack([windows[k].classes[c] for c, k in enumerate(best)])
    width = sum(window.pointers.shape[1] - 1 for window in windows)
    pointers = np.zeros((len(best), width + 1))
    for c, k in enumerate(best):
        at = sum(window.pointers.shape[1] - 1 for window in windows[:k])
        own = windows[k].pointers[c]
        pointers[c, at : at + len(own) - 1] = own[:-1]
        pointers[c, -1] = own[-1]
    return JudgeSays(classes=classes, pointers=pointers)
