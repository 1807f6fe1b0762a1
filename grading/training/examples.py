"""What the judge learns from: answers with, for each criterion, what they do with it.

Whole answers keep the labels of their writers. Composed answers are put together anew
in every pass from single labelled texts, so it is known which sentence says what.
Games (see :mod:`grading.training.games`) and answers to other items make no point.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from grading.core.rubric import Criterion, Rubric
from grading.core.sentences import split_sentences
from grading.judge import MOST_SENTENCES
from grading.training.corpus import Corpus, LabelledAnswer, PublicAnswer
from grading.training.games import FAMILIES
from grading.training.texts import plain

# Chances of missing, partly, met, contradicted.
Target = tuple[float, float, float, float]
MISSING: Target = (1, 0, 0, 0)
PARTLY: Target = (0, 1, 0, 0)
MET: Target = (0, 0, 1, 0)
CONTRADICTED: Target = (0, 0, 0, 1)
UNSURE_WEIGHT = (
    0.4  # of labels that follow from silence: a text labelled for another point
)
NEAREST_SHARE = 0.6  # how often the nearest reference is shown, as when scoring
SHOWN_SHARE = 0.5  # how often a reference or a misconception is shown at all


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One criterion that is asked of a text.

    Attributes:
        says: Its statement.
        references: Right wordings that may be shown.
        misconceptions: Wrong wordings that may be shown.
        target: What the text does with it.
        either: Whether missing and contradicted explain the label equally well.
        weight: How much it counts.
        sentences: Which sentences decide; empty for none; None where not known.
    """

    says: str
    references: tuple[str, ...]
    misconceptions: tuple[str, ...]
    target: Target
    either: bool = False
    weight: float = 1.0
    sentences: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A text and what is asked of it."""

    item: str
    question: str
    sentences: tuple[str, ...]
    asked: tuple[Asked, ...]


def sentences_of(text: str) -> tuple[str, ...]:
    """Give a text's sentences as the grader reads them."""
    return tuple(s.text for s in split_sentences(plain(text)))[:MOST_SENTENCES]


def question_of(rubric: Rubric) -> str:
    """Give the question as the judge reads it."""
    return plain(rubric.question)


def _asked(
    criterion: Criterion,
    target: Target,
    *,
    but: frozenset[str] = frozenset(),
    either: bool = False,
    weight: float = 1.0,
    sentences: tuple[int, ...] | None = None,
) -> Asked:
    """Ask a criterion, without the wordings that the text itself was made from."""
    return Asked(
        says=plain(criterion.says),
        references=tuple(plain(t) for t in criterion.references if t not in but),
        misconceptions=tuple(
            plain(t) for t in criterion.misconceptions if t not in but
        ),
        target=target,
        either=either,
        weight=weight,
        sentences=sentences,
    )


def from_answer(answer: LabelledAnswer, rubric: Rubric) -> Example:
    """Give a labelled answer as an example."""
    said = split_sentences(plain(answer.answer))[:MOST_SENTENCES]
    asked = []
    for criterion in rubric.criteria:
        if criterion.id not in answer.points:
            continue
        credit = answer.points[criterion.id]
        target = _target(credit, criterion.id in answer.contradicted)
        where: tuple[int, ...] | None = () if target == MISSING else None
        quote = plain(answer.evidence.get(criterion.id, ""))
        at = plain(answer.answer).find(quote) if quote else -1
        if at >= 0:
            where = tuple(
                k
                for k, s in enumerate(said)
                if s.start < at + len(quote) and at < s.end
            )
        unsaid = not answer.is_complete and target == MISSING
        asked.append(
            _asked(
                criterion,
                target,
                either=unsaid,
                sentences=None if unsaid else where,
            )
        )
    return Example(
        item=answer.item,
        question=question_of(rubric),
        sentences=tuple(s.text for s in said),
        asked=tuple(asked),
    )


def _target(credit: float, against: bool) -> Target:
    if against:
        return CONTRADICTED
    if credit <= 0.5:
        return (1 - 2 * credit, 2 * credit, 0, 0)
    return (0, 2 - 2 * credit, 2 * credit - 1, 0)


def from_public(answer: PublicAnswer) -> Example:
    """Give an answer of a public set as an example of one criterion."""
    references = tuple(dict.fromkeys(plain(t) for t in answer.references))
    target = _target(answer.score, answer.label == "contradictory")
    asked = Asked(
        says=references[0],
        references=references[1:],
        misconceptions=(),
        target=target,
        sentences=() if target == MISSING else None,
    )
    return Example(
        item=answer.question_id,
        question=plain(answer.question or references[0]),
        sentences=sentences_of(answer.answer),
        asked=(asked,),
    )


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    criterion: str
    target: Target


