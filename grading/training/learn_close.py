"""What a close reader is fitted with: pairs side by side, and what they cost it."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from grading.close_network import CloseNetwork, face_to_face
from grading.facing import Facing, States
from grading.reading import moved
from grading.training.labelled_pairs import LabelledPair
from grading.training.learn import (
    device_of,
    mean_over,
    side_by_side,
    taken_together,
)
from grading.training.texts import TextTable

BATCH_TOKENS = 8000
SORTED_TOGETHER = 600  # pairs among which those of like length are put together


@dataclass(slots=True)
class Lined:
    """A pair as the network reads it.

    Attributes:
        pair: With its label.
        facing: Its texts.
    """

    pair: LabelledPair
    facing: Facing

    @property
    def tokens(self) -> int:
        """How much there is to read."""
        return self.facing.tokens


def lined_up(pair: LabelledPair, table: TextTable) -> Lined:
    """Give a pair as the network reads it.

    Raises:
        KeyError: A text is not in the table.
    """

    def states(text: str) -> States:
        return table.states[table.row(text)]

    question = None if pair.question is None else states(pair.question)
    return Lined(
        pair=pair,
        facing=Facing(
            wording=states(pair.wording),
            said=[states(text) for text in pair.said],
            question=question,
        ),
    )


def grouped(
    pairs: Sequence[LabelledPair], table: TextTable, chance: random.Random
) -> list[list[Lined]]:
    """Put pairs of like length side by side, in an order of chance."""
    table.add(text for one in pairs for text in one.texts)
    lined = [lined_up(one, table) for one in pairs]
    return side_by_side(lined, SORTED_TOGETHER, BATCH_TOKENS, chance)


def close_loss(peers: nn.ModuleList, group: Sequence[Lined]) -> Tensor:
    """Give how surprised close readers are by the labels and by each other."""
    device = device_of(peers)
    target = torch.tensor([one.pair.target for one in group], device=device).float()
    weight = torch.tensor([one.pair.weight for one in group], device=device)
    lines = moved(face_to_face([one.facing for one in group]), device)
    told: list[Tensor] = [network(lines) for network in peers]
    losses = [
        mean_over(-(target * logits.log_softmax(-1)).sum(-1), weight) for logits in told
    ]
    return taken_together(losses, told, weight)


def right_share(
    network: CloseNetwork, pairs: Sequence[LabelledPair], table: TextTable
) -> float:
    """Give the share of pairs whose likeliest class is their label's."""
    table.add(text for one in pairs for text in one.texts)
    right = 0
    device = device_of(network)
    with torch.inference_mode():
        for at in range(0, len(pairs), 50):
            some = pairs[at : at + 50]
            lines = face_to_face([lined_up(p, table).facing for p in some])
            logits = network(moved(lines, device)).cpu()
            wanted = torch.tensor([p.target for p in some]).argmax(-1)
            right += int((logits.argmax(-1) == wanted).sum())
    return right / len(pairs)
