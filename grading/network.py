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

from grading.attention import DIMENSIONS, Attention, attention_within
from grading.reading import MOST_PLACES, Reading, Role

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

    def forward(self, states: Tensor, attend: Attention) -> Tensor:
        """Give (tokens, 384) from (tokens, 384)."""
        states = self.mix_norm(states + self.mix(attend(self.qkv(states))))
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


def take_layers(
    layers: nn.ModuleList, weights: Mapping[str, Tensor], *, first: int
) -> None:
    """Take over layers of the sentence encoder, from its ``first`` on."""
    for number, layer in enumerate(layers, first):
        assert isinstance(layer, Layer)  # noqa: S101 - tells the type checker
        layer.take(weights, f"encoder.layer.{number}")


class EncoderNetwork(nn.Module):
    """The sentence encoder without padding: what costs most is done token by token."""

    words: Tensor
    positions: Tensor

    def __init__(self, weights: Mapping[str, Tensor]) -> None:
        """Take over the weights of all-MiniLM-L6-v2."""
        super().__init__()
        words = weights["embeddings.word_embeddings.weight"]
        positions = (
            weights["embeddings.position_embeddings.weight"]
            + weights["embeddings.token_type_embeddings.weight"][0]
        )
        self.register_buffer("words", words, persistent=False)
        self.register_buffer("positions", positions, persistent=False)
        self.norm = nn.LayerNorm(DIMENSIONS, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(LOWER_LAYERS + UPPER_LAYERS))
        with torch.no_grad():
            self.norm.weight.copy_(weights["embeddings.LayerNorm.weight"])
            self.norm.bias.copy_(weights["embeddings.LayerNorm.bias"])
        take_layers(self.layers, weights, first=0)

    def forward(
        self, ids: Tensor, places: Tensor, rows: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Give (tokens, 384) of the lower layers, and (texts, 384) of length 1.

        Args:
            ids: (tokens,) of all texts, one after the other.
            places: (tokens,) the place of each token in its text.
            rows: (texts, longest) the tokens of each text; -1 for none.
        """
        states = self.norm(self.words[ids] + self.positions[places])
        attend = attention_within(rows)
        lower = states
        for number, layer in enumerate(self.layers, 1):
            states = layer(states, attend)
            if number == LOWER_LAYERS:
                lower = states
        lengths = (rows >= 0).sum(1)
        texts = torch.arange(len(rows), device=rows.device).repeat_interleave(lengths)
        pooled = states.new_zeros(len(rows), DIMENSIONS).index_add(0, texts, states)
        return lower, _unit(pooled / lengths[:, None])


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
        self.sharpness = nn.Parameter(torch.tensor(12.0))
        self.trust = nn.Parameter(torch.tensor(4.0))  # in what the encoder finds near
        self.none = nn.Parameter(torch.tensor(5.0))  # 12 times a cosine of about 0.4
        self.nothing = nn.Parameter(torch.zeros(DIMENSIONS))
        self.hidden = nn.Linear(7 * DIMENSIONS, DIMENSIONS)
        self.out = nn.Linear(DIMENSIONS, len(CLASSES))

    def start_from(self, weights: Mapping[str, Tensor]) -> None:
        """Take over the upper layers of the sentence encoder; the rest starts small."""
        take_layers(self.layers, weights, first=LOWER_LAYERS)
        nn.init.zeros_(self.role.weight)
        nn.init.zeros_(self.place.weight)
        for part in (self.ask, self.tell):
            nn.init.eye_(part.weight)
            nn.init.zeros_(part.bias)

    def forward(self, reading: Reading, attend: Attention) -> Judged:
        """Judge some answers by some criteria.

        Args:
            reading: The answers and the criteria that read them.
            attend: Its attention (:mod:`grading.attention`), the same for every network.
        """
        states = reading.states + self.role(reading.roles) + self.place(reading.places)
        for layer in self.layers:
            states = layer(states, attend)
        texts = states.new_zeros(len(reading.lengths), DIMENSIONS)
        texts = texts.index_add(0, reading.texts, states) / reading.lengths[:, None]
        told = _rows(texts, reading.sentences).index_select(0, reading.owners)
        says, right, wrong = _rows(texts, reading.wordings).unbind(1)
        known = (reading.wordings >= 0)[:, :, None].float().unbind(1)
        asked = (says + right * known[1]) / (1 + known[1])
        fit = _unit(self.tell(told)) @ _unit(self.ask(asked))[:, :, None]
        fit = fit[..., 0] * self.sharpness + self.trust * reading.near
        fit = nn.functional.pad(fit, (0, 1))
        fit = fit + nn.functional.pad(self.none[None], (fit.shape[1] - 1, 0))
        absent = nn.functional.pad(reading.sentences < 0, (0, 1))
        absent = absent.index_select(0, reading.owners)
        pointers = fit.masked_fill(absent, -1e4).log_softmax(-1)
        shares = pointers.exp()
        seen = (shares[:, None, :-1] @ told)[:, 0] + shares[:, -1:] * self.nothing
        wide = torch.cat(
            [
                says, seen, says * seen, (says - seen).abs(),
                right * seen * known[1], (right - seen).abs() * known[1],
                (wrong - seen).abs() * known[2] - wrong * seen * known[2],
            ],
            dim=-1,
        )  # fmt: skip
        wide = nn.functional.dropout(wide, self.drop, self.training)
        classes = self.out(nn.functional.gelu(self.hidden(wide)))
        return Judged(classes=classes, pointers=pointers)


def _rows(texts: Tensor, wanted: Tensor) -> Tensor:
    """Give (*wanted, 384) some rows; -1 gives the first."""
    rows = texts.index_select(0, wanted.clamp(min=0).flatten())
    return rows.view(*wanted.shape, texts.shape[-1])


def _unit(vectors: Tensor) -> Tensor:
    return nn.functional.normalize(vectors, dim=-1)
