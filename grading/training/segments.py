"""Texts with labels as pairs of sentences and criteria, ready for the judge to learn from."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from grading.core.pairs import NUMBERS, Wordings, pair_up
from grading.core.rubric import Criterion
from grading.core.sentences import Sentence, split_sentences
from grading.core.similarity import Vectors
from grading.core.text import normalise
from grading.training.corpus import Corpus, LabelledAnswer

# How far each kind (nothing, makes it, contradicts it) explains a label.
MADE, HALF, NOTHING, AGAINST = (0, 1, 0), (0.5, 0.5, 0), (1, 0, 0), (0, 0, 1)
NOT_MADE = (1, 0, 1)  # labelled 0 where the wrong way round is not labelled
BANK_WEIGHT, OTHER_WEIGHT = 0.5, 0.25  # beside whole answers, which weigh 1
OTHERS = 2  # criteria of the same item that a bank sentence is said not to make

Allowed = tuple[float, float, float]


@dataclass(slots=True)
class Segments:
    """Sentence-criterion pairs, in runs that share one label.

    Attributes:
        items: For each run, the item it is about.
        answers: For each run, the answer it is from; empty for single sentences.
        allowed: For each run, how far each kind explains its label.
        weights: For each run, how much it counts.
        sentence, says, right, wrong: For each pair, the row of the vector table;
            -1 for no misconception.
        numbers: For each pair, see :mod:`grading.core.pairs`.
        starts: For each run, its first pair; one more for the end.
    """

    items: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    allowed: list[Allowed] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    sentence: list[int] = field(default_factory=list)
    says: list[int] = field(default_factory=list)
    right: list[int] = field(default_factory=list)
    wrong: list[int] = field(default_factory=list)
    numbers: list[np.ndarray] = field(default_factory=list)
    starts: list[int] = field(default_factory=lambda: [0])


@dataclass(slots=True)
class Table:
    """Every text that is needed, as rows of one table of vectors."""

    rows: Mapping[str, int]
    vectors: Vectors


def plain(text: str) -> str:
    """Give a text as the grader reads it."""
    return normalise(text).text


def texts_of(corpus: Corpus) -> list[str]:
    """Give every sentence of a corpus that needs a vector, sorted."""
    texts: set[str] = set()
    for rubric in corpus.rubrics.values():
        for criterion in rubric.criteria:
            texts.update(plain(t) for t in _wordings(criterion))
            texts.update(
                s.text for t in _wordings(criterion) for s in split_sentences(plain(t))
            )
    for bank in corpus.banks.values():
        for text in (*bank.met, *bank.partly, *bank.contradicted, *bank.near):
            texts.update(s.text for s in split_sentences(plain(text)))
    for answer in corpus.answers:
        texts.update(s.text for s in split_sentences(plain(answer.answer)))
    return sorted(texts)


def _wordings(criterion: Criterion) -> tuple[str, ...]:
    return (criterion.says, *criterion.references, *criterion.misconceptions)


def segments_of(corpus: Corpus, table: Table, chance: random.Random) -> Segments:
    """Give all that the judge learns from, in a fixed order."""
    made = Segments()
    for answer in corpus.answers:
        sentences = split_sentences(plain(answer.answer))
        for criterion in corpus.rubrics[answer.item].criteria:
            if criterion.id in answer.points:
                allowed = _allowed(answer, criterion.id)
                _add(
                    made,
                    table,
                    answer.item,
                    criterion,
                    sentences,
                    allowed,
                    1.0,
                    answer.id,
                )
    for item in corpus.rubrics:
        _add_sentences(made, corpus, table, item, chance)
    return made


def _add_sentences(
    made: Segments, corpus: Corpus, table: Table, item: str, chance: random.Random
) -> None:
    """Add single texts about an item's criteria, and that they make no other point."""
    criteria = corpus.rubrics[item].criteria
    for criterion in criteria:
        others = [c for c in criteria if c.id != criterion.id]
        for texts, allowed in _sources(corpus, item, criterion):
            for text in texts:
                said = split_sentences(plain(text))
                _add(made, table, item, criterion, said, allowed, BANK_WEIGHT)
                for other in chance.sample(others, min(OTHERS, len(others))):
                    _add(made, table, item, other, said, NOTHING, OTHER_WEIGHT)


def _sources(
    corpus: Corpus, item: str, criterion: Criterion
) -> list[tuple[Sequence[str], Allowed]]:
    found: list[tuple[Sequence[str], Allowed]] = [
        (criterion.references, MADE),
        (criterion.misconceptions, AGAINST),
    ]
    bank = corpus.banks.get((item, criterion.id))
    if bank is not None:
        found += [
            (bank.met, MADE), (bank.partly, HALF),
            (bank.contradicted, AGAINST), (bank.near, NOTHING),
        ]  # fmt: skip
    return found


def _allowed(answer: LabelledAnswer, criterion: str) -> Allowed:
    credit = answer.points[criterion]
    if credit == 1:
        return MADE
    if credit > 0:
        return HALF
    if answer.contradicted is None:
        return NOT_MADE
    return AGAINST if criterion in answer.contradicted else NOTHING


def _add(
    made: Segments,
    table: Table,
    item: str,
    criterion: Criterion,
    sentences: Sequence[Sentence],
    allowed: Allowed,
    weight: float,
    answer: str = "",
) -> None:
    """Add one run; a wording is never compared with itself."""
    known = [s for s in sentences if s.text in table.rows]
    if not known:
        return
    texts = {s.text for s in known} if not answer else set()
    right = [
        t for t in map(plain, (criterion.says, *criterion.references)) if t not in texts
    ]
    right = right or [plain(criterion.says)]
    wrong = [t for t in map(plain, criterion.misconceptions) if t not in texts]
    rows = [table.rows[s.text] for s in known]
    own = Wordings(
        right=tuple(right),
        right_vectors=table.vectors[[table.rows[t] for t in right]],
        wrong_vectors=table.vectors[[table.rows[t] for t in wrong]],
    )
    paired = pair_up(criterion, own, known, table.vectors[rows])
    made.sentence += rows
    made.says += [table.rows[right[0]]] * len(rows)
    made.right += [table.rows[right[k]] for k in paired.right]
    made.wrong += [table.rows[wrong[k]] if k >= 0 else -1 for k in paired.wrong]
    made.numbers.append(paired.numbers.reshape(len(rows), NUMBERS))
    made.items.append(item)
    made.answers.append(answer)
    made.allowed.append(allowed)
    made.weights.append(weight)
    made.starts.append(len(made.sentence))
