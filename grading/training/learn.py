"""Fits networks, by stages and with a fixed seed; and what fits the judge.

Several networks may learn side by side from the same labels and from each other (Zhang
et al. 2018, Deep Mutual Learning): each is also told what the others think. What one
took from its own start and chance alone it unlearns, which is what several networks
that are asked together would cancel out, at no cost when scoring; one of them is kept.
"""

import hashlib
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from grading.attention import attention_of
from grading.network import Judged
from grading.reading import Cosines, Part, Reading, Role, lay_out, moved
from grading.training.examples import NEAREST_SHARE, SHOWN_SHARE, Asked, Example
from grading.training.texts import TextTable

BATCH_TOKENS = 10_000
SORTED_TOGETHER = 256  # examples among which those of like length are put together
RATE, NEW_RATE = 4e-4, 1.2e-3  # of the encoder's layers, of what reads them
WARM_UP_SHARE = 0.06  # of all steps
POINTER_WEIGHT = 0.25
DROP = 0.1
REPORTED = 25  # steps
# What is kept is the mean of the weights over some 500 steps, every step counting this
# share of the next: better on items left out than the last weights are.
KEPT = 0.998
FURTHER = 0.3  # of the rates, for what has learned before
AGREE_WEIGHT = 1.0  # of what the others think, beside the labels

Group = TypeVar("Group")


@dataclass(slots=True)
class Batch:
    """Examples side by side, with their labels.

    Attributes:
        reading: What the network reads.
        target: (criteria, 4).
        either: (criteria,) missing or contradicted, not known which.
        weight: (criteria,).
        pointer: (criteria, sentences + 1) shares; all 0 where not known.
    """

    reading: Reading
    target: Tensor
    either: Tensor
    weight: Tensor
    pointer: Tensor


@dataclass(slots=True)
class Laid:
    """An example as the judge reads it.

    Attributes:
        example: With its labels.
        parts: Its texts.
        near: (criteria, sentences) how near each is, as the reading has it.
    """

    example: Example
    parts: list[Part]
    near: Cosines

    @property
    def tokens(self) -> int:
        """How much there is to read."""
        return sum(len(part.states) for part in self.parts)


def laid_out(example: Example, table: TextTable, chance: random.Random) -> Laid:
    """Give an example as the judge reads it, with some references and misconceptions.

    Raises:
        KeyError: A text is not in the table.
    """
    said = [table.row(text) for text in example.sentences]
    parts = [Part(table.states[table.row(example.question)], Role.QUESTION)]
    parts += [Part(table.states[row], Role.ANSWER) for row in said]
    near = []
    for asked in example.asked:
        right = [table.row(text) for text in (asked.says, *asked.references)]
        cosines = table.cosines(said, right).max(axis=1)
        near.append(cosines - cosines.max())
        parts.append(Part(table.states[right[0]], Role.SAYS))
        for texts, role in (
            (asked.references, Role.REFERENCE),
            (asked.misconceptions, Role.MISCONCEPTION),
        ):
            if not texts or chance.random() >= SHOWN_SHARE:
                continue
            rows = [table.row(text) for text in texts]
            pick = chance.randrange(len(rows))
            if chance.random() < NEAREST_SHARE:
                pick = table.nearest(rows, said)
            parts.append(Part(table.states[rows[pick]], role))
    return Laid(example=example, parts=parts, near=np.stack(near))


def batch_of(group: Sequence[Laid]) -> Batch:
    """Make a batch with its labels."""
    reading = lay_out([one.parts for one in group], [one.near for one in group])
    wide = reading.sentences.shape[1] + 1
    asked = [asked for one in group for asked in one.example.asked]
    return Batch(
        reading=reading,
        target=torch.tensor([one.target for one in asked], dtype=torch.float32),
        either=torch.tensor([one.either for one in asked]),
        weight=torch.tensor([one.weight for one in asked]),
        pointer=torch.stack([_pointer(one, wide) for one in asked]),
    )


def _pointer(asked: Asked, wide: int) -> Tensor:
    shares = torch.zeros(wide)
    if asked.sentences is None:
        return shares
    known = [k for k in asked.sentences if k < wide - 1]
    if known:
        shares[known] = 1 / len(known)
    elif not asked.sentences:
        shares[-1] = 1
    return shares


