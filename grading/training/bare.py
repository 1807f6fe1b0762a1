"""Fits the calibration of criteria without keywords, on public short-answer sets.

Only the fitted numbers enter the project, never the sets: SemEval-2013 Task 7
(SciEntsBank, Beetle; CC BY-SA 3.0) and Short Answer Feedback (MIT), training parts.
"""

import random
from collections.abc import Iterable, Sequence
from typing import Any

from grading.core.calibration import features
from grading.core.rubric import Criterion, Rubric
from grading.core.score import Score
from grading.grader import Grader
from grading.training.calibrate import Example, fit_calibration
from grading.training.corpus import PublicAnswer

MOST_ANSWERS = 3000  # of each run: more moves the numbers no further
HELD_SHARE = 5  # one question in five is held out of the fit, for the figures


def rubric_of(answer: PublicAnswer) -> Rubric:
    """Give a question of a public set as a rubric of one criterion."""
    criterion = Criterion(
        id="point", says=answer.references[0], references=tuple(answer.references[1:])
    )
    asks = answer.question or answer.references[0]
    return Rubric(title=answer.question_id, asks=asks, criteria=(criterion,))


def scored_public(
    grader: Grader, answers: Sequence[PublicAnswer], seed: int = 5
) -> list[tuple[PublicAnswer, Score]]:
    """Score a drawn part of some public answers; those without words are left out."""
    drawn = list(answers)
    random.Random(seed).shuffle(drawn)
    return [
        (answer, grader.score(rubric_of(answer), answer.answer))
        for answer in drawn[:MOST_ANSWERS]
        if any(c.isalnum() for c in answer.answer)
    ]


def is_held(answer: PublicAnswer) -> bool:
    """Say whether an answer's question is kept for measuring."""
    return random.Random(answer.question_id).randrange(HELD_SHARE) == 0


def fit_bare(scored: Iterable[tuple[PublicAnswer, Score]]) -> dict[str, Any]:
    """Fit on the questions that are not held."""
    return fit_calibration(
        [
            Example(
                item=answer.question_id,
                row=features(score.criteria[0].signals),
                credit=round(2 * answer.score) / 2,
                contradicted=answer.label == "contradictory" if answer.label else None,
                weight=1.0,
            )
            for answer, score in scored
            if not is_held(answer)
        ]
    )
