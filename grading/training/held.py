"""Scores what the networks have not seen, fits the calibration on it, and adds it up."""

import os
import random
import threading
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from grading.close_reader import CloseReader
from grading.core.calibration import FEATURES, Calibration, from_json
from grading.core.rubric import Criterion, Rubric
from grading.core.score import Score
from grading.core.trees import LEAF
from grading.core.weigh import decided_again
from grading.encoder import Read
from grading.grader import Grader
from grading.judge import Judge
from grading.training.calibrate import (
    WHOLE,
    Shape,
    examples_from,
    fit_calibration,
)
from grading.training.corpus import LabelledAnswer, ShortAnswer
from grading.training.games import FAMILIES, neighbouring
from grading.training.texts import TextTable

# Games are as many as answers here, and rarer among people; those that give a single
# fact's own words back are the hardest to tell.
GAME_WEIGHT, FACT_GAME_WEIGHT = 0.5, 1.0
NEIGHBOURS = 4  # games made of sentences about other items, for each item
SHARE_REVIEWED = 0.2  # of real scores, the least sure, are marked for a person
FOLDS = 5  # of items, when the calibration itself is measured

Scored = list[tuple[LabelledAnswer, Score]]


@dataclass(slots=True)
class TableReader:
    """Looks texts up, and works out only those that were never seen.

    Several threads may ask; which of them comes first to a text can move the last digit
    of its vector, as texts that are worked out together share a batch.
    """

    table: TextTable
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def read(self, sentences: list[str]) -> Read:
        """Give what the encoder gives."""
        with self._lock:
            self.table.add(sentences)
        rows = [self.table.row(text) for text in sentences]
        return Read(
            vectors=np.stack([self.table.vectors[row] for row in rows]),
            states=tuple(self.table.states[row] for row in rows),
        )


def no_calibration(familiar: Iterable[str]) -> Calibration:
    """Give a calibration that says nothing: for scoring whose signals alone count."""
    leaf = {
        "feature": [LEAF],
        "threshold": [0],
        "left": [0],
        "right": [0],
        "value": [0],
    }
    return from_json(
        {
            "features": list(FEATURES),
            "mean": [0] * len(FEATURES),
            "credit": {"roots": [[0], [0]], **leaf},
            "contradicted": {"roots": [[0]], **leaf},
            "review_below": 0,
            "familiar": sorted(familiar),
        }
    )


def grader_with(
    weights: Sequence[Path],
    close: Path,
    table: TextTable,
    familiar: Iterable[str] = (),
) -> Grader:
    """Give a grader around trained weights, without a calibration.

    Args:
        weights: The judge's, a file for each of its networks.
        close: The close reader's.
        table: Texts that need not be worked out again.
        familiar: Fingerprints of the criteria that the judge learned from.
    """
    return Grader(
        encoder=TableReader(table),
        judge=Judge(weights),
        close_reader=CloseReader(close),
        calibration=no_calibration(familiar),
        version="training",
        identity={},
    )


def games_for(
    rubrics: Mapping[str, Rubric], items: Iterable[str]
) -> list[LabelledAnswer]:
    """Give games of each family for some items, labelled as earning nothing.

    One of each, but for right sentences about other items: they pass most easily.
    """
    games = []
    for item in sorted(items):
        chance = random.Random(f"games {item}")
        made = [
            (name, family(rubrics[item], chance)) for name, family in FAMILIES.items()
        ]
        made += [
            ("neighbouring", neighbouring(rubrics, item, chance))
            for _ in range(NEIGHBOURS)
        ]
        for number, (name, text) in enumerate(made):
            opposed = {c.id for c in rubrics[item].criteria if c.misconceptions}
            games.append(
                LabelledAnswer(
                    id=f"game-{item}-{name}-{number}",
                    item=item,
                    category=f"game: {name}",
                    answer=text[:19_000],
                    points={c.id: 0.0 for c in rubrics[item].criteria},
                    contradicted=frozenset(opposed if name == "opposite" else ()),
                    is_complete=True,
                    false_claims=(),
                    score=0.0,
                )
            )
    return games


def bare(rubric: Rubric) -> Rubric:
    """Give a rubric of one-line criteria: without keywords and other wordings."""
    return Rubric(
        title=rubric.title,
        asks=rubric.asks,
        criteria=tuple(
            Criterion(id=c.id, says=c.says, weight=c.weight) for c in rubric.criteria
        ),
    )


