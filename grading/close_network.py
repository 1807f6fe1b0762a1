"""The network that reads one wording and one claim word by word, each with the other.

The judge reads whole answers and must be quick, so a text of an answer never sees the
criterion. Here the few sentences that the judge points at and a single right wording
are one text to every layer: what was turned round in either shows in both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from grading.attention import DIMENSIONS, attention_within
from grading.facing import Facing, States
from grading.network import (
    CLASSES,
    LOWER_LAYERS,
    UPPER_LAYERS,
    Layer,
    take_layers,
)
from grading.reading import Role


@dataclass(slots=True)
class Lines:
    """Pairs as the network reads them: one row of tokens without gaps.

    Attributes:
        states: (tokens, 384) of the lower layers.
        roles: (tokens,) what each token is part of, as the judge has it.
        rows: (pairs, longest) the tokens of each pair; -1 for none.
        owners: (tokens,) the pair of each token.
    """

    states: Tensor
    roles: Tensor
    rows: Tensor
    owners: Tensor


def face_to_face(pairs: Sequence[Facing]) -> Lines:
    """Lay pairs out; at least one."""
    states: list[States] = []
    roles: list[int] = []
    for pair in pairs:
        parts = [(pair.wording, Role.SAYS), *((s, Role.ANSWER) for s in pair.said)]
        if pair.question is not None:
            parts.append((pair.question, Role.QUESTION))
        for part, role in parts:
            states.append(part)
            roles += [role] * len(part)
    lengths = torch.tensor([pair.tokens for pair in pairs])
    ends = lengths.cumsum(0)
    rows = torch.arange(int(lengths.max()))[None] + (ends - lengths)[:, None]
    return Lines(
        states=torch.from_numpy(np.concatenate(states)).float(),
        roles=torch.tensor(roles),
        rows=torch.where(rows < ends[:, None], rows, -1),
        owners=torch.arange(len(pairs)).repeat_interleave(lengths),
    )


class CloseNetwork(nn.Module):
    """Says what a claim does with a wording: the judge's four classes."""

    def __init__(self, drop: float = 0.0) -> None:
        """Make the layers."""
        super().__init__()
        self.drop = drop
        self.role = nn.Embedding(len(Role), DIMENSIONS)
        self.layers = nn.ModuleList(Layer() for _ in range(UPPER_LAYERS))
        self.hidden = nn.Linear(4 * DIMENSIONS, DIMENSIONS)
        self.out = nn.Linear(DIMENSIONS, len(CLASSES))

    def start_from(self, weights: Mapping[str, Tensor]) -> None:
        """Take over the upper layers of the sentence encoder; roles start at nothing."""
        take_layers(self.layers, weights, first=LOWER_LAYERS)
        nn.init.zeros_(self.role.weight)

    def forward(self, lines: Lines) -> Tensor:
        """Give (pairs, 4) logits, in the order of ``CLASSES``."""
        states = lines.states + self.role(lines.roles)
        attend = attention_within(lines.rows)
        for layer in self.layers:
            states = layer(states, attend)
        wording = _mean(states, lines, Role.SAYS)
        said = _mean(states, lines, Role.ANSWER)
        wide = torch.cat([wording, said, (wording - said).abs(), wording * said], -1)
        wide = nn.functional.dropout(wide, self.drop, self.training)
        logits: Tensor = self.out(nn.functional.gelu(self.hidden(wide)))
        return logits


def _mean(states: Tensor, lines: Lines, role: Role) -> Tensor:
    """Give (pairs, 384): what the tokens of one role are on average."""
    pairs = len(lines.rows)
    own = (lines.roles == role).nonzero()[:, 0]
    owners = lines.owners[own]
    counts = states.new_zeros(pairs).index_add(0, owners, states.new_ones(len(own)))
    total = states.new_zeros(pairs, DIMENSIONS).index_add(0, owners, states[own])
    return total / counts[:, None].clamp(min=1)
