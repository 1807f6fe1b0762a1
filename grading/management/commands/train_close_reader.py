"""Train the close reader; the figures and the calibration come from calibrate_judge."""

import random
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from torch import nn

from grading.close_network import CloseNetwork
from grading.close_reader import WEIGHTS
from grading.loading import fill_each
from grading.training.claims import ClaimPasses
from grading.training.learn import DROP, FURTHER, Stage, learn, write_network
from grading.training.learn_close import Lined, close_loss, grouped
from grading.training.materials import add_arguments, gather, timed
from grading.training.passes import located_in, some_share, whole_answers


class Command(BaseCommand):
    """Minutes of a GPU, or hours of several cores.

    On a CPU, the same data and seed give the same weights.
    """

    help = "Train the close reader on the same texts as the judge, and on claims."
    requires_system_checks: list[str] = []  # noqa: RUF012 - as Django types it

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what is kept for measuring, and where to read and write."""
        parser.add_argument(
            "start",
            type=Path,
            nargs="+",
            help="weights of train_entailment; networks that start from several learn"
            " side by side, and the first is stored",
        )
        add_arguments(parser)
        parser.add_argument("--out", type=Path, default=WEIGHTS)
        parser.add_argument("--passes", type=int, default=4)
        parser.add_argument(
            "--further",
            action="store_true",
            help="the start has learned all this before: learn on at lower rates",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, fit, write."""
        say = timed(self)
        device = options["device"]
        # What is shipped is what is measured: rubrics of one criterion are seldom those
        # of the bundled items, and little would be gained by learning from them.
        all_of_it = gather("items", options["public"], options["table"], device)
        learned = all_of_it.split.learned
        make = ClaimPasses(
            corpus=learned,
            located=[
                located_in(example, all_of_it.table)
                for example in whole_answers(learned)
            ],
            shorts=all_of_it.shorts,
            claims=all_of_it.claims,
            table=all_of_it.table,
        )
        say(
            f"{len(learned.banks)} banks, {len(make.located)} answers,"
            f" {len(make.claims)} claims"
        )
        readers = [CloseNetwork(drop=DROP) for _ in options["start"]]
        fill_each(readers, options["start"], rounded=False)
        peers = nn.ModuleList(readers).to(device)

        def groups(chance: random.Random) -> list[list[Lined]]:
            shown = some_share(make(chance), options["share"], chance)
            return grouped(shown, make.table, chance)

        stage = Stage(
            name="marking",
            make=groups,
            passes=max(1, options["passes"]),
            rates=FURTHER if options["further"] else 1.0,
        )
        learn(peers, [stage], partial(close_loss, peers), options["seed"], say)
        say(f"close reader {write_network(readers[0], options['out'])}")