def rubric_of(answer: ShortAnswer) -> Rubric:
    """Give a question of a public set as a rubric of one criterion."""
    says, *others = dict.fromkeys(answer.references)
    criterion = Criterion(id="point", says=says, references=tuple(others))
    return Rubric(
        title=answer.question_id, asks=answer.question or says, criteria=(criterion,)
    )


def as_labelled(answer: ShortAnswer, number: int) -> LabelledAnswer:
    """Give a public answer with the labels that its mark stands for."""
    against = answer.label == "contradictory"
    return LabelledAnswer(
        id=f"{answer.question_id}-{number}",
        item=answer.question_id,
        category=answer.label or "graded",
        answer=answer.answer,
        points={"point": round(2 * answer.score) / 2},
        contradicted=frozenset({"point"} if against else ()),
        is_complete=bool(answer.label),
        false_claims=(),
        score=100 * answer.score,
    )


def scored_by(
    grader: Grader, rubrics: Mapping[str, Rubric], answers: Iterable[LabelledAnswer]
) -> Scored:
    """Score answers, on every core; those without a word are left out."""
    tried = [a for a in answers if any(c.isalnum() for c in a.answer)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        scores = pool.map(lambda a: grader.score(rubrics[a.item], a.answer), tried)
        return list(zip(tried, scores, strict=True))


def recalibrated(scored: Scored, data: Mapping[str, Any]) -> Scored:
    """Give the same answers with the scores that another calibration makes of their signals."""
    calibration = from_json(data, tuple(data["features"]))
    return [(answer, decided_again(score, calibration)) for answer, score in scored]


def cross_calibrated(scored: Scored, shape: Shape = WHOLE) -> Scored:
    """Score by calibrations that were fitted without the answer's item, in order."""
    items = sorted({answer.item for answer, _ in scored})
    random.Random(2).shuffle(items)
    examples = examples_from(scored, weight_of, shape.names)
    folds = [set(items[number::FOLDS]) for number in range(FOLDS)]

    def fitted_without(held: set[str]) -> dict[str, Any]:
        return fit_calibration([e for e in examples if e.item not in held], shape)

    result: dict[int, tuple[LabelledAnswer, Score]] = {}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for held, fitted in zip(folds, pool.map(fitted_without, folds), strict=True):
            own = [k for k, (answer, _) in enumerate(scored) if answer.item in held]
            again = recalibrated([scored[k] for k in own], fitted)
            result.update(zip(own, again, strict=True))
    return [result[k] for k in range(len(scored))]


def weight_of(answer: LabelledAnswer) -> float:
    """Give how much an answer counts."""
    if not answer.category.startswith("game"):
        return 1.0
    return FACT_GAME_WEIGHT if len(answer.points) == 1 else GAME_WEIGHT


def fitted_on(scored: Scored, shape: Shape) -> dict[str, Any]:
    """Fit a calibration on some scored answers."""
    return fit_calibration(examples_from(scored, weight_of, shape.names), shape)


def final_calibration(
    scored: Scored, cross: Scored, shape: Shape = WHOLE
) -> dict[str, Any]:
    """Fit on everything; the least sure fifth of real answers is marked for review."""
    fitted = fitted_on(scored, shape)
    sure = sorted(s.confidence for a, s in cross if not a.category.startswith("game"))
    fitted["review_below"] = round(sure[int(len(sure) * SHARE_REVIEWED)], 2)
    return fitted


def real(scored: Scored) -> Scored:
    """Give what people might have written."""
    return [pair for pair in scored if not pair[0].category.startswith("game")]


def games(scored: Scored) -> Scored:
    """Give the games."""
    return [pair for pair in scored if pair[0].category.startswith("game")]


def without_signals(scored: Scored, names: Sequence[str]) -> Scored:
    """Give the same answers as if some signals said nothing: for ablation."""
    flat = dict.fromkeys(names, 0.5)
    return [
        (
            answer,
            replace(
                score,
                criteria=tuple(
                    replace(c, signals={**c.signals, **flat}) for c in score.criteria
                ),
            ),
        )
        for answer, score in scored
    ]


def entry_of(answer: LabelledAnswer) -> dict[str, Any]:
    """Give a labelled answer as reports read it."""
    return {
        "id": answer.id,
        "item": answer.item,
        "category": answer.category,
        "answer": answer.answer,
        "points": answer.points,
        "score": answer.score,
        "evidence": answer.evidence,
        "contradicted": answer.contradicted,
    }
