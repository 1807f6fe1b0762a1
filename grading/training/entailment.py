"""Pairs of sentences from which the close reader learns to compare before it marks.

A network that is shown only labelled answers learns what a topic's right sentences
look like and never looks from one text to the other. So it first holds texts against
themselves and against themselves with one word turned, where nothing else tells the
two apart; then it reads public pairs of a premise and what may follow from it.
"""

import csv
import json
import random
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Literal

from grading.training.corpus import Claim
from grading.training.examples import CONTRADICTED, MET, Target, sentences_of
from grading.training.labelled_pairs import LabelledPair
from grading.training.texts import plain

ECHOED = 5500  # pairs of a text and itself, or itself turned, before all else
ECHOED_AGAIN = 0.1  # echoes shown beside the public pairs, by number of those
MOST_WORDS = 70  # of a pair that is read
KEPT = 1000  # public pairs, to see what was learned
# What is left open is at times half said.
OPEN: Target = (0.8, 0.2, 0, 0)
TARGETS = {"entailment": MET, "neutral": OPEN, "contradiction": CONTRADICTED}
TABLES = (  # path, encoding, separator, names of premise, hypothesis and label
    (
        "NLI_datasets/nli_datasets/mnli/dev.csv",
        "utf-8",
        ",",
        "premise hypothesis label",
    ),
    (
        "NLI_datasets/nli_datasets/snli/dev.csv",
        "utf-8",
        ",",
        "premise hypothesis label",
    ),
    *(
        (
            f"counterfactually-augmented-data/NLI/all_combined/{part}.tsv",
            "utf-8",
            "\t",
            "sentence1 sentence2 gold_label",
        )
        for part in ("train", "dev", "test")
    ),
    *(
        (
            f"negation-and-nli/data/new_benchmarks/clean_data/{part}.txt",
            "cp1252",
            "\t",
            "Text Hypothesis gold_label",
        )
        for part in ("MNLI", "SNLI")
    ),
)
LEXICAL = ("Breaking_NLI/breaking_nli_dataset.zip", "data/dataset.jsonl")


def load_entailment(folder: Path) -> list[LabelledPair]:
    """Read the public pairs, in an order of their own.

    Args:
        folder: Holds the repositories that the README beside the data names.

    Raises:
        OSError: One of them is not there.
    """
    seen: dict[tuple[str, str], LabelledPair] = {}
    for premise, hypothesis, label in _rows(folder):
        if label not in TARGETS:  # raters who could not agree
            continue
        if len(premise.split()) + len(hypothesis.split()) > MOST_WORDS:
            continue
        said, wording = sentences_of(premise), plain(hypothesis).strip()
        if said and wording:
            seen[premise, hypothesis] = LabelledPair(
                wording=wording, said=said, target=TARGETS[label]
            )
    return list(seen.values())


def _rows(folder: Path) -> Iterator[tuple[str, str, str]]:
    for path, encoding, separator, names in TABLES:
        premise, hypothesis, label = names.split()
        quoting: Literal[0, 3] = (
            csv.QUOTE_MINIMAL if separator == "," else csv.QUOTE_NONE
        )
        with (folder / path).open(encoding=encoding, newline="") as file:
            for row in csv.DictReader(file, delimiter=separator, quoting=quoting):
                yield row[premise], row[hypothesis], row[label]
    archive, member = LEXICAL
    with zipfile.ZipFile(folder / archive) as zipped, zipped.open(member) as file:
        for line in TextIOWrapper(file, "utf-8"):
            entry = json.loads(line)
            yield entry["sentence1"], entry["sentence2"], entry["gold_label"]


def without_some(
    pairs: Sequence[LabelledPair], seed: int
) -> tuple[list[LabelledPair], list[LabelledPair]]:
    """Give the pairs to learn from, and some whose premise none of those has."""
    chance = random.Random(seed)
    premises = sorted({pair.said for pair in pairs})
    chance.shuffle(premises)
    sizes = Counter(pair.said for pair in pairs)
    kept: set[tuple[str, ...]] = set()
    count = 0
    for premise in premises:
        if count >= KEPT:
            break
        kept.add(premise)
        count += sizes[premise]
    return (
        [pair for pair in pairs if pair.said not in kept],
        [pair for pair in pairs if pair.said in kept],
    )


def texts_to_echo(claims: Sequence[Claim]) -> list[str]:
    """Give what can be held against itself: claims, and what is said to them."""
    return [
        text
        for claim in claims
        for text in (claim.says, *claim.same, *claim.opposite, *claim.beside)
    ]
