"""Fits the judge: fixed seed, fixed number of passes, CPU only, minutes."""

import hashlib
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor

from grading.head import JudgeHead
from grading.judge import SHARPNESS
from grading.training.segments import Segments, Table

RUNS = 256  # runs of one label in a step
RATE = 1.5e-3
WARM_UP = 40  # steps


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How long to fit, and from which seed."""

    passes: int = 8
    seed: int = 1


@dataclass(slots=True)
class Learned:
    """A fitted judge and the scale of its numbers."""

    head: JudgeHead
    mean: Tensor
    scale: Tensor

    def write(self, path: Path) -> str:
        """Store the weights in half precision beside their hash; gives the hash."""
        state = {k: v.to(torch.float16) for k, v in self.head.state_dict().items()}
        state |= {"mean": self.mean.float(), "scale": self.scale.float()}
        path.parent.mkdir(parents=True, exist_ok=True)
        save_file({k: v.contiguous() for k, v in state.items()}, path)
        path.chmod(0o644)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        path.with_suffix(".sha256").write_text(f"{digest}  {path.name}\n", "ascii")
        return digest


def learn(
    segments: Segments,
    table: Table,
    chosen: Sequence[int],
    recipe: Recipe,
    report: Callable[[str], None],
) -> Learned:
    """Fit a judge on some runs.

    Args:
        segments: All runs.
        table: The vectors that they refer to.
        chosen: Indices of the runs to learn from.
        recipe: How.
        report: Told the loss now and then.
    """
    torch.manual_seed(recipe.seed)
    chance = random.Random(recipe.seed)
    head = JudgeHead()
    optimizer = torch.optim.AdamW(head.parameters(), lr=RATE, weight_decay=0.05)
    vectors = torch.from_numpy(
        np.concatenate(
            [table.vectors, np.zeros((1, table.vectors.shape[1]), np.float32)]
        )
    )
    numbers = torch.from_numpy(np.concatenate(segments.numbers))
    mean, scale = numbers.mean(0), numbers.std(0)
    allowed = torch.tensor(segments.allowed, dtype=torch.float32)
    weights = torch.tensor(segments.weights)
    columns = [
        torch.tensor(c)
        for c in (segments.sentence, segments.says, segments.right, segments.wrong)
    ]
    order = list(chosen)
    steps, total = 0, recipe.passes * (len(order) // RUNS + 1)
    head.train()
    for turn in range(recipe.passes):
        chance.shuffle(order)
        losses = []
        for at in range(0, len(order), RUNS):
            runs = order[at : at + RUNS]
            rows, place = _rows(segments, runs)
            for group in optimizer.param_groups:
                group["lr"] = (
                    RATE * min(1, steps / WARM_UP) * max(0.02, 1 - steps / total)
                )
            inputs = [vectors[column[rows]] for column in columns]
            logits = head(*inputs, (numbers[rows] - mean) / scale)
            chances = _pooled(logits, place, len(runs)).softmax(-1)
            explained = (chances * allowed[runs]).sum(-1).clamp(min=1e-6)
            loss = -(explained.log() * weights[runs]).sum() / weights[runs].sum()
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            steps += 1
            losses.append(float(loss.detach()))
        report(f"pass {turn + 1} loss {sum(losses) / len(losses):.3f}")
    head.eval()
    return Learned(head, mean, scale)


def _rows(segments: Segments, runs: Sequence[int]) -> tuple[Tensor, Tensor]:
    """Give the pairs of some runs, and which of the runs each belongs to."""
    spans = [(segments.starts[k], segments.starts[k + 1]) for k in runs]
    rows = np.concatenate([np.arange(a, b) for a, b in spans])
    place = np.repeat(np.arange(len(runs)), [b - a for a, b in spans])
    return torch.from_numpy(rows), torch.from_numpy(place)


def _pooled(logits: Tensor, place: Tensor, runs: int) -> Tensor:
    """Give (runs, 3): nothing, makes it, contradicts it, by a soft maximum."""
    claims = ((logits - logits[:, :1])[:, 1:] * SHARPNESS).clamp(max=40).exp()
    sums = torch.zeros(runs, 2).index_add(0, place, claims)
    strength = (sums + 1e-9).log() / SHARPNESS
    return torch.cat([torch.zeros(runs, 1), strength], dim=-1)
