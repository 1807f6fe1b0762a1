"""How well right texts are told from opposite ones, one text and one criterion at a time.

    python benchmarks/bench_direction.py JUDGE CLOSE_READER

Takes weights that were trained with ``--keep items`` and labelled single texts of the
items that were kept from them, and as many of items that they learned from; prints the
AUC of right against opposite for either network, and what the close reader makes of
right texts with one word turned round.
"""

import os
import random
import sys
from collections import Counter
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quizsite.settings")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from grading.close_reader import CloseReader
from grading.core import agreement
from grading.core.rubric import Criterion
from grading.core.similarity import Vectors
from grading.encoder import SentenceEncoder
from grading.facing import Facing
from grading.judge import Judge, Shown
from grading.network import CLASSES
from grading.training.composed import pieces_of
from grading.training.corpus import DATA_FOLDER, Corpus, load_corpus
from grading.training.examples import CONTRADICTED, MET, question_of, sentences_of
from grading.training.games import turned
from grading.training.passes import without_items
from grading.training.texts import plain
from questions.content_files import bundled_items

TEXTS = 500  # of either kind of item
_RIGHT, _OPPOSITE = CLASSES.index("met"), CLASSES.index("contradicted")

Text = tuple[str, Criterion, str, bool]  # item, criterion, text, whether it is right


def texts_of(corpus: Corpus, items: set[str], chance: random.Random) -> list[Text]:
    """Give some single texts that are right or opposite."""
    found = [
        (item, criterion, piece.text, piece.target == MET)
        for item in sorted(items)
        for criterion in corpus.rubrics[item].criteria
        for piece in pieces_of(corpus, item)[criterion.id]
        if piece.target in (MET, CONTRADICTED) and sentences_of(piece.text)
    ]
    return chance.sample(found, TEXTS)


def lead(chances: Vectors) -> float:
    """Give by how much right is likelier than opposite, in log odds."""
    odds = np.log(chances + 1e-6)
    return float(odds[_RIGHT] - odds[_OPPOSITE])


def main() -> None:
    """Read and print."""
    judge, reader = Judge(Path(sys.argv[1])), CloseReader(Path(sys.argv[2]))
    encoder = SentenceEncoder()
    bundled = {k: v.rubric for k, v in bundled_items().items() if v.criteria}
    corpus = load_corpus([DATA_FOLDER], bundled)
    kept = set(without_items(corpus, frozenset(bundled)).items)
    for name, items in (("kept", kept), ("learned", set(corpus.rubrics) - kept)):
        chance = random.Random(5)  # noqa: S311
        leads: dict[str, list[float]] = {"judge": [], "close reader": []}
        rights, verdicts = [], []
        for item, criterion, text, is_right in texts_of(corpus, items, chance):
            rubric = corpus.rubrics[item]
            said = list(sentences_of(text))
            read = encoder.read([question_of(rubric), plain(criterion.says), *said])
            question, says, *states = read.states
            near = read.vectors[2:] @ read.vectors[1]
            shown = Shown(says=says, reference=None, misconception=None, near=near)
            told = judge.read(question, states, [shown])
            facing = Facing(
                wording=says,
                said=states[:2],
                question=question if len(rubric.criteria) == 1 else None,
            )
            leads["judge"].append(lead(told.classes[0]))
            leads["close reader"].append(lead(reader.read([facing])[0]))
            rights.append(is_right)
            other = turned(text, chance) if is_right and len(said) == 1 else None
            if other is not None:
                states = list(encoder.read(list(sentences_of(other))).states)
                facing = Facing(wording=says, said=states, question=facing.question)
                verdicts.append(CLASSES[int(reader.read([facing])[0].argmax())])
        print(
            f"items {name}: {sum(rights)} right texts, {TEXTS - sum(rights)} opposite"
        )
        for reading, values in leads.items():
            print(f"  {reading}: AUC {agreement.auc(values, rights):.3f}")
        counts = ", ".join(f"{n} {word}" for word, n in Counter(verdicts).most_common())
        print(f"  right texts with a word turned, to the close reader: {counts}")


if __name__ == "__main__":
    main()
