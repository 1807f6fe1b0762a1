"""The judge's network: criteria that read an answer, sentence by sentence.

The lower layers of the sentence encoder stay as they are and see one sentence at a
time, so what they make of a text is worked out once and serves the embeddings too.
The upper layers have been trained to judge: an answer's sentences attend to each
other and to the question, and every criterion attends to itself and to them. No
criterion sees another and the answer sees none, so one pass judges a whole rubric.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from grading.reading import MOST_PLACES, Reading, Role

DIMENSIONS = 384
HEADS = 12
LOWER_LAYERS, UPPER_LAYERS = 2, 4
CLASSES = ("missing", "partly", "met", "contradicted")


class Layer(nn.Module):
    """One transformer layer as BERT has it (Devlin et al. 2019), norm after."""

    def __init__(self) -> None:
        """Make the parts."""
        super().__init__()
        self.qkv = nn.Linear(DIMENSIONS, 3 * DIMENSIONS)
        self.mix = nn.Linear(DIMENSIONS, DIMENSIONS)
        self.mix_norm = nn.LayerNorm(DIMENSIONS, eps=1e-12)
        self.up = nn.Linear(DIMENSIONS, 4 * DIMENSIONS)
        self.down = nn.Linear(4 * DIMENSIONS, DIMENSIONS)
        self.down_norm = nn.LayerNorm(DIMENSIONS, eps=1e-12)

    def forward(self, states: Tensor, reading: Reading) -> Tensor:
        """Give (tokens, 384) from (tokens, 384)."""
        thirds = self.qkv(states)
        context = _heads(thirds, reading.context)
        own = _heads(thirds, reading.segments)
        known = (reading.context >= 0)[:, None, None]
        read = _attended(*context, known)
        both = [
            torch.cat([context[k].index_select(0, reading.owners), own[k]], dim=2)
            for k in (1, 2)
        ]
        seen = torch.cat(
            [known.index_select(0, reading.owners), (reading.segments >= 0)[:, None, None]],
            dim=-1,
        )
        asked = _attended(own[0], *both, seen)
        flat = torch.cat([_joined(read), _joined(asked)]).index_select(0, reading.slots)
        states = self.mix_norm(states + self.mix(flat))
        wide = self.down(nn.functional.gelu(self.up(states)))
        result: Tensor = self.down_norm(states + wide)
        return result

    def take(self, weights: Mapping[str, Tensor], prefix: str) -> None:
        """Take over a layer of the sentence encoder."""
        names = ("attention.self.query", "attention.self.key", "attention.self.value")
        with torch.no_grad():
            for kind in ("weight", "bias"):
                parts = [weights[f"{prefix}.{name}.{kind}"] for name in names]
                getattr(self.qkv, kind).copy_(torch.cat(parts))
                for part, name in (
                    (self.mix, "attention.output.dense"),
                    (self.mix_norm, "attention.output.LayerNorm"),
                    (self.up, "intermediate.dense"),
                    (self.down, "output.dense"),
                    (self.down_norm, "output.LayerNorm"),
                ):
                    getattr(part, kind).copy_(weights[f"{prefix}.{name}.{kind}"])


@dataclass(slots=True)
class Judged:
    """What the network says.

    Attributes:
        classes: (criteria, 4) logits, in the order of ``CLASSES``.
        pointers: (criteria, sentences + 1) log shares of the sentence that decides;
            the last is for none.
    """

    classes: Tensor
    pointers: Tensor


class JudgeNetwork(nn.Module):
    """Says of every criterion what the answer does with it, and where."""

    def __init__(self, drop: float = 0.0) -> None:
        """Make the layers."""
        super().__init__()
        self.drop = drop
        self.role = nn.Embedding(len(Role), DIMENSIONS)
        self.place = nn.Embedding(MOST_PLACES + 1, DIMENSIONS)
        self.layers = nn.ModuleList(Layer() for _ in range(UPPER_LAYERS))
        self.ask = nn.Linear(DIMENSIONS, DIMENSIONS)
        self.tell = nn.Linear(DIMENSIONS, DIMENSIONS)
        self.none = nn.Parameter(torch.zeros(DIMENSIONS))
        self.hidden = nn.Linear(3 * DIMENSIONS, DIMENSIONS)
        self.out = nn.Linear(DIMENSIONS, len(CLASSES))

    def start_from(self, weights: Mapping[str, Tensor]) -> None:
        """Take over the upper layers of the sentence encoder; the rest starts small."""
        for number, layer in enumerate(self.layers):
            assert isinstance(layer, Layer)  # noqa: S101 - tells the type checker
            layer.take(weights, f"encoder.layer.{LOWER_LAYERS + number}")
        nn.init.normal_(self.role.weight, std=0.02)
        nn.init.zeros_(self.place.weight)

    def forward(self, reading: Reading) -> Judged:
        """Judge some answers by some criteria."""
        states = reading.states + self.role(reading.roles) + self.place(reading.places)
        for layer in self.layers:
            states = layer(states, reading)
        told = states.index_select(0, reading.sentences.clamp(min=0).flatten())
        told = told.view(*reading.sentences.shape, DIMENSIONS)
        known = torch.cat([told, self.none.expand(len(told), 1, -1)], dim=1)
        known = known.index_select(0, reading.owners)
        asked = states.index_select(0, reading.statements)
        fit = (self.tell(known) @ self.ask(asked)[:, :, None])[..., 0] / DIMENSIONS**0.5
        absent = nn.functional.pad(reading.sentences < 0, (0, 1))
        absent = absent.index_select(0, reading.owners)
        pointers = fit.masked_fill(absent, -1e4).log_softmax(-1)
        seen = (pointers.exp()[:, None] @ known)[:, 0]
        wide = torch.cat([asked, seen, asked * seen], dim=-1)
        wide = nn.functional.dropout(wide, self.drop, self.training)
        classes = self.out(nn.functional.gelu(self.hidden(wide)))
        return Judged(classes=classes, pointers=pointers)


def _heads(thirds: Tensor, wanted: Tensor) -> Tensor:
    """Give (3, rows, heads, wanted, 32): queries, keys and values of some tokens."""
    rows = thirds.index_select(0, wanted.clamp(min=0).flatten())
    return rows.view(*wanted.shape, 3, HEADS, -1).permute(2, 0, 3, 1, 4)


def _attended(query: Tensor, key: Tensor, value: Tensor, known: Tensor) -> Tensor:
    """Give what queries read of the keys that are known."""
    mask = known.expand(-1, -1, query.shape[2], -1)
    return nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)


def _joined(read: Tensor) -> Tensor:
    """Give (rows * wanted, 384) from (rows, heads, wanted, 32)."""
    return read.transpose(1, 2).reshape(-1, DIMENSIONS)
