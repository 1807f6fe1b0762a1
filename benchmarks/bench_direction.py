"""How well right texts are told from opposite ones, one text and one criterion at a time.

    python benchmarks/bench_direction.py JUDGE SECOND_JUDGE CLOSE_READER

Takes weights that were trained with ``--keep items`` and labelled single texts of the
items that were kept from them, and as many of items that they learned from. Prints for
either network the AUC of right against opposite texts; of right texts against the same
with one word turned by rule, asked of the criterion's statement; of the same asked of
the right text itself, where only comparing can tell; and of sentences of answers against
what a few words turned by hand made of them, asked of the statement. In brackets how
often the right one of the two is ahead.
"""

import os
import random
import sys
from collections.abc import Set
from dataclasses import dataclass, replace
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quizsite.settings")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from grading.close_reader import CloseReader
from grading.core import agreement
from grading.core.rubric import Criterion, Rubric
from grading.core.similarity import Vectors
from grading.encoder import SentenceEncoder
from grading.facing import Facing
from grading.judge import Judge, Shown
from grading.network import CLASSES
from grading.training.composed import pieces_of
from grading.training.corpus import DATA_FOLDER, Corpus, kept_items, load_corpus
from grading.training.examples import CONTRADICTED, MET, question_of, sentences_of
from grading.training.games import turned
from grading.training.texts import plain
from questions.content_files import bundled_items

TEXTS, BY_HAND = 500, 200  # of either kind of item
_RIGHT, _OPPOSITE = CLASSES.index("met"), CLASSES.index("contradicted")

Leads = dict[str, float]  # by network
Text = tuple[str, Criterion, str, bool]  # item, criterion, text, whether it is right


def texts_of(corpus: Corpus, items: Set[str], chance: random.Random) -> list[Text]:
    """Give some single texts that are right or opposite."""
    found = [
        (item, criterion, piece.text, piece.target == MET)
        for item in sorted(items)
        for criterion in corpus.rubrics[item].criteria
        for piece in pieces_of(corpus, item)[criterion.id]
        if piece.target in (MET, CONTRADICTED) and sentences_of(piece.text)
    ]
    return chance.sample(found, TEXTS)


def turned_by_hand(
    corpus: Corpus, items: Set[str], chance: random.Random
) -> list[tuple[str, Criterion, str, str]]:
    """Give item, criterion, a right sentence and the same turned, for some."""
    found = [
        (item, criterion, turn.sentence, turn.turned[0])
        for item in sorted(items)
        for criterion in corpus.rubrics[item].criteria
        for turn in corpus.turns.get((item, criterion.id), ())
    ]
    return chance.sample(found, min(len(found), BY_HAND))


def lead(chances: Vectors) -> float:
    """Give by how much right is likelier than opposite, in log odds."""
    odds = np.log(chances + 1e-6)
    return float(odds[_RIGHT] - odds[_OPPOSITE])


@dataclass(slots=True)
class Readers:
    """Judge and close reader, asked of one text at a time."""

    encoder: SentenceEncoder
    judge: Judge
    close: CloseReader

    def leads(self, rubric: Rubric, wording: str, text: str) -> Leads:
        """Give by how much either takes a text for right rather than opposite."""
        said = list(sentences_of(text))
        read = self.encoder.read([question_of(rubric), plain(wording), *said])
        question, says, *states = read.states
        near = read.vectors[2:] @ read.vectors[1]
        shown = Shown(says=says, reference=None, near=near)
        told = self.judge.read(question, states, [shown])
        is_alone = rubric.has_one_criterion
        facing = Facing(
            wording=says, said=states[:2], question=question if is_alone else None
        )
        return {
            "judge": lead(told.classes[0]),
            "close reader": lead(self.close.read([facing])[0]),
        }


def show(name: str, right: list[Leads], wrong: list[Leads]) -> None:
    """Print a line for each network."""
    labels = [True] * len(right) + [False] * len(wrong)
    for network in ("judge", "close reader"):
        ahead = [one[network] for one in right]
        behind = [one[network] for one in wrong]
        line = (
            f"  {name}, {network}: AUC {agreement.auc([*ahead, *behind], labels):.3f}"
        )
        if len(right) == len(wrong):
            share = np.mean([a > b for a, b in zip(ahead, behind, strict=True)])
            line += f" ({share:.2f})"
        print(line)


def main() -> None:
    """Read and print."""
    *judges, close = map(Path, sys.argv[1:])
    readers = Readers(SentenceEncoder(), Judge(judges), CloseReader(close))
    bundled = {k: v.rubric for k, v in bundled_items().items() if v.criteria}
    corpus = load_corpus([DATA_FOLDER], bundled)
    single_texts = replace(corpus, turns={})  # those turned by hand have their own line
    kept = frozenset(bundled) | kept_items()
    for name, items in (("kept", kept), ("learned", set(corpus.rubrics) - kept)):
        chance = random.Random(5)  # noqa: S311
        right: list[Leads] = []
        opposite: list[Leads] = []
        faced, turned_faced, echoed, turned_echoed = [], [], [], []
        for item, criterion, text, is_right in texts_of(single_texts, items, chance):
            rubric = corpus.rubrics[item]
            found = readers.leads(rubric, criterion.says, text)
            (right if is_right else opposite).append(found)
            alone = is_right and len(sentences_of(text)) == 1
            other = turned(text, chance) if alone else None
            if other is None or not sentences_of(other):
                continue
            faced.append(found)
            turned_faced.append(readers.leads(rubric, criterion.says, other))
            echoed.append(readers.leads(rubric, text, text))
            turned_echoed.append(readers.leads(rubric, text, other))
        print(
            f"items {name}: {len(right)} right texts, {len(opposite)} opposite,"
            f" {len(faced)} turned"
        )
        show("right over opposite", right, opposite)
        show("right over turned, of the statement", faced, turned_faced)
        show("right over turned, of itself", echoed, turned_echoed)
        by_hand = turned_by_hand(corpus, items, chance)
        pairs = [
            [
                readers.leads(corpus.rubrics[item], criterion.says, text)
                for text in (said, other)
            ]
            for item, criterion, said, other in by_hand
        ]
        show(
            f"right over turned by hand ({len(pairs)}), of the statement",
            [said for said, _ in pairs],
            [other for _, other in pairs],
        )


if __name__ == "__main__":
    main()
