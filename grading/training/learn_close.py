"""Fits the close reader: fixed seed, fixed number of passes, CPU only."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file

from grading.close_network import CloseNetwork, face_to_face
from grading.facing import Facing, States
from grading.training.claims import LabelledPair
from grading.training.learn import (
    DROP,
    optimizer_for,
    side_by_side,
    take_step,
    warm_then_down,
)
from grading.training.texts import TextTable

BATCH_TOKENS = 2000
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


def learn_close(
    make: Callable[[random.Random], Sequence[LabelledPair]],
    passes: int,
    table: TextTable,
    seed: int,
    report: Callable[[str], None],
    *,
    judge: Path,
) -> CloseNetwork:
    """Fit a close reader.

    Args:
        make: Makes the pairs of a pass.
        passes: How many; at least one.
        table: Every text of theirs that is not made in the pass itself.
        seed: Of everything that is left to chance.
        report: Told the loss now and then.
        judge: Weights of the judge whose layers are gone on from.
    """
    torch.manual_seed(seed)
    chance = random.Random(seed)
    network = CloseNetwork(drop=DROP)
    network.start_from(load_file(judge))
    network.train()
    optimizer = optimizer_for(network)
    groups = grouped(make(chance), table, chance)
    rate = warm_then_down(optimizer, len(groups) * passes)
    began, step = time.monotonic(), 0
    losses: list[float] = []
    for turn in range(passes):
        if turn > 0:
            groups = grouped(make(chance), table, chance)
        for group in groups:
            target = torch.tensor([one.pair.target for one in group]).float()
            weight = torch.tensor([one.pair.weight for one in group])
            logs = network(face_to_face([one.facing for one in group])).log_softmax(-1)
            loss = (-(target * logs).sum(-1) * weight).sum() / weight.sum()
            losses.append(take_step(loss, network, optimizer, rate))
            step += 1
            if len(losses) == 50:
                spent = time.monotonic() - began
                report(
                    f"pass {turn + 1} of {passes} step {step} of"
                    f" {len(groups) * passes} loss {sum(losses) / 50:.3f} {spent:.0f} s"
                )
                losses = []
    network.eval()
    return network
