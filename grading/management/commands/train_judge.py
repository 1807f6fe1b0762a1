"""Train the judge; the figures and the calibration come from calibrate_judge."""

import random
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import torch
from django.core.management.base import BaseCommand, CommandError, CommandParser
from safetensors.torch import load_file
from torch import nn

from grading.encoder import checked_weights
from grading.judge import WEIGHTS
from grading.loading import fill_each, weights_in
from grading.network import JudgeNetwork
from grading.training.examples import Example
from grading.training.learn import (
    BATCH_TOKENS,
    DROP,
    FURTHER,
    Laid,
    Stage,
    go_back_halfway,
    grouped,
    judge_loss,
    learn,
    write_network,
)
from grading.training.materials import add_arguments, gather, timed
from grading.training.passes import Passes, some_share


class Command(BaseCommand):
    """Minutes of a GPU, or hours of several cores.

    On a CPU, the same data and seed give the same weights.
    """

    help = "Train the judge on grading/training/data and, if given, the public sets."
    requires_system_checks: list[str] = []  # noqa: RUF012 - as Django types it

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what is kept for measuring, and where to read and write."""
        add_arguments(parser)
        parser.add_argument(
            "--keep",
            choices=("answers", "items"),
            default="answers",
            help="what no training sees: a third of the development answers, as with the"
            " weights that are shipped; or all bundled items and some of the others",
        )
        parser.add_argument(
            "--start",
            type=Path,
            nargs="+",
            default=[],
            help="weights to learn on from, at lower rates; the first is stored",
        )
        parser.add_argument(
            "--halfway",
            action="store_true",
            help="with --start: store the mean of the weights before and after",
        )
        parser.add_argument("--out", type=Path, default=WEIGHTS[0])
        parser.add_argument("--passes", type=int, default=9)
        parser.add_argument(
            "--peers",
            type=int,
            default=2,
            help="how many learn side by side; the first is stored",
        )
        parser.add_argument(
            "--batch-tokens",
            type=int,
            default=BATCH_TOKENS,
            help="how much is read before the weights move",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, fit, write.

        Raises:
            CommandError: There is nothing to be halfway from.
        """
        if options["halfway"] and not options["start"]:
            raise CommandError("--halfway: needs --start, where it is halfway from")
        say = timed(self)
        device = options["device"]
        all_of_it = gather(options["keep"], options["public"], options["table"], device)
        split, table = all_of_it.split, all_of_it.table
        say(
            f"{len(split.learned.answers)} answers, {len(split.learned.banks)} banks,"
            f" {len(split.learned.rubrics)} items; {len(split.held)} answers are kept"
        )
        make = Passes.over(
            all_of_it.learned_with_claims, all_of_it.shorts, all_of_it.bundled, table
        )
        torch.manual_seed(options["seed"])  # what starts anew starts by chance
        judges = judges_of(options["start"], max(1, options["peers"]))
        peers = nn.ModuleList(judges).to(device)

        def groups_of(
            make: Callable[[random.Random], Sequence[Example]],
        ) -> Callable[[random.Random], list[list[Laid]]]:
            def groups(chance: random.Random) -> list[list[Laid]]:
                shown = some_share(make(chance), options["share"], chance)
                return grouped(shown, table, chance, options["batch_tokens"])

            return groups

        answers = Stage(
            name="answers",
            make=groups_of(make),
            passes=max(1, options["passes"]),
            rates=FURTHER if options["start"] else 1.0,
        )
        echoes = Stage(name="echoes", make=groups_of(make.echoes))
        stages = (answers,) if options["start"] else (echoes, answers)
        learn(peers, stages, partial(judge_loss, peers), options["seed"], say)
        if options["halfway"]:
            go_back_halfway(judges[0], weights_in(options["start"][0]))
        say(f"judge {write_network(judges[0], options['out'])}")


def judges_of(starts: Sequence[Path], count: int) -> list[JudgeNetwork]:
    """Give networks that have learned before, or so many that have not.

    Raises:
        ModelIntegrityError: A file has another network's weights.
    """
    if starts:
        judges = [JudgeNetwork(drop=DROP) for _ in starts]
        fill_each(judges, starts, rounded=False)
        return judges
    weights = load_file(checked_weights())
    judges = [JudgeNetwork(drop=DROP) for _ in range(count)]
    for judge in judges:
        judge.start_from(weights)
    return judges
