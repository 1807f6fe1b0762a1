"""Lays answers and criteria out as the judge's network reads them.

All tokens of a batch stand in one row without gaps, because most of the work is done
token by token; only attention looks at them as answers and criteria.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from enum import IntEnum
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Whole = TypeVar("Whole", bound="DataclassInstance")
Cosines = npt.NDArray[np.floating]
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
    """

    states: npt.NDArray[np.floating]
    role: Role


@dataclass(slots=True)
class Reading:
    """Answers and the criteria that read them, as one row of tokens without gaps.

    Attributes:
        states: (tokens, 384) of the lower layers.
        roles: (tokens,) what each token is part of.
        places: (tokens,) which sentence of its answer, from 1; 0 elsewhere.
        within: (tokens,) the same from 0, and all told apart; -1 elsewhere.
        texts: (tokens,) which text each token is of.
        lengths: (texts,) tokens of each text.
        context: (answers, longest) the tokens of question and answer; -1 for none.
        segments: (criteria, longest) the tokens of each criterion; -1 for none.
        owners: (criteria,) which answer each criterion reads.
        slots: (tokens,) where each token is when context and segments, with their
            gaps, are laid end to end.
        sentences: (answers, most) the text that is each sentence; -1 for none.
        wordings: (criteria, 3) the texts that are its statement, reference and
            misconception; -1 for none.
        near: (criteria, most) how near each sentence is to it: the cosine to its
            nearest right wording, less that of the answer's nearest sentence; so 0 at
            most, and below it in a window without that sentence.
    """

    states: Tensor
    roles: Tensor
    places: Tensor
    within: Tensor
    texts: Tensor
    lengths: Tensor
    context: Tensor
    segments: Tensor
    owners: Tensor
    slots: Tensor
    sentences: Tensor
    wordings: Tensor
    near: Tensor


def moved(whole: Whole, device: torch.device) -> Whole:
    """Give a dataclass of tensors, and of others like it, on another device."""
    parts = {one.name: getattr(whole, one.name) for one in fields(whole)}
    return replace(
        whole,
        **{
            name: part.to(device) if isinstance(part, Tensor) else moved(part, device)
            for name, part in parts.items()
        },
    )


@dataclass(slots=True)
class _Laid:
    """What is known of the texts so far."""

    within: list[int] = field(default_factory=list)
    context: list[list[int]] = field(default_factory=list)
    segments: list[list[int]] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)
    sentences: list[list[int]] = field(default_factory=list)
    wordings: list[list[int]] = field(default_factory=list)

    def add(self, text: int, part: Part, tokens: range) -> None:
        """Put one text where it belongs."""
        if part.role == Role.SAYS:
            self.owners.append(len(self.context) - 1)
            self.segments.append([])
            self.wordings.append([-1, -1, -1])
        if part.role >= Role.SAYS:
            self.wordings[-1][part.role - Role.SAYS] = text
            self.segments[-1].extend(tokens)
        else:
            self.context[-1].extend(tokens)
        within = -1
        if part.role == Role.ANSWER:
            within = len(self.sentences[-1])
            self.sentences[-1].append(text)
        self.within.append(within)


def lay_out(answers: Sequence[Sequence[Part]], near: Sequence[Cosines]) -> Reading:
    """Lay answers out, each with its question, sentences and criteria, in this order.

    Args:
        answers: The texts of each.
        near: For each answer (criteria, sentences) as in :class:`Reading`.
    """
    parts = [part for answer in answers for part in answer]
    lengths = [len(part.states) for part in parts]
    laid = _Laid()
    text = at = 0
    for answer in answers:
        laid.context.append([])
        laid.sentences.append([])
        for part in answer:
            laid.add(text, part, range(at, at + lengths[text]))
            at += lengths[text]
            text += 1
    context, segments = _padded(laid.context), _padded(laid.segments)
    slots = torch.zeros(at, dtype=torch.int64)
    flat = torch.cat([context.flatten(), segments.flatten()])
    filled = (flat >= 0).nonzero()[:, 0]
    slots[flat[filled]] = filled
    states = torch.from_numpy(np.concatenate([part.states for part in parts]))

    def spread(values: Sequence[int]) -> Tensor:
        return torch.from_numpy(np.repeat(np.asarray(values), lengths))

    within = spread(laid.within)
    return Reading(
        states=states.float(),  # of half precision when learning; numpy is slow at it
        roles=spread([int(part.role) for part in parts]),
        places=(within + 1).clamp(max=MOST_PLACES),
        within=within,
        texts=spread(range(len(parts))),
        lengths=torch.tensor(lengths),
        context=context,
        segments=segments,
        owners=torch.tensor(laid.owners),
        slots=slots,
        sentences=_padded(laid.sentences),
        wordings=torch.tensor(laid.wordings),
        near=_near(near),
    )


def _near(near: Sequence[Cosines]) -> Tensor:
    wide = max(own.shape[1] for own in near)
    rows = [np.pad(own, ((0, 0), (0, wide - own.shape[1]))) for own in near]
    return torch.from_numpy(np.concatenate(rows).astype(np.float32))


def _padded(rows: Sequence[Sequence[int]]) -> Tensor:
    wide = max(len(row) for row in rows)
    return torch.tensor([[*row, *[-1] * (wide - len(row))] for row in rows])
