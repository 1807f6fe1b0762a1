"""Train the judge; the figures and the calibration come from calibrate_judge."""

import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from grading.encoder import SentenceEncoder
from grading.judge import WEIGHTS
from grading.training.corpus import DATA_FOLDER, load_corpus, load_public, load_short
from grading.training.learn import learn, write_network
from grading.training.passes import Passes, texts_of, without_answers, without_items
from grading.training.texts import TextTable
from questions.content_files import bundled_items


class Command(BaseCommand):
    """About an hour of one core; the same data and seed give the same weights."""

    help = "Train the judge on grading/training/data and, if given, the public sets."
    requires_system_checks: list[str] = []  # noqa: RUF012 - as Django types it

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what is kept for measuring, and where to read and write."""
        parser.add_argument(
            "--keep",
            choices=("answers", "items"),
            default="answers",
            help="kept for measuring: a third of the development answers (the weights"
            " that are shipped), or all bundled items and a quarter of the others",
        )
        parser.add_argument("--out", type=Path, default=WEIGHTS)
        parser.add_argument("--passes", type=int, default=2)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--start", type=Path, help="weights to go on from")
        parser.add_argument("--public", type=Path, help="a folder of public sets")
        parser.add_argument("--table", type=Path, help="a .npz to keep states in")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, fit, write."""
        began = time.monotonic()

        def say(text: str) -> None:
            self.stdout.write(f"[{time.monotonic() - began:5.0f} s] {text}")
            self.stdout.flush()

        bundled = {k: v.rubric for k, v in bundled_items().items() if v.criteria}
        corpus = load_corpus([DATA_FOLDER], bundled)
        shorts = load_short(DATA_FOLDER)
        if options["public"]:
            shorts += load_public(options["public"])
        keep = without_items if options["keep"] == "items" else without_answers
        split = keep(corpus, frozenset(bundled))
        table = TextTable(SentenceEncoder())
        if options["table"] and options["table"].is_file():
            table.load(options["table"])
        table.add(texts_of(corpus, shorts))
        if options["table"]:
            table.save(options["table"])
        say(
            f"{len(split.learned.answers)} answers, {len(split.learned.banks)} banks,"
            f" {len(split.learned.rubrics)} items; {len(split.held)} answers are kept"
        )
        make = Passes.over(split.learned, shorts, frozenset(bundled), table)
        network = learn(
            [make] * max(1, options["passes"]),
            table,
            options["seed"],
            say,
            options["start"],
        )
        say(f"judge {write_network(network, options['out'])}")