def device_of(network: nn.Module) -> torch.device:
    """Give where a network's weights are."""
    return next(network.parameters()).device


def judge_loss(peers: nn.ModuleList, group: Sequence[Laid]) -> Tensor:
    """Give how surprised judges are by the labels of some examples and by each other."""
    batch = moved(batch_of(group), device_of(peers))
    attend = attention_of(batch.reading)
    told: list[Judged] = [judge(batch.reading, attend) for judge in peers]
    losses = [loss_of(one, batch) for one in told]
    return taken_together(losses, [one.classes for one in told], batch.weight)


def taken_together(
    losses: Sequence[Tensor], classes: Sequence[Tensor], weight: Tensor
) -> Tensor:
    """Give how surprised networks are by the labels and by each other, added up.

    Args:
        losses: What each makes of the labels; at least one.
        classes: For each (examples, classes) logits.
        weight: (examples,) how much each counts.
    """
    return torch.stack(list(losses)).sum() + AGREE_WEIGHT * disagreement(
        classes, weight
    )


def mean_over(values: Tensor, weight: Tensor) -> Tensor:
    """Give the weighted mean of (examples,) values."""
    return (values * weight).sum() / weight.sum()


def disagreement(classes: Sequence[Tensor], weight: Tensor) -> Tensor:
    """Give how surprised each is by what the others think, added up.

    Nobody is moved by how it surprises others.

    Args:
        classes: For each network (examples, classes) logits.
        weight: (examples,) how much each counts.

    Returns:
        For each network the Kullback-Leibler divergence from the mean of the others'
        chances, on average over the examples; 0 where there is only one network.
    """
    logs = torch.stack([one.log_softmax(-1) for one in classes])
    if len(logs) == 1:
        return logs.new_zeros(())
    chances = logs.detach().exp()
    others = (chances.sum(0) - chances) / (len(logs) - 1)
    apart = nn.functional.kl_div(logs, others, reduction="none").sum(-1)
    return mean_over(apart, weight)


def loss_of(judged: Judged, batch: Batch) -> Tensor:
    """Give how surprised the judge is by the labels."""
    logs = judged.classes.log_softmax(-1)
    told = -(batch.target * logs).sum(-1)
    silent = -torch.logsumexp(logs[..., [0, 3]], -1)
    classes = torch.where(batch.either, silent, told)
    pointers = -(batch.pointer * judged.pointers).sum(-1)
    return mean_over(classes + POINTER_WEIGHT * pointers, batch.weight)


def grouped(
    examples: Sequence[Example],
    table: TextTable,
    chance: random.Random,
    batch_tokens: int = BATCH_TOKENS,
) -> list[list[Laid]]:
    """Put examples of like length side by side, in an order of chance."""
    table.add(text for example in examples for text in example.sentences)  # games
    table.add(asked.says for example in examples for asked in example.asked)  # turned
    laid = [laid_out(example, table, chance) for example in examples]
    return side_by_side(laid, SORTED_TOGETHER, batch_tokens, chance)


class Sized(Protocol):
    """Whatever takes a known number of tokens to read."""

    @property
    def tokens(self) -> int:
        """How many."""


AnySized = TypeVar("AnySized", bound=Sized)


def side_by_side(
    laid: list[AnySized], together: int, most: int, chance: random.Random
) -> list[list[AnySized]]:
    """Put what is of like length into the same group, in an order of chance.

    Args:
        laid: Is shuffled.
        together: How many are sorted together.
        most: Tokens of a group, but for one that alone has more.
        chance: What is left to it.
    """
    chance.shuffle(laid)
    groups: list[list[AnySized]] = []
    for at in range(0, len(laid), together):
        group: list[AnySized] = []
        tokens = 0
        for one in sorted(laid[at : at + together], key=lambda one: one.tokens):
            if group and tokens + one.tokens > most:
                groups.append(group)
                group, tokens = [], 0
            group.append(one)
            tokens += one.tokens
        groups.append(group)
    chance.shuffle(groups)
    return groups


