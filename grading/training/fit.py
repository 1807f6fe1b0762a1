"""Fits the judge: fixed seed, fixed number of steps, CPU only."""

import itertools
import math
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from grading.training.batches import Batch, as_batch
from grading.training.compose import draw_units
from grading.training.corpus import Corpus, PublicAnswer
from grading.network import JudgeNetwork

POOL = 12  # batches drawn at a time and sorted by length, so that little is padding
WARM_UP = 0.08  # share of the steps over which the rate rises
KEEP_EVERY = 100  # steps between states that survive an interruption
TAG_LOSS = 0.35  # weight of the sentence tags beside the verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How long and how fast to fit.

    Attributes:
        steps: Optimizer steps.
        rate: Peak learning rate of the top layers.
        decay: Each layer below learns by this factor more slowly.
        units: Units a step.
        average: Decay of the running mean of the weights that is kept.
        frozen: Bottom layers that stay as the encoder has them: half the cost of
            learning them is saved, and their word senses are kept.
    """

    steps: int
    rate: float = 2e-4
    decay: float = 0.85
    units: int = 8
    seed: int = 7
    average: float = 0.99
    frozen: int = 2


def losses(verdicts: Tensor, tag_logits: Tensor, batch: Batch) -> Tensor:
    """Give the loss of a batch: verdicts, known tags, and tags implied by verdicts."""
    explained = (verdicts.softmax(-1) * batch.allowed).sum(-1).clamp(min=1e-6)
    verdict = (-explained.log() * batch.weight).sum() / batch.weight.sum()
    flat = batch.tags.flatten()
    known = flat >= 0
    if bool(known.any()):
        weights = torch.tensor([0.5, 1.0, 1.0])
        tag = functional.cross_entropy(
            tag_logits.flatten(0, 1)[known], flat[known], weight=weights
        )
    else:
        tag = torch.zeros(())
    return verdict + TAG_LOSS * (tag + _implied(tag_logits, batch))


def _implied(tag_logits: Tensor, batch: Batch) -> Tensor:
    """Ask that some sentence supports what is met, and none what is missing."""
    whole = (batch.tags < 0).all(-1)
    if not bool(whole.any()):
        return torch.zeros(())
    chance = tag_logits[whole].softmax(-1)
    allowed = batch.allowed[whole]
    strongest = chance[..., 1:].amax(1).clamp(1e-5, 1 - 1e-5)
    met = ((allowed[:, 0] > 0.9) | (allowed[:, 1] > 0.9)).float()
    wrong = ((allowed[:, 3] > 0.9) & (allowed[:, 2] < 0.5)).float()
    none = ((allowed[:, 2] > 0.9) & (allowed[:, 3] < 0.5)).float()
    supports, against = strongest[:, 0], strongest[:, 1]
    loss = -(met * supports.log() + (1 - met) * (1 - supports).log())
    loss = loss - wrong * against.log() - none * (1 - against).log()
    return loss.mean()


def fit(
    network: JudgeNetwork,
    tokenizer: Tokenizer,
    corpus: Corpus,
    public: Sequence[PublicAnswer],
    recipe: Recipe,
    report: Callable[[str], None],
    keep_state: Callable[[dict[str, Tensor]], None] = lambda state: None,
) -> JudgeNetwork:
    """Fit a grown network and give it back with the mean of its last weights."""
    torch.manual_seed(recipe.seed)
    stream = draw_units(corpus, public, random.Random(recipe.seed))
    optimizer = torch.optim.AdamW(_groups(network, recipe), weight_decay=0.01)
    peaks = [group["lr"] for group in optimizer.param_groups]
    mean = {k: v.clone() for k, v in network.state_dict().items()}
    network.train()
    running, began = 0.0, time.monotonic()
    batches = _batches(tokenizer, stream, recipe)
    for step in range(recipe.steps):
        for group, peak in zip(optimizer.param_groups, peaks, strict=True):
            group["lr"] = peak * _slope(step, recipe.steps)
        batch = next(batches)
        verdicts, tag_logits = network(batch.reading)
        loss = losses(verdicts, tag_logits, batch)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        keep = min(recipe.average, (step + 1) / (step + 10))
        with torch.no_grad():
            for name, value in network.state_dict().items():
                if name != "words.weight":
                    mean[name].lerp_(value, 1 - keep)
        running += (float(loss.detach()) - running) / min(step + 1, 50)
        if step % 50 == 49:
            report(f"step {step + 1} loss {running:.3f} {time.monotonic() - began:.0f} s")
        if step % KEEP_EVERY == KEEP_EVERY - 1:
            keep_state(mean)
    network.load_state_dict(mean)
    network.eval()
    return network


def _groups(network: JudgeNetwork, recipe: Recipe) -> list[dict[str, object]]:
    """Give the parameters that learn; the word embeddings stay as they came."""
    groups: list[dict[str, object]] = []
    for part in ("words", "places", "kinds", "norm"):
        getattr(network, part).requires_grad_(requires_grad=False)
    for number, layer in enumerate(network.layers):
        if number < recipe.frozen:
            layer.requires_grad_(requires_grad=False)
            continue
        rate = recipe.rate * recipe.decay ** (len(network.layers) - 1 - number)
        groups.append({"params": list(layer.parameters()), "lr": rate})
    heads = ("ask", "tell", "both", "tag", "merge", "join", "verdict")
    rest = [p for name in heads for p in getattr(network, name).parameters()]
    rest.append(network.alike)
    groups.append({"params": rest, "lr": recipe.rate * 2})
    return groups


def _slope(step: int, steps: int) -> float:
    """Give the share of the peak rate: up in a line, down in a half cosine."""
    warm = max(1, int(WARM_UP * steps))
    if step < warm:
        return (step + 1) / warm
    return 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, steps - warm)))


def _batches(tokenizer: Tokenizer, stream, recipe: Recipe):  # type: ignore[no-untyped-def]
    """Give batches of units of about the same length."""
    chance = random.Random(recipe.seed + 1)
    while True:
        pool = list(itertools.islice(stream, POOL * recipe.units))
        pool.sort(key=lambda unit: len(unit.answer))
        cuts = [
            pool[k : k + recipe.units] for k in range(0, len(pool), recipe.units)
        ]
        # Short units are cheap, so a step takes as many of them as one long batch.
        chance.shuffle(cuts)
        for cut in cuts:
            yield as_batch(tokenizer, cut)
