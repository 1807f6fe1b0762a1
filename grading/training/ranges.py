"""What goes into the layers of networks, seen on texts: they are rounded by that."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from grading.core.rubric import Rubric
from grading.grader import Grader
from grading.training.corpus import ShortAnswer
from grading.training.held import rubric_of
from grading.training.passes import Split, is_held, some

WHOLE_ANSWERS, FACTS = 120, 120  # that are read
# By number and name of a part ("0.qkv"): (2, in), the least and the most of each column,
# in the mean of all that was read at a time. Rounding leaves room for twice as much.
Seen = dict[str, Tensor]


def texts_to_see(
    split: Split, shorts: Sequence[ShortAnswer]
) -> list[tuple[Rubric, str]]:
    """Draw answers of all kinds, none of which is kept for measuring."""
    chance = random.Random("ranges")
    whole = [a for a in split.learned.answers if a.answer.strip()]
    facts = [one for one in shorts if not is_held(one) and one.answer.strip()]
    rubrics = split.learned.rubrics
    return [
        *((rubrics[a.item], a.answer) for a in some(whole, WHOLE_ANSWERS, chance)),
        *((rubric_of(a), a.answer) for a in some(facts, FACTS, chance)),
    ]


def seen_while(
    grader: Grader,
    texts: Sequence[tuple[Rubric, str]],
    networks: Mapping[str, nn.ModuleList],
) -> dict[str, Seen]:
    """Score some texts and tell what went into the layers of each network.

    Args:
        grader: Whose networks they are; none of them is rounded.
        texts: Are scored.
        networks: Layers by any name.
    """
    with ExitStack() as watching:
        seen = {
            name: watching.enter_context(watched(layers))
            for name, layers in networks.items()
        }
        grader.score_many(texts)
        return seen


@contextmanager
def watched(layers: nn.ModuleList) -> Iterator[Seen]:
    """Watch what goes into the linear parts of layers."""
    seen: Seen = {}
    times: Counter[str] = Counter()

    def watching(name: str) -> Any:
        def see(_: nn.Module, given: tuple[Tensor]) -> None:
            times[name] += 1
            now = torch.stack(given[0].aminmax(dim=0))
            seen[name] = torch.lerp(seen.get(name, now), now, 1 / times[name])

        return see

    hooks = [
        part.register_forward_pre_hook(watching(f"{number}.{name}"))
        for number, layer in enumerate(layers)
        for name, part in layer.named_children()
        if isinstance(part, nn.Linear)
    ]
    try:
        yield seen
    finally:
        for hook in hooks:
            hook.remove()
