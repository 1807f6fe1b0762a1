"""Train the close reader; the figures and the calibration come from calibrate_judge."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from grading.close_reader import WEIGHTS
from grading.training.claims import ClaimPasses
from grading.training.learn import write_network
from grading.training.learn_close import learn_close
from grading.training.materials import add_arguments, gather, timed
from grading.training.passes import located_in, whole_answers


class Command(BaseCommand):
    """About an hour of one core; the same data and seed give the same weights."""

    help = "Train the close reader on the same texts as the judge, and on claims."
    requires_system_checks: list[str] = []  # noqa: RUF012 - as Django types it

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what is kept for measuring, and where to read and write."""
        parser.add_argument(
            "judge", type=Path, help="weights of train_judge with the same --keep"
        )
        add_arguments(parser)
        parser.add_argument("--out", type=Path, default=WEIGHTS)
        parser.add_argument("--passes", type=int, default=2)

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, fit, write."""
        say = timed(self)
        all_of_it = gather(options["keep"], options["public"], options["table"])
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
        network = learn_close(
            make,
            max(1, options["passes"]),
            make.table,
            options["seed"],
            say,
            judge=options["judge"],
        )
        say(f"close reader {write_network(network, options['out'])}")
