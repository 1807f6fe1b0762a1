"""Train a network to compare two texts; train_close_reader goes on from it."""

import random
from functools import partial
from pathlib import Path
from typing import Any

import torch
from django.core.management.base import BaseCommand, CommandParser
from safetensors.torch import load_file
from torch import nn

from grading.close_network import CloseNetwork
from grading.encoder import checked_weights
from grading.training.corpus import DATA_FOLDER, load_claims
from grading.training.entailment import (
    ECHOED,
    ECHOED_AGAIN,
    load_entailment,
    texts_to_echo,
    without_some,
)
from grading.training.labelled_pairs import echoes
from grading.training.learn import DROP, Stage, learn, write_network
from grading.training.learn_close import Lined, close_loss, grouped, right_share
from grading.training.materials import add_device, table_from, timed


class Command(BaseCommand):
    """A minute of a GPU, or some 35 minutes of a core a pass.

    On a CPU, the same data and seed give the same weights.
    """

    help = "Train a network to tell what follows from a text and what it denies."
    requires_system_checks: list[str] = []  # noqa: RUF012 - as Django types it

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the public pairs, and where to read and write."""
        parser.add_argument("pairs", type=Path, help="a folder of public pairs")
        parser.add_argument("out", type=Path)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--passes", type=int, default=1)
        parser.add_argument("--table", type=Path, help="a .npz to keep states in")
        add_device(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, fit, write."""
        say = timed(self)
        seed = options["seed"]
        learned, kept = without_some(load_entailment(options["pairs"]), seed)
        texts = texts_to_echo(load_claims(DATA_FOLDER))
        table = table_from(options["table"], options["device"], rounded=False)
        table.add(text for pair in (*learned, *kept) for text in pair.texts)
        if options["table"]:
            table.save(options["table"])
        chance = random.Random(seed)  # noqa: S311 - nobody's secret
        held_echoes = echoes(texts[::20], chance)
        rest = [text for k, text in enumerate(texts) if k % 20]
        say(f"{len(learned)} pairs, {len(kept)} kept, {len(rest)} texts to echo")

        def first(chance: random.Random) -> list[list[Lined]]:
            made = echoes(rest, chance)
            return grouped(chance.sample(made, min(ECHOED, len(made))), table, chance)

        def then(chance: random.Random) -> list[list[Lined]]:
            again = echoes(rest, chance)
            count = min(len(again), round(ECHOED_AGAIN * len(learned)))
            made = [*learned, *chance.sample(again, count)]
            return grouped(made, table, chance)

        torch.manual_seed(seed)  # what reads the layers starts by chance
        network = CloseNetwork(drop=DROP)
        network.start_from(load_file(checked_weights()))
        alone = nn.ModuleList([network]).to(options["device"])
        stages = (
            Stage(name="echoes", make=first),
            Stage(name="entailment", make=then, passes=max(1, options["passes"])),
        )
        for number, stage in enumerate(stages):
            learn(alone, [stage], partial(close_loss, alone), seed + number, say)
            say(
                f"after {stage.name}: kept echoes right"
                f" {right_share(network, held_echoes, table):.3f},"
                f" kept pairs {right_share(network, kept, table):.3f}"
            )
        say(f"network {write_network(network, options['out'])}")
