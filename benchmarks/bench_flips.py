"""What bundled model answers earn, as they are and with claims turned round.

    python benchmarks/bench_flips.py

First with one claim turned by hand (``grading/training/data/kept/flips.jsonl``): a few
words of a model answer changed so that it states the opposite of one criterion, and as
many changed so that it still says the same. A careful reader takes all credit for the
first and none for the second. Then with every sentence turned at once by general words
of English (``grading/training/games.py``), many of which then say nothing clear.

The judge never saw the model answers nor what is made of them here; it has seen other
answers to the same items, and sentences of those turned by other writers.
"""

import os
import statistics
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quizsite.settings")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from grading.core.score import CriterionScore, Score
from grading.grader import Grader, load_grader
from grading.training.corpus import KEPT_FOLDER, read_lines
from grading.training.games import flipped
from questions.content_files import bundled_items
from questions.core.item import Item

HALF = 0.5  # of a criterion's credit


@dataclass(frozen=True, slots=True)
class Change:
    """What a change by hand did to its criterion.

    Attributes:
        kind: ``turned`` or ``same``.
        before: Credit for the model answer as it is.
        after: The criterion as it was scored then.
        points: What the whole answer lost of 100.
    """

    kind: str
    before: float
    after: CriterionScore
    points: float


def changed(answer: str, entry: dict[str, Any]) -> str:
    """Give a model answer with the words of an entry changed.

    Raises:
        ValueError: The model answer was rewritten since the entry was made.
    """
    for old, new in entry["changes"]:
        if answer.count(old) != 1:
            raise ValueError(f"{entry['item']}: not once in the model answer: {old!r}")
        answer = answer.replace(old, new)
    return answer


def criterion_of(score: Score, name: str) -> CriterionScore:
    """Give one criterion's part of a score."""
    return next(one for one in score.criteria if one.id == name)


def tried(grader: Grader, item: Item, entry: dict[str, Any], right: Score) -> Change:
    """Score a changed model answer."""
    score = grader.score(item.rubric, changed(item.model_answer, entry))
    return Change(
        kind=entry["kind"],
        before=criterion_of(right, entry["criterion"]).probability,
        after=criterion_of(score, entry["criterion"]),
        points=right.value - score.value,
    )


def say(kind: str, changes: Sequence[Change]) -> None:
    """Print what one kind of change did."""
    own = [one for one in changes if one.kind == kind]
    lost = sum(one.before - one.after.probability >= HALF for one in own)
    print(
        f"{kind:7} {len(own):3}: credit {statistics.mean(c.before for c in own):.2f}"
        f" to {statistics.mean(c.after.probability for c in own):.2f},"
        f" {lost} lose half a criterion or more,"
        f" {statistics.mean(c.points for c in own):.1f} points of 100 off;"
        f" {dict(Counter(c.after.finding.value for c in own))}"
    )


def main() -> None:
    """Score and print."""
    grader = load_grader()
    items = {slug: item for slug, item in bundled_items().items() if item.criteria}
    right = {
        slug: grader.score(item.rubric, item.model_answer)
        for slug, item in items.items()
    }
    wrong = {
        slug: grader.score(item.rubric, flipped(item.model_answer))
        for slug, item in items.items()
    }
    for slug in items:
        print(
            f"{slug:32} {right[slug].value:6.1f}   every sentence {wrong[slug].value:6.1f}"
        )
    before, after = (
        statistics.median(score.value for score in scores.values())
        for scores in (right, wrong)
    )
    print(f"median {before:.1f}, every sentence turned by general words {after:.1f}")
    changes = [
        tried(grader, items[entry["item"]], entry, right[entry["item"]])
        for entry in read_lines(KEPT_FOLDER / "flips.jsonl")
    ]
    say("turned", changes)
    say("same", changes)


if __name__ == "__main__":
    main()
