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
from grading.training.learn import warm_then_down
from grading.training.texts import TextTable

BATCH_TOKENS = 2000
SORTED_TOGETHER = 600  # pairs among which those of like length are put together
RATE, NEW_RATE = 2e-4, 8e-4  # of layers taken over, of those that start anew
DROP = 0.1


@dataclass(slots=True)
class Lined:
    """A pair as the network reads it.

    Attributes:
        pair: With its label.
        facing: Its texts.
    """

    pair: LabelledPair
    facing: Facing


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
    chance.shuffle(lined)
    groups: list[list[Lined]] = []
    for at in range(0, len(lined), SORTED_TOGETHER):
        group: list[Lined] = []
        tokens = 0
        for one in sorted(
            lined[at : at + SORTED_TOGETHER], key=lambda one: one.facing.tokens
        ):
            if group and tokens + one.facing.tokens > BATCH_TOKENS:
                groups.append(group)
                group, tokens = [], 0
            group.append(one)
            tokens += one.facing.tokens
        groups.append(group)
    chance.shuffle(groups)
    return groups


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
    new = [p for n, p in network.named_parameters() if not n.startswith("layers.")]
    optimizer = torch.optim.AdamW(
        [
            {"params": network.layers.parameters(), "lr": RATE},
            {"params": new, "lr": NEW_RATE},
        ],
        weight_decay=0.01,
    )
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
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            rate.step()
            step += 1
            losses.append(float(loss.detach()))
            if len(losses) == 50:
                spent = time.monotonic() - began
                report(
                    f"pass {turn + 1} of {passes} step {step} of"
                    f" {len(groups) * passes} loss {sum(losses) / 50:.3f} {spent:.0f} s"
                )
                losses = []
    network.eval()
    return network