def pieces_of(corpus: Corpus, item: str) -> dict[str, list[_Piece]]:
    """Give, by criterion, the single texts that are labelled for it."""
    found: dict[str, list[_Piece]] = {}
    for criterion in corpus.rubrics[item].criteria:
        bank = corpus.banks.get((item, criterion.id))
        sources: list[tuple[Sequence[str], Target]] = [
            (criterion.references, MET),
            (criterion.misconceptions, CONTRADICTED),
        ]
        if bank is not None:
            sources += [
                (bank.met, MET), (bank.partly, PARTLY),
                (bank.contradicted, CONTRADICTED), (bank.near, MISSING),
            ]  # fmt: skip
        found[criterion.id] = [
            _Piece(text, criterion.id, target)
            for texts, target in sources
            for text in texts
        ]
    return found


_SHARES: tuple[tuple[Target | None, float], ...] = (
    (MET, 0.3), (CONTRADICTED, 0.3), (PARTLY, 0.08), (MISSING, 0.1), (None, 0.22),
)  # fmt: skip
MOST_PIECES, MOST_ABSENT = 6, 2


def composed(
    rubric: Rubric, pieces: dict[str, list[_Piece]], chance: random.Random
) -> Example:
    """Put an answer together from single texts, one for some of the criteria."""
    chosen = _chosen(rubric, pieces, chance)
    sentences: list[str] = []
    spans: dict[str, tuple[_Piece, tuple[int, ...]]] = {}
    for piece in chosen:
        own = sentences_of(piece.text)
        where = tuple(range(len(sentences), len(sentences) + len(own)))
        sentences += own
        spans[piece.criterion] = (piece, where)
    but = frozenset(piece.text for piece in chosen)
    absent = [c.id for c in rubric.criteria if c.id not in spans]
    silent = set(chance.sample(absent, min(len(absent), MOST_ABSENT)))
    asked = []
    for criterion in rubric.criteria:
        if criterion.id in spans:
            piece, where = spans[criterion.id]
            says = () if piece.target == MISSING else where
            asked.append(_asked(criterion, piece.target, but=but, sentences=says))
        elif criterion.id in silent:
            asked.append(
                _asked(criterion, MISSING, but=but, weight=UNSURE_WEIGHT, sentences=())
            )
    return Example(
        item="",
        question=question_of(rubric),
        sentences=tuple(sentences[:MOST_SENTENCES]),
        asked=tuple(asked),
    )


def _chosen(
    rubric: Rubric, pieces: dict[str, list[_Piece]], chance: random.Random
) -> list[_Piece]:
    """Draw the texts of a composed answer: mostly right in one, mostly wrong in another."""
    lean = chance.random()
    leaning = {MET: 1.5 * lean + 0.25, CONTRADICTED: 1.75 - 1.5 * lean}
    kinds = [kind for kind, _ in _SHARES]
    shares = [share * leaning.get(kind or MISSING, 1) for kind, share in _SHARES]
    chosen: list[_Piece] = []
    for criterion in chance.sample(rubric.criteria, len(rubric.criteria)):
        if len(chosen) == MOST_PIECES or not pieces[criterion.id]:
            continue
        kind = chance.choices(kinds, shares)[0]
        fitting = [p for p in pieces[criterion.id] if p.target == kind]
        if fitting:
            chosen.append(chance.choice(fitting))
    return chosen or [chance.choice([p for own in pieces.values() for p in own])]


def makes_nothing(rubric: Rubric, text: str) -> Example:
    """Give a text that makes no point of a rubric."""
    return Example(
        item="",
        question=question_of(rubric),
        sentences=sentences_of(text),
        asked=tuple(_asked(c, MISSING, sentences=()) for c in rubric.criteria),
    )


LEARNED_GAMES = (
    "term list",
    "shuffled words",
    "prompt echo",
    "padding",
    "orders to the grader",
)


def game(rubric: Rubric, chance: random.Random) -> Example:
    """Give an attempt to earn points with nothing said."""
    family: Callable[[Rubric, random.Random], str] = FAMILIES[
        chance.choices(LEARNED_GAMES, (3, 5, 1, 0.5, 1))[0]
    ]
    return makes_nothing(rubric, family(rubric, chance)[:1500])
