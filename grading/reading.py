"""Lays answers and criteria out as the judge's network reads them.

All tokens of a batch stand in one row without gaps, because most of the work is done
token by token; only attention looks at them as answers and criteria.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

MOST_PLACES = 48  # sentences whose order is told apart; later ones share a place


class Role(IntEnum):
    """What a text is to the judge."""

    QUESTION = 0
    ANSWER = 1
    SAYS = 2
    REFERENCE = 3
    MISCONCEPTION = 4


@dataclass(frozen=True, slots=True)
class Part:
    """One text: the question, a sentence of the answer, or a criterion's wording.

    Attributes:
        states: (tokens, 384) of the encoder's lower layers.
        role: What it is.
        group: 0 for question and answer, k for the k-th criterion.
    """

    states: npt.NDArray[np.floating]
    role: Role
    group: int = 0


@dataclass(slots=True)
class Reading:
    """Answers and the criteria that read them, as one row of tokens without gaps.

    Attributes:
        states: (tokens, 384) of the lower layers.
        roles: (tokens,) what each token is part of.
        places: (tokens,) which sentence of its answer, from 1; 0 elsewhere.
        context: (answers, longest) the tokens of question and answer; -1 for none.
        segments: (criteria, longest) the tokens of each criterion; -1 for none.
        owners: (criteria,) which answer each criterion reads.
        slots: (tokens,) where each token is when context and segments, with their
            gaps, are laid end to end.
        sentences: (answers, most) the token that stands for each sentence; -1 for
            none.
        statements: (criteria,) the token that stands for each criterion.
    """

    states: Tensor
    roles: Tensor
    places: Tensor
    context: Tensor
    segments: Tensor
    owners: Tensor
    slots: Tensor
    sentences: Tensor
    statements: Tensor


def lay_out(answers: Sequence[Sequence[Part]]) -> Reading:
    """Lay answers out, each with its question, sentences and criteria, in this order."""
    parts = [part for answer in answers for part in answer]
    lengths = [len(part.states) for part in parts]
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]]).tolist()
    places: list[int] = []
    context: list[list[int]] = []
    segments: list[list[int]] = []
    owners: list[int] = []
    sentences: list[list[int]] = []
    statements: list[int] = []
    at = 0
    for owner, answer in enumerate(answers):
        context.append([])
        sentences.append([])
        for part in answer:
            start, tokens = starts[at], range(starts[at], starts[at] + lengths[at])
            at += 1
            if part.role == Role.ANSWER:
                sentences[-1].append(start)
            if part.role == Role.SAYS:
                statements.append(start)
                owners.append(owner)
                segments.append([])
            (segments[-1] if part.group else context[-1]).extend(tokens)
            places.append(
                min(len(sentences[-1]), MOST_PLACES) if part.role == Role.ANSWER else 0
            )
    laid = _padded(context), _padded(segments)
    slots = torch.zeros(sum(lengths), dtype=torch.int64)
    flat = torch.cat([part.flatten() for part in laid])
    filled = (flat >= 0).nonzero()[:, 0]
    slots[flat[filled]] = filled
    states = np.concatenate([part.states for part in parts]).astype(np.float32)
    return Reading(
        states=torch.from_numpy(states),
        roles=torch.from_numpy(np.repeat([int(part.role) for part in parts], lengths)),
        places=torch.from_numpy(np.repeat(places, lengths)),
        context=laid[0],
        segments=laid[1],
        owners=torch.tensor(owners),
        slots=slots,
        sentences=_padded(sentences),
        statements=torch.tensor(statements),
    )


def _padded(rows: Sequence[Sequence[int]]) -> Tensor:
    wide = max(len(row) for row in rows)
    return torch.tensor([[*row, *[-1] * (wide - len(row))] for row in rows])
