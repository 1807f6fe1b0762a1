"""Texts that differ in a word or in direction, side by side, each asked several wordings.

What is labelled for a criterion tells a network what right sentences of a topic look
like. Only pairs that differ in nothing but what they claim make it compare: a text
asked of itself and of itself with one word turned, a right text and an opposite one
asked of the same other right wording.
"""

import random
from collections.abc import Mapping, Sequence

from grading.core.rubric import Criterion, Rubric
from grading.training.composed import Piece
from grading.training.examples import (
    CONTRADICTED,
    DENIED,
    MET,
    SWAPPED_MET,
    TURNED,
    Asked,
    Example,
    Target,
    ask,
    question_of,
    sentences_of,
    stretches_of,
)
from grading.training.games import turned
from grading.training.nudges import perhaps_nudged

MOST_BESIDE = 3  # texts for other criteria in the same answer
REWORDED_SHARE = 0.4  # how often another right wording stands for the statement


def echoed(
    rubric: Rubric, pieces: Mapping[str, Sequence[Piece]], chance: random.Random
) -> list[Example]:
    """Give a text and its turned self, each asked of itself and of the other.

    Args:
        rubric: One criterion of it is drawn.
        pieces: By criterion, the single texts that are labelled for it.
        chance: What is left to it.
    """
    drawn = _drawn(rubric, pieces, chance)
    if drawn is None:
        return []
    criterion, right = drawn[0], drawn[1].text
    other = _turned(right, chance)
    if other is None:
        return []
    beside = _beside(rubric, pieces, criterion, chance)
    place = chance.randrange(len(beside) + 1)
    return [
        _example(
            rubric,
            text,
            beside,
            place,
            [
                _asked(perhaps_nudged(text, chance), MET, place),
                _asked(perhaps_nudged(not_said, chance), DENIED, place),
            ],
        )
        for text, not_said in ((right, other), (other, right))
    ]


def compared(
    rubric: Rubric, pieces: Mapping[str, Sequence[Piece]], chance: random.Random
) -> list[Example]:
    """Give answers that differ in one sentence: right, turned, opposite.

    Every one is asked twice, so that none of them gives the label away: the right one
    of the criterion and of a wrong text, a wrong one of the criterion and of itself.

    Args:
        rubric: One criterion of it is drawn.
        pieces: By criterion, the single texts that are labelled for it.
        chance: What is left to it.
    """
    drawn = _drawn(rubric, pieces, chance)
    if drawn is None:
        return []
    criterion, piece = drawn
    right = piece.text
    opposites = _single(pieces[criterion.id], CONTRADICTED)
    others = [p.text for p in _single(pieces[criterion.id], MET) if p.text != right]
    wrong: dict[str, Target] = {}
    by_hand = [text for text in piece.turned if len(sentences_of(text)) == 1]
    if by_hand:
        wrong[chance.choice(by_hand)] = CONTRADICTED
    else:
        other = _turned(right, chance)
        if other is not None:
            wrong[other] = TURNED
    if opposites:
        wrong[chance.choice(opposites).text] = CONTRADICTED
    if not wrong:
        return []
    beside = _beside(rubric, pieces, criterion, chance)
    place = chance.randrange(len(beside) + 1)
    made = []
    for text, target in {right: MET, **wrong}.items():
        reworded = chance.choice(others) if others else None
        if reworded is not None and chance.random() < REWORDED_SHARE:
            meant = SWAPPED_MET if target == MET else target
            of_criterion = _asked(reworded, meant, place)
        else:
            but = frozenset((right, *wrong))
            of_criterion = ask(criterion, target, but=but, sentences=(place,))
        against = chance.choice(sorted(wrong)) if text == right else text
        denied = DENIED if wrong.get(against) == TURNED else CONTRADICTED
        of_text = _asked(
            perhaps_nudged(against, chance), MET if text == against else denied, place
        )
        made.append(_example(rubric, text, beside, place, [of_criterion, of_text]))
    return made


def _drawn(
    rubric: Rubric, pieces: Mapping[str, Sequence[Piece]], chance: random.Random
) -> tuple[Criterion, Piece] | None:
    """Draw a criterion and a right text of one sentence."""
    able = [c for c in rubric.criteria if _single(pieces[c.id], MET)]
    if not able:
        return None
    criterion = chance.choice(able)
    return criterion, chance.choice(_single(pieces[criterion.id], MET))


def _turned(text: str, chance: random.Random) -> str | None:
    other = turned(text, chance)
    return other if other and len(sentences_of(other)) == 1 else None


def _example(
    rubric: Rubric, text: str, beside: Sequence[str], place: int, asked: Sequence[Asked]
) -> Example:
    return Example(
        item="",
        question=question_of(rubric),
        sentences=(
            *beside[:place],
            *stretches_of(text, is_fact=rubric.has_one_criterion),
            *beside[place:],
        ),
        asked=tuple(asked),
    )


def _single(pieces: Sequence[Piece], target: Target) -> list[Piece]:
    """Give the texts of one sentence that have a label."""
    return [
        piece
        for piece in pieces
        if piece.target == target and len(sentences_of(piece.text)) == 1
    ]


def _beside(
    rubric: Rubric,
    pieces: Mapping[str, Sequence[Piece]],
    criterion: Criterion,
    chance: random.Random,
) -> tuple[str, ...]:
    """Give some sentences that are labelled for other criteria, right and wrong ones."""
    texts = [
        piece.text
        for other in rubric.criteria
        if other.id != criterion.id
        for piece in pieces[other.id]
    ]
    drawn = chance.sample(texts, min(len(texts), chance.randrange(MOST_BESIDE + 1)))
    return tuple(sentence for text in drawn for sentence in stretches_of(text))


def _asked(wording: str, target: Target, place: int) -> Asked:
    return Asked(
        says=sentences_of(wording)[0],
        references=(),
        misconceptions=(),
        target=target,
        sentences=(place,),
    )
