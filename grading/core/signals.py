"""Everything that is measured of one criterion in one answer, by name."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from grading.core.keywords import coverage, negated_share
from grading.core.overlap import (
    in_order,
    overlap,
    stems_of,
    used,
    wording_stems,
    wording_words,
    words_of,
)
from grading.core.pairs import Pairs
from grading.core.prose import density, prose_share, term_words
from grading.core.rubric import Criterion, Rubric
from grading.core.text import PlainText

Chances = npt.NDArray[np.float64]
DIGITS = 4  # of a signal
MOST_WORDS = 60  # of a statement or a question: longer ones are long
CLOSE = ("close_missing", "close_partly", "close_met", "close_contradicted")


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeSays:
    """What the judge said of one answer.

    Attributes:
        classes: (criteria, 4) chance that the point is missing, half made, made,
            stated the wrong way round.
        pointers: (criteria, sentences + 1) share of each sentence in that; the last
            is for none of them.
    """

    classes: Chances
    pointers: Chances


# A second sentence counts when the judge points at it this much of the first.
SECOND_SENTENCE = 0.5


def looked_at(shares: Chances) -> tuple[int, ...]:
    """Give the one or two sentences that the judge points at most, first the first.

    Args:
        shares: (sentences + 1,) a row of :attr:`JudgeSays.pointers`.
    """
    order = [int(k) for k in np.argsort(-shares[:-1], kind="stable")[:2]]
    if len(order) > 1 and shares[order[1]] < SECOND_SENTENCE * shares[order[0]]:
        return (order[0],)
    return tuple(order)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """What is known of answer and rubric whatever the criterion.

    Attributes:
        is_alone: Whether the rubric has a single criterion.
        stems: Stems of the words that carry its matter.
        words: Stems of all words, in order; only of an answer to a single criterion.
        asked: The same of the question.
        question_words: How many words the question has.
        prose: Share of function words.
        density: Share of words that are terms of the rubric or the question.
    """

    is_alone: bool
    stems: frozenset[str]
    words: tuple[str, ...]
    asked: frozenset[str]
    question_words: int
    prose: float
    density: float


def manner_of(rubric: Rubric, plain: PlainText) -> Manner:
    """Give what is known of answer and rubric whatever the criterion."""
    return Manner(
        is_alone=rubric.has_one_criterion,
        stems=stems_of(plain.text),
        words=words_of(plain.text) if rubric.has_one_criterion else (),
        asked=wording_stems(rubric.question),
        question_words=len(rubric.question.split()),
        prose=prose_share(plain.text),
        density=density(plain.text, _terms(rubric)),
    )


def _mean(chances: Chances) -> float:
    """Give the mean; 0 of nothing."""
    return float(chances.mean()) if len(chances) else 0.0


@lru_cache(maxsize=64)  # as many as the grader keeps ready
def _terms(rubric: Rubric) -> frozenset[str]:
    words = [rubric.asks, rubric.title]
    for criterion in rubric.criteria:
        words.append(criterion.says)
        words.extend(word for group in criterion.keywords for word in group)
    return term_words(words)


def signals_of(
    criterion: Criterion,
    place: int,
    paired: Pairs,
    judge: JudgeSays,
    close: Chances | None,
    manner: Manner,
    *,
    familiar: bool,
) -> dict[str, float]:
    """Give every number that calibration reads, by name.

    They are rounded, and decided by as they are: whoever has a stored score comes to
    the same.

    Args:
        criterion: What is asked.
        place: Its place in the rubric.
        paired: The answer's sentences beside it.
        judge: What the judge said of every criterion.
        close: (4,) what the close reader made of the sentences that the judge points
            at, in the same classes; None where it was not asked.
        manner: What is known of answer and rubric.
        familiar: Whether the judge learned from answers to this very criterion.
    """
    missing, partly, met, contradicted = (float(x) for x in judge.classes[place])
    best = int(judge.pointers[place][:-1].argmax())
    nearest = int(paired.near.argmax())
    groups = len(criterion.keywords)
    wordings = (criterion.says, *criterion.references)
    right = [wording_stems(text) for text in wordings]
    found = {
        "judge_missing": missing,
        "judge_partly": partly,
        "judge_met": met,
        "judge_contradicted": contradicted,
        "points_nowhere": float(judge.pointers[place][-1]),
        "points_there": float(judge.pointers[place][best]),
        "reference": float(paired.near[nearest]),
        "misconception": float(paired.far.max()),
        "margin": float(paired.near[nearest] - paired.far[nearest])
        if paired.has_misconceptions
        else 0.0,
        # The same where the judge looked, which need not be the nearest sentence.
        "reference_there": float(paired.near[best]),
        "margin_there": float(paired.near[best] - paired.far[best])
        if paired.has_misconceptions
        else 0.0,
        "statement": float(paired.statement.max()),
        # What the answer is about at all: whoever says nothing to the other points may
        # be speaking of something else. What is said of them, right or wrong, counts
        # for nothing here.
        "silent_elsewhere": _mean(np.delete(judge.classes[:, 0], place)),
        "negated": negated_share(paired.hits, sentence=best),
        "keywords_sentence": coverage(paired.hits, groups, sentence=best),
        "keywords_answer": coverage(paired.hits, groups, sentence=None),
        "overlap": overlap(manner.stems, right, manner.asked),
        "prose": manner.prose,
        "density": manner.density,
        # Terms without the small words that sentences need: a list, not a claim.
        "listing": max(0.0, manner.density - manner.prose),
        "has_references": float(bool(criterion.references)),
        "has_keywords": float(bool(groups)),
        "familiar": float(familiar),
        "alone": float(manner.is_alone),
    }
    if close is not None:
        found["used"] = used(manner.stems, right, manner.asked)
        # Words of the question count here: a pupil who speaks of what was asked about
        # without naming it has less of the wording.
        found["covered"] = overlap(manner.stems, right)
        found["in_order"] = in_order(manner.words, map(wording_words, wordings))
        # Of the rubric alone, so nobody can earn by them: a long statement is seldom
        # made whole, and one that has the question's words in it is easily touched.
        found["wordings"] = float(len(wordings))
        found["statement_words"] = float(min(len(criterion.says.split()), MOST_WORDS))
        found["question_words"] = float(min(manner.question_words, MOST_WORDS))
        found["asked_share"] = used(right[0], [manner.asked], frozenset())
        for name, chance in zip(CLOSE, close, strict=True):
            found[name] = float(chance)
    return {name: round(value, DIGITS) for name, value in found.items()}
