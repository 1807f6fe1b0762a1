"""Measure what goes into the layers of trained networks, by which they are rounded."""

from pathlib import Path
from typing import Any

import torch
from django.core.management.base import BaseCommand, CommandParser
from torch import nn

from grading.close_reader import WEIGHTS as CLOSE_WEIGHTS
from grading.close_reader import CloseReader
from grading.encoder import RANGES, SentenceEncoder
from grading.grader import Grader
from grading.judge import WEIGHTS, Judge
from grading.loading import SEEN, weights_in
from grading.network import LOWER_LAYERS
from grading.training.corpus import (
    DATA_FOLDER,
    kept_items,
    load_corpus,
    load_short,
)
from grading.training.held import no_calibration
from grading.training.learn import write_tensors
from grading.training.passes import without_items
from grading.training.ranges import Seen, seen_while, texts_to_see
from questions.content_files import bundled_items


class Command(BaseCommand):
    """Some minutes; nothing is fitted, and nothing kept for measuring is read."""

    help = "Measure what goes into trained layers and store it in their weights' files."
    requires_system_checks: list[str] = []  # noqa: RUF012 - as Django types it

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the files."""
        parser.add_argument("--weights", type=Path, nargs="+", default=WEIGHTS)
        parser.add_argument("--close", type=Path, default=CLOSE_WEIGHTS)
        parser.add_argument(
            "--encoder", type=Path, default=RANGES, help="what to write of the encoder"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Score some answers in full precision, watching; then write."""
        torch.set_num_threads(1)
        bundled = {k: v.rubric for k, v in bundled_items().items() if v.criteria}
        corpus = load_corpus([DATA_FOLDER], bundled)
        split = without_items(corpus, frozenset(bundled), kept_items())
        texts = texts_to_see(split, load_short(DATA_FOLDER))
        encoder = SentenceEncoder(rounded=False)
        judge = Judge(options["weights"], rounded=False)
        close_reader = CloseReader(options["close"], rounded=False)
        grader = Grader(
            encoder=encoder,
            judge=judge,
            close_reader=close_reader,
            calibration=no_calibration(()),
            version="ranges",
            identity={},
        )
        networks: dict[str, nn.ModuleList] = {
            str(path): network.layers
            for path, network in zip(options["weights"], judge.networks, strict=True)
        }
        networks[str(options["close"])] = close_reader.network.layers
        upper = encoder.network.layers[LOWER_LAYERS:]
        networks[str(options["encoder"])] = upper
        seen = seen_while(grader, texts, networks)
        for name, own in seen.items():
            path = Path(name)
            kept = {} if path == options["encoder"] else weights_in(path)
            digest = write_tensors(kept | named(own), path)
            self.stdout.write(f"{len(texts)} answers seen: {path.name} {digest}")


def named(seen: Seen) -> dict[str, torch.Tensor]:
    """Give what was seen as it is stored."""
    return {f"{SEEN}{part}": columns for part, columns in seen.items()}
