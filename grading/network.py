"""The judge as it is trained: an answer read once, and every criterion reading it.

The question and the answer are encoded once. A criterion's words attend, in
every layer, to themselves and to the answer's words of that layer; the answer
does not see the criteria. So a rubric of eight criteria costs little more than
one, and a criterion's verdict does not depend on its neighbours.
"""

import math
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

HIDDEN, HEADS, LAYERS, INNER = 384, 12, 6, 1536
CLASSES = ("met", "partly", "missing", "contradicted")
TAGS = ("none", "supports", "contradicts")  # what a sentence does with a criterion


@dataclass(slots=True, kw_only=True)
class Reading:
    """Tensors of one batch: U units (an answer each), C criteria over all of them.

    Attributes:
        shared_ids: (U, S) question and answer tokens; 0 where padded.
        sentence_of: (U, S) the sentence a token belongs to, -1 for none.
        criterion_ids: (C, T) criterion tokens; 0 where padded.
        unit_of: (C,) the unit a criterion is judged against.
        sentences: The greatest number of sentences in a unit (J).
    """

    shared_ids: Tensor
    sentence_of: Tensor
    criterion_ids: Tensor
    unit_of: Tensor
    sentences: int


class Layer(nn.Module):
    """A transformer layer whose attention may look at a second text."""

    def __init__(self) -> None:
        """Make the layer with the shapes of MiniLM."""
        super().__init__()
        self.query = nn.Linear(HIDDEN, HIDDEN)
        self.key = nn.Linear(HIDDEN, HIDDEN)
        self.value = nn.Linear(HIDDEN, HIDDEN)
        self.out = nn.Linear(HIDDEN, HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.widen = nn.Linear(HIDDEN, INNER)
        self.narrow = nn.Linear(INNER, HIDDEN)
        self.last_norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.drop = nn.Dropout(0.1)

    def keys_values(self, states: Tensor) -> tuple[Tensor, Tensor]:
        """Give keys and values, (rows, heads, length, head size)."""
        return _split(self.key(states)), _split(self.value(states))

    def forward(self, states: Tensor, keys: Tensor, values: Tensor, mask: Tensor) -> Tensor:
        """Let states look at keys and values; mask is added, (rows, 1, 1, length)."""
        query = _split(self.query(states))
        seen = functional.scaled_dot_product_attention(query, keys, values, mask)
        seen = seen.transpose(1, 2).reshape(states.shape)
        states = self.norm(states + self.drop(self.out(seen)))
        inner = functional.gelu(self.widen(states))
        return self.last_norm(states + self.drop(self.narrow(inner)))


def _split(states: Tensor) -> Tensor:
    """Give (rows, heads, length, head size) of (rows, length, hidden)."""
    rows, length, _ = states.shape
    return states.view(rows, length, HEADS, HIDDEN // HEADS).transpose(1, 2)


def _mask(ids: Tensor) -> Tensor:
    """Give what is added to attention scores: very little where padded."""
    return ((ids == 0).float() * -1e4)[:, None, None, :]


class JudgeNetwork(nn.Module):
    """Class logits per criterion and tag logits per criterion and sentence."""

    def __init__(self) -> None:
        """Make the network; weights come from :func:`grow` or a saved state."""
        super().__init__()
        self.words = nn.Embedding(30522, HIDDEN)
        self.places = nn.Embedding(512, HIDDEN)
        self.kinds = nn.Embedding(2, HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.drop = nn.Dropout(0.1)
        self.ask = nn.Linear(HIDDEN, HIDDEN)
        self.tell = nn.Linear(HIDDEN, HIDDEN)
        self.both = nn.Linear(HIDDEN, HIDDEN)
        self.tag = nn.Linear(HIDDEN, len(TAGS))
        self.alike = nn.Parameter(torch.tensor([-4.0, 4.0, 2.0]))
        self.merge = nn.Linear(2 * HIDDEN, HIDDEN)
        self.join = nn.Linear(2 * HIDDEN, HIDDEN)
        self.verdict = nn.Linear(HIDDEN, len(CLASSES))

    def embed(self, ids: Tensor, kind: int) -> Tensor:
        """Give the input states of token ids, (rows, length, hidden)."""
        places = self.places.weight[: ids.shape[1]]
        return self.drop(self.norm(self.words(ids) + places + self.kinds.weight[kind]))

    def read(
        self, shared_ids: Tensor, criterion_ids: Tensor, unit_of: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Give the last states of the shared text and of the criteria."""
        shared = self.embed(shared_ids, 0)
        asked = self.embed(criterion_ids, 1)
        shared_mask, asked_mask = _mask(shared_ids), _mask(criterion_ids)
        joint_mask = torch.cat([shared_mask[unit_of], asked_mask], dim=-1)
        for layer in self.layers:
            keys, values = layer.keys_values(shared)
            own_keys, own_values = layer.keys_values(asked)
            joint_keys = torch.cat([keys[unit_of], own_keys], dim=2)
            joint_values = torch.cat([values[unit_of], own_values], dim=2)
            asked = layer(asked, joint_keys, joint_values, joint_mask)
            shared = layer(shared, keys, values, shared_mask)
        return shared, asked

    def decide(
        self,
        shared: Tensor,
        asked: Tensor,
        member: Tensor,
        unit_of: Tensor,
        own: Tensor,
    ) -> tuple[Tensor, Tensor]:
        """Give class logits (C, 4) and tag logits (C, J, 3).

        Args:
            shared: Last states of the shared texts, (U, S, hidden).
            asked: Last states of the criteria, (C, T, hidden).
            member: (U, J, S), 1 where a token belongs to a sentence.
            unit_of: (C,) the unit of each criterion.
            own: (C, T), 1 where a criterion has a word, 0 where it is padded.
        """
        counts = member.sum(-1, keepdim=True)
        sentences = torch.matmul(member, shared) / counts.clamp(min=1.0)
        # The encoder was made for means of its words, so a criterion is one too.
        head = (own[:, None] @ asked)[:, 0] / own.sum(-1, keepdim=True)
        told = sentences[unit_of]
        tag_logits = self.tag(
            self.drop(
                torch.tanh(
                    self.ask(head)[:, None]
                    + self.tell(told)
                    + self.both(head[:, None] * told)
                )
            )
        )
        alike = functional.cosine_similarity(head[:, None], told, dim=-1)
        tag_logits = tag_logits + alike[..., None] * self.alike
        absent = (counts[unit_of] == 0).float()[..., 0] * -1e4
        claim = tag_logits[..., 1:].logsumexp(-1) - tag_logits[..., 0] + absent
        pooled = torch.matmul(claim.softmax(-1)[:, None], told)[:, 0]
        merged = torch.tanh(
            self.merge(torch.cat([head * pooled, (head - pooled).abs()], dim=-1))
            + self.join(torch.cat([head, pooled], dim=-1))
        )
        return self.verdict(self.drop(merged)), tag_logits

    def forward(self, batch: Reading) -> tuple[Tensor, Tensor]:
        """Give class logits (C, 4) and tag logits (C, J, 3) of a batch."""
        shared, asked = self.read(
            batch.shared_ids, batch.criterion_ids, batch.unit_of
        )
        places = torch.arange(batch.sentences)[None, :, None]
        member = (batch.sentence_of[:, None, :] == places).float()
        own = (batch.criterion_ids != 0).float()
        return self.decide(shared, asked, member, batch.unit_of, own)


def grow(weights: Path) -> JudgeNetwork:
    """Make a judge from the sentence encoder's weights (model.safetensors)."""
    source = load_file(weights)
    network = JudgeNetwork()
    pairs = {"words": "word", "places": "position", "kinds": "token_type"}
    state = {
        f"{ours}.weight": source[f"embeddings.{theirs}_embeddings.weight"]
        for ours, theirs in pairs.items()
    }
    parts = {
        "query": "attention.self.query",
        "key": "attention.self.key",
        "value": "attention.self.value",
        "out": "attention.output.dense",
        "norm": "attention.output.LayerNorm",
        "widen": "intermediate.dense",
        "narrow": "output.dense",
        "last_norm": "output.LayerNorm",
    }
    for end in ("weight", "bias"):
        state[f"norm.{end}"] = source[f"embeddings.LayerNorm.{end}"]
        for number in range(LAYERS):
            for ours, theirs in parts.items():
                key = f"encoder.layer.{number}.{theirs}.{end}"
                state[f"layers.{number}.{ours}.{end}"] = source[key]
    missing, unexpected = network.load_state_dict(state, strict=False)
    heads = ("ask", "tell", "both", "tag", "alike", "merge", "join", "verdict")
    if unexpected or any(name.split(".")[0] not in heads for name in missing):
        raise ValueError(f"weights do not fit: {missing} {unexpected}")
    for module in (network.ask, network.tell, network.both, network.merge, network.join):
        nn.init.normal_(module.weight, std=1 / math.sqrt(HIDDEN))
    return network
