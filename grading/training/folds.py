"""Trains judges with items left out, scores what they have not seen, and adds it up."""

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from grading.core.calibration import FEATURES, Calibration, from_json
from grading.core.rubric import Rubric
from grading.core.score import JudgedCriterion, Score, add_up
from grading.core.similarity import Encoder, Vectors
from grading.core.weigh import decide
from grading.grader import Grader
from grading.judge import Judge
from grading.training.calibrate import examples_from, fit_calibration
from grading.training.corpus import Corpus, LabelledAnswer
from grading.training.games import FAMILIES, neighbouring
from grading.training.learn import Learned, Recipe, learn
from grading.training.segments import Segments, Table

# Games are as many as answers here, and rarer among people; raters of the bundled
# module give credit more freely than those of the other subjects.
GAME_WEIGHT, BUNDLED_WEIGHT = 0.7, 3.0
SHARE_REVIEWED = 0.2  # of real scores, the least sure, are marked for a person
OTHER_FOLDS = 3  # of the items that are not bundled
Scored = list[tuple[LabelledAnswer, Score]]
Report = Callable[[str], None]


@dataclass(slots=True)
class TableEncoder:
    """Looks sentences up, and encodes only those that were never seen."""

    table: Table
    real: Encoder

    def encode(self, sentences: list[str]) -> Vectors:
        """Give (sentences, 384) float32."""
        known = [self.table.rows.get(text, -1) for text in sentences]
        if not sentences:
            return np.zeros((0, self.table.vectors.shape[1]), dtype=np.float32)
        if min(known) >= 0:
            return self.table.vectors[known]
        return self.real.encode(sentences)


def no_calibration() -> Calibration:
    """Give a calibration that says nothing: for scoring whose signals alone count."""
    size = len(FEATURES)
    return from_json(
        {
            "features": list(FEATURES), "mean": [0] * size, "scale": [1] * size,
            "credit": [[0] * (size + 1)] * 3, "contradicted": [0] * (size + 1),
            "review_below": 0,
        }
    )  # fmt: skip


def grader_with(
    learned: Learned, encoder: Encoder, folder: Path, calibration: Calibration
) -> Grader:
    """Give a grader around a judge that was just learned."""
    path = folder / "judge.safetensors"
    learned.write(path)
    return Grader(
        encoder=encoder,
        judge=Judge(path),
        calibration=calibration,
        version="training",
        identity={},
    )


def folds_of(corpus: Corpus, bundled: frozenset[str]) -> list[frozenset[str]]:
    """Give sets of items: the bundled ones together, the others in three."""
    others = sorted(set(corpus.rubrics) - bundled)
    random.Random(1).shuffle(others)
    parts = [frozenset(others[k::OTHER_FOLDS]) for k in range(OTHER_FOLDS)]
    return [bundled, *parts]


def games_for(
    rubrics: Mapping[str, Rubric], items: Iterable[str]
) -> list[LabelledAnswer]:
    """Give one game of each family for some items, labelled as earning nothing."""
    games = []
    for item in sorted(items):
        chance = random.Random(f"games {item}")
        made = {
            name: family(rubrics[item], chance) for name, family in FAMILIES.items()
        }
        made["neighbouring"] = neighbouring(rubrics, item, chance)
        for name, text in made.items():
            against = (
                {c.id for c in rubrics[item].criteria} if name == "opposite" else set()
            )
            games.append(
                LabelledAnswer(
                    id=f"game-{item}-{name}",
                    item=item,
                    category=f"game: {name}",
                    answer=text[:19_000],
                    points={c.id: 0.0 for c in rubrics[item].criteria},
                    contradicted=frozenset(against),
                    false_claims=(),
                    score=0.0,
                )
            )
    return games


def scored_by(
    grader: Grader, corpus: Corpus, answers: Iterable[LabelledAnswer]
) -> Scored:
    """Score answers; those without a word are left out."""
    return [
        (answer, grader.score(corpus.rubrics[answer.item], answer.answer))
        for answer in answers
        if any(c.isalnum() for c in answer.answer)
    ]


def out_of_fold(
    corpus: Corpus,
    bundled: frozenset[str],
    segments: Segments,
    table: Table,
    real: Encoder,
    folder: Path,
    report: Report,
    most_folds: int,
) -> Scored:
    """Score every answer by a judge that saw nothing of its item."""
    encoder = TableEncoder(table, real)
    scored: Scored = []
    for number, left_out in enumerate(folds_of(corpus, bundled)[:most_folds]):
        chosen = [k for k, item in enumerate(segments.items) if item not in left_out]
        learned = learn(segments, table, chosen, Recipe(), lambda _: None)
        grader = grader_with(learned, encoder, folder, no_calibration())
        answers = [a for a in corpus.answers if a.item in left_out]
        games = games_for(corpus.rubrics, {a.item for a in answers})
        scored += scored_by(grader, corpus, [*answers, *games])
        report(f"fold {number}: {len(left_out)} items left out, {len(answers)} answers")
    return scored


def recalibrated(scored: Scored, data: Mapping[str, Any]) -> Scored:
    """Give the same answers with the scores that another calibration makes of their signals."""
    calibration = from_json(data)
    result: Scored = []
    for answer, score in scored:
        judged, doubt = [], 0.0
        for criterion in score.criteria:
            said = decide(criterion.signals, calibration)
            doubt += criterion.weight * said.doubt
            judged.append(
                JudgedCriterion(
                    id=criterion.id, says=criterion.says, weight=criterion.weight,
                    finding=said.finding, evidence=(), signals=criterion.signals, feedback="",
                    credit=said.credit,
                )
            )  # fmt: skip
        sure = 1 - doubt / sum(c.weight for c in score.criteria)
        result.append(
            (answer, add_up(judged, confidence=sure, review_below=data["review_below"]))
        )
    return result


def cross_calibrated(scored: Scored, bundled: frozenset[str], folds: int = 5) -> Scored:
    """Score by calibrations that were fitted without the answer's item."""
    items = sorted({answer.item for answer, _ in scored})
    examples = examples_from(scored, partial(weight_of, bundled))
    result: Scored = []
    for number in range(folds):
        held = set(items[number::folds])
        fitted = fit_calibration([e for e in examples if e.item not in held])
        result += recalibrated([s for s in scored if s[0].item in held], fitted)
    return result


def weight_of(bundled: frozenset[str], answer: LabelledAnswer) -> float:
    """Give how much an answer counts: games little, the module's raters most."""
    if answer.category.startswith("game"):
        return GAME_WEIGHT
    return BUNDLED_WEIGHT if answer.item in bundled else 1.0


def final_calibration(
    scored: Scored, cross: Scored, bundled: frozenset[str]
) -> dict[str, Any]:
    """Fit on everything; the least sure fifth of real answers is marked for review."""
    fitted = fit_calibration(examples_from(scored, partial(weight_of, bundled)))
    sure = sorted(s.confidence for a, s in cross if not a.category.startswith("game"))
    fitted["review_below"] = round(sure[int(len(sure) * SHARE_REVIEWED)], 2)
    return fitted


def without_answers(segments: Segments, left_out: set[str]) -> list[int]:
    """Give the runs that are not from some answers."""
    return [k for k, answer in enumerate(segments.answers) if answer not in left_out]
