"""Answers that are put together or altered, so that every claim stands for itself.

Composed answers are put together anew in every pass from single labelled texts, so it
is known which sentence says what, and right and wrong sentences stand side by side as
chance has it: what one claims tells nothing of the next. Altered answers are whole ones
of which single sentences were changed for others or turned round.
"""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from grading.core.rubric import Rubric
from grading.judge import MOST_SENTENCES
from grading.training.corpus import Corpus
from grading.training.examples import (
    CONTRADICTED,
    MET,
    MISSING,
    PARTLY,
    TURNED,
    UNSURE_WEIGHT,
    Asked,
    Example,
    Target,
    ask,
    question_of,
    stretches_of,
)
from grading.training.games import turned
from grading.training.texts import plain


@dataclass(frozen=True, slots=True)
class Piece:
    """A single text that is labelled for one criterion.

    Attributes:
        turned: What it becomes where a word or a few were turned by hand; then it
            states the opposite.
        same: The same where it still says the same.
    """

    text: str
    criterion: str
    target: Target
    turned: tuple[str, ...] = ()
    same: tuple[str, ...] = ()


def pieces_of(corpus: Corpus, item: str) -> dict[str, list[Piece]]:
    """Give, by criterion, the single texts that are labelled for it."""
    found: dict[str, list[Piece]] = {}
    for criterion in corpus.rubrics[item].criteria:
        bank = corpus.banks.get((item, criterion.id))
        sources: list[tuple[Sequence[str], Target]] = [
            ((criterion.says, *criterion.references), MET),
            (criterion.misconceptions, CONTRADICTED),
        ]
        if bank is not None:
            sources += [
                (bank.met, MET), (bank.partly, PARTLY),
                (bank.contradicted, CONTRADICTED), (bank.near, MISSING),
            ]  # fmt: skip
        turns = corpus.turns.get((item, criterion.id), ())
        sources += [(turn.turned, CONTRADICTED) for turn in turns]
        sources += [(turn.same, MET) for turn in turns]
        found[criterion.id] = [
            Piece(text, criterion.id, target)
            for texts, target in sources
            for text in texts
        ] + [
            Piece(t.sentence, criterion.id, MET, turned=t.turned, same=t.same)
            for t in turns
        ]
    return found


_SHARES: tuple[tuple[Target | None, float], ...] = (
    (MET, 0.36), (CONTRADICTED, 0.24), (PARTLY, 0.08), (MISSING, 0.1), (None, 0.22),
)  # fmt: skip
MOST_PIECES, MOST_ABSENT = 6, 2
TURNED_SHARE = 0.2  # of right sentences in composed answers
ALTERED_SHARE = 0.35  # of the sentences of an altered answer whose point is known
BY_HAND_SHARE = 0.5  # of those that were turned by hand
SAME_SHARE = 0.35  # of these: changed as much, and yet the same


def composed(
    rubric: Rubric, pieces: dict[str, list[Piece]], chance: random.Random
) -> Example:
    """Put an answer together from single texts, one for some of the criteria."""
    chosen = _chosen(rubric, pieces, chance)
    but = frozenset(piece.text for piece in chosen)
    sentences: list[str] = []
    spans: dict[str, tuple[Piece, tuple[int, ...]]] = {}
    for piece in chosen:
        if piece.target == MET and chance.random() < TURNED_SHARE:
            piece = _turned(piece, chance)
        own = stretches_of(piece.text, is_fact=rubric.has_one_criterion)
        where = tuple(range(len(sentences), len(sentences) + len(own)))
        sentences += own
        spans[piece.criterion] = (piece, where)
    absent = [c.id for c in rubric.criteria if c.id not in spans]
    silent = set(chance.sample(absent, min(len(absent), MOST_ABSENT)))
    asked = []
    for criterion in rubric.criteria:
        if criterion.id in spans:
            piece, where = spans[criterion.id]
            says = () if piece.target == MISSING else where
            asked.append(ask(criterion, piece.target, but=but, sentences=says))
        elif criterion.id in silent:
            asked.append(
                ask(criterion, MISSING, but=but, weight=UNSURE_WEIGHT, sentences=())
            )
    return Example(
        item="",
        question=question_of(rubric),
        sentences=tuple(sentences[:MOST_SENTENCES]),
        asked=tuple(asked),
    )