def optimizer_for(peers: nn.ModuleList, rates: float = 1.0) -> torch.optim.AdamW:
    """Give an optimizer that moves the encoder's layers less than what reads them.

    Args:
        peers: What is moved.
        rates: Which share of the usual ones.
    """
    taken = [p for n, p in peers.named_parameters() if ".layers." in n]
    new = [p for n, p in peers.named_parameters() if ".layers." not in n]
    return torch.optim.AdamW(
        [
            {"params": taken, "lr": rates * RATE},
            {"params": new, "lr": rates * NEW_RATE},
        ],
        weight_decay=0.01,
    )


def take_step(
    loss: Tensor,
    peers: nn.ModuleList,
    optimizer: torch.optim.Optimizer,
    rate: torch.optim.lr_scheduler.LambdaLR,
) -> float:
    """Move the weights down a loss; gives it."""
    optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    for network in peers:
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimizer.step()
    rate.step()
    return float(loss.detach())


def warm_then_down(
    optimizer: torch.optim.Optimizer, total: int
) -> torch.optim.lr_scheduler.LambdaLR:
    """Give rates that rise over the first steps and fall in a line over the rest."""
    return torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda step: min(
            (step + 1) / (WARM_UP_SHARE * total),
            max(0.02, 1 - step / total),
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage(Generic[Group]):
    """Some passes over what is of one kind; rates rise and fall within a stage.

    Attributes:
        name: For the report.
        make: Makes the groups of a pass, one for each step.
        passes: How many; at least one.
        rates: Which share of the usual ones.
    """

    name: str
    make: Callable[[random.Random], Sequence[Group]]
    passes: int = 1
    rates: float = 1.0


def learn(
    peers: nn.ModuleList,
    stages: Sequence[Stage[Group]],
    loss_of: Callable[[Group], Tensor],
    seed: int,
    report: Callable[[str], None],
) -> None:
    """Fit networks, one stage after the other.

    Args:
        peers: Are fitted, from where they are.
        stages: What is shown, in order.
        loss_of: Gives how surprised the networks are by the labels of a group, added up.
        seed: Of everything that is left to chance.
        report: Told the loss now and then.
    """
    torch.manual_seed(seed)
    chance = random.Random(seed)
    peers.train()
    kept = AveragedModel(peers, multi_avg_fn=_nearer)
    for stage in stages:
        optimizer = optimizer_for(peers, stage.rates)
        groups = stage.make(chance)
        total = len(groups) * stage.passes
        rate = warm_then_down(optimizer, total)
        step = 0
        losses: list[float] = []
        for turn in range(stage.passes):
            if turn > 0:
                groups = stage.make(chance)
            for group in groups:
                losses.append(take_step(loss_of(group), peers, optimizer, rate))
                kept.update_parameters(peers)
                step += 1
                if len(losses) == REPORTED:
                    mean = sum(losses) / (REPORTED * len(peers))
                    report(f"{stage.name}: step {step} of {total} loss {mean:.3f}")
                    losses = []
    peers.load_state_dict(kept.module.state_dict())
    peers.eval()


def _nearer(
    mean: Sequence[Tensor], weights: Sequence[Tensor], count: Tensor | int
) -> None:
    """Move the mean towards the weights: much at first, then as ``KEPT`` says."""
    kept = min(KEPT, (1 + int(count)) / (10 + int(count)))
    move = get_ema_multi_avg_fn(kept)  # type: ignore[no-untyped-call]
    move(mean, weights, count)


def go_back_halfway(network: nn.Module, before: Mapping[str, Tensor]) -> None:
    """Set the weights to the mean of what they are and what they were.

    What was learned last is kept for the most part, and less of what was known before
    is lost (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models").
    """
    now = network.state_dict()
    network.load_state_dict(
        {k: torch.lerp(before[k].to(v), v, 0.5) for k, v in now.items()}
    )


def write_network(network: nn.Module, path: Path) -> str:
    """Store the weights as :func:`write_tensors` does; gives the hash."""
    return write_tensors(network.state_dict(), path)


def write_tensors(tensors: Mapping[str, Tensor], path: Path) -> str:
    """Store tensors in half precision beside their hash; gives the hash."""
    state = {
        name: tensor.to("cpu", torch.float16).contiguous()
        for name, tensor in tensors.items()
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(state, path)
    path.chmod(0o644)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    path.with_suffix(".sha256").write_text(f"{digest}  {path.name}\n", "ascii")
    return digest
