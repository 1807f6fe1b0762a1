"""What both trainings start from: texts, what is kept out of them, and their states."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from grading.encoder import SentenceEncoder
from grading.training.corpus import (
    DATA_FOLDER,
    Claim,
    Corpus,
    ShortAnswer,
    as_items,
    kept_items,
    load_claims,
    load_corpus,
    load_public,
    load_short,
)
from grading.training.passes import Split, texts_of, without_answers, without_items
from grading.training.texts import TextTable
from questions.content_files import bundled_items


@dataclass(frozen=True, slots=True, kw_only=True)
class Materials:
    """Everything that a training draws from.

    Attributes:
        split: The corpus, and what is kept out.
        bundled: The bundled items.
        shorts: Short answers; those to kept questions are among them.
        claims: Claims of any subject.
        table: Every text with its states.
    """

    split: Split
    bundled: frozenset[str]
    shorts: Sequence[ShortAnswer]
    claims: Sequence[Claim]
    table: TextTable

    @property
    def learned_with_claims(self) -> Corpus:
        """What is learned from, claims being items like others."""
        return self.split.learned.joined(as_items(self.claims))


def add_arguments(parser: Any) -> None:
    """Let a command take its seed and where things are."""
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--public", type=Path, help="a folder of public sets")
    parser.add_argument("--table", type=Path, help="a .npz to keep states in")
    parser.add_argument(
        "--share",
        type=float,
        default=1.0,
        help="how much of each pass is shown, by chance",
    )
    add_device(parser)


def add_device(parser: Any) -> None:
    """Let a command say where it works."""
    parser.add_argument("--device", default="cpu", help="where torch works: cpu, cuda")


def table_from(kept: Path | None, device: str = "cpu", *, rounded: bool) -> TextTable:
    """Give the states that were kept, if any were; new ones are worked out.

    Args:
        kept: The file.
        device: Where new ones are worked out.
        rounded: Whether vectors are those that scores go by, or those of full precision.

    Raises:
        ModelIntegrityError: Those that were kept are of another encoder.
    """
    table = TextTable(SentenceEncoder(device, rounded=rounded))
    if kept and kept.is_file():
        table.load(kept)
    return table


def timed(command: BaseCommand) -> Callable[[str], None]:
    """Give what writes a line with the seconds since now."""
    began = time.monotonic()

    def say(text: str) -> None:
        command.stdout.write(f"[{time.monotonic() - began:5.0f} s] {text}")
        command.stdout.flush()

    return say


def gather(
    keep: str, public: Path | None, kept_table: Path | None, device: str = "cpu"
) -> Materials:
    """Read the texts and work their states out.

    Args:
        keep: ``items`` or ``answers``.
        public: A folder of public sets.
        kept_table: Where states are kept from one run to another.
        device: Where they are worked out.
    """
    bundled = {k: v.rubric for k, v in bundled_items().items() if v.criteria}
    corpus = load_corpus([DATA_FOLDER], bundled)
    shorts = load_short(DATA_FOLDER) + (load_public(public) if public else [])
    claims = load_claims(DATA_FOLDER)
    split = (
        without_items(corpus, frozenset(bundled), kept_items())
        if keep == "items"
        else without_answers(corpus, frozenset(bundled))
    )
    table = table_from(kept_table, device, rounded=False)
    table.add(texts_of(corpus.joined(as_items(claims)), shorts, claims))
    if kept_table:
        table.save(kept_table)
    return Materials(
        split=split,
        bundled=frozenset(bundled),
        shorts=shorts,
        claims=claims,
        table=table,
    )