def _chosen(
    rubric: Rubric, pieces: dict[str, list[Piece]], chance: random.Random
) -> list[Piece]:
    """Draw the texts of a composed answer, each with no eye on the others."""
    kinds = [kind for kind, _ in _SHARES]
    shares = [share for _, share in _SHARES]
    chosen: list[Piece] = []
    for criterion in chance.sample(rubric.criteria, len(rubric.criteria)):
        if len(chosen) == MOST_PIECES or not pieces[criterion.id]:
            continue
        kind = chance.choices(kinds, shares)[0]
        fitting = [p for p in pieces[criterion.id] if p.target == kind]
        if fitting:
            chosen.append(chance.choice(fitting))
    return chosen or [chance.choice([p for own in pieces.values() for p in own])]


def _turned(piece: Piece, chance: random.Random) -> Piece:
    """Turn a few words of a right text, if they can be."""
    if piece.turned:
        return Piece(chance.choice(piece.turned), piece.criterion, CONTRADICTED)
    text = turned(piece.text, chance)
    if text is None:
        return piece
    return Piece(text, piece.criterion, TURNED)


def altered(
    example: Example,
    ids: Sequence[str],
    pieces: Mapping[str, list[Piece]],
    chance: random.Random,
) -> Example:
    """Give a whole answer with some of its sentences changed.

    A sentence is changed only where it alone decides one criterion and no other: for
    another text of that criterion, or for itself with words turned.

    Args:
        example: Whose asked criteria name the sentences that decide.
        ids: The criterion of each.
        pieces: By criterion, the single texts that are labelled for it.
        chance: What is left to it.
    """
    counts = Counter(k for asked in example.asked for k in asked.sentences or ())
    texts: dict[int, tuple[str, ...]] = {}
    targets: dict[int, tuple[Target, frozenset[str]]] = {}
    is_fact = len(ids) == 1
    for number, asked in enumerate(example.asked):
        where = asked.sentences or ()
        if len(where) != 1 or counts[where[0]] > 1:
            continue
        said = example.sentences[where[0]]
        known = pieces[ids[number]] if asked.target == MET else ()
        own = _turned_by_hand(said, known, is_fact=is_fact)
        if chance.random() > (BY_HAND_SHARE if own else ALTERED_SHARE):
            continue
        if own is not None:
            piece: Piece | None = _changed(own, chance)
        else:
            piece = _instead(said, asked.target, ids[number], pieces, chance)
        if piece is not None:
            texts[where[0]] = stretches_of(piece.text, is_fact=is_fact)
            targets[number] = (piece.target, frozenset({plain(piece.text)}))
    places: list[tuple[int, ...]] = []
    sentences: list[str] = []
    for k, said in enumerate(example.sentences):
        instead = texts.get(k, (said,))
        places.append(tuple(range(len(sentences), len(sentences) + len(instead))))
        sentences += instead
    return replace(
        example,
        sentences=tuple(sentences[:MOST_SENTENCES]),
        asked=tuple(
            _asked_anew(asked, places, targets.get(number))
            for number, asked in enumerate(example.asked)
        ),
    )


def _turned_by_hand(
    said: str, pieces: Sequence[Piece], *, is_fact: bool
) -> Piece | None:
    """Give the text that a sentence is, if that was turned by hand."""
    for piece in pieces:
        if piece.turned and said in stretches_of(piece.text, is_fact=is_fact):
            return piece
    return None


def _changed(piece: Piece, chance: random.Random) -> Piece:
    """Give a text that was turned by hand turned, or altered as much and the same."""
    if piece.same and chance.random() < SAME_SHARE:
        return Piece(chance.choice(piece.same), piece.criterion, MET)
    return _turned(piece, chance)


def _instead(
    said: str,
    target: Target,
    criterion: str,
    pieces: Mapping[str, list[Piece]],
    chance: random.Random,
) -> Piece | None:
    if target == MET and chance.random() < 0.5:
        text = turned(said, chance)
        if text is not None:
            return Piece(text, criterion, TURNED)
    kind = chance.choices((MET, CONTRADICTED, PARTLY, MISSING), (3, 4, 1, 1))[0]
    fitting = [p for p in pieces[criterion] if p.target == kind]
    return chance.choice(fitting) if fitting else None


def _asked_anew(
    asked: Asked,
    places: Sequence[tuple[int, ...]],
    changed: tuple[Target, frozenset[str]] | None,
) -> Asked:
    """Ask the same of an altered answer: where its sentences are now, what they say."""
    where = asked.sentences
    if where:
        where = tuple(k for old in where if old < len(places) for k in places[old])
    if changed is None:
        return replace(asked, sentences=where)
    target, but = changed
    return replace(
        asked,
        target=target,
        either=False,
        sentences=() if target == MISSING else where,
        references=tuple(t for t in asked.references if t not in but),
        misconceptions=tuple(t for t in asked.misconceptions if t not in but),
    )
