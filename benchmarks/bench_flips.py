"""What bundled model answers earn, as they are and with claims turned round.

    python benchmarks/bench_flips.py

Claims are turned by general words of English (``grading/training/games.py``): in every
sentence at once, and in one sentence at a time. A careful reader gives the first next to
nothing, and takes at least half a criterion for most of the second. The judge never
saw the model answers; it has seen words turned in other answers.
"""

import os
import statistics
import sys
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quizsite.settings")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from grading.core.score import Score
from grading.core.sentences import split_sentences
from grading.grader import load_grader
from grading.training.games import flipped
from questions.content_files import bundled_items


def one_turned(answer: str) -> list[str]:
    """Give the answer with one sentence turned round, for each that can be."""
    found = []
    for sentence in split_sentences(answer):
        turned = flipped(sentence.text)
        if turned != sentence.text:
            found.append(answer[: sentence.start] + turned + answer[sentence.end :])
    return found


def made(score: Score) -> float:
    """Give how many criteria are made, deductions apart."""
    return sum(criterion.probability for criterion in score.criteria)


def main() -> None:
    """Score and print."""
    grader = load_grader()
    right, wrong, drops = [], [], []
    for slug, item in bundled_items().items():
        if not item.criteria:
            continue
        score = grader.score(item.rubric, item.model_answer)
        right.append(score.value)
        wrong.append(grader.score(item.rubric, flipped(item.model_answer)).value)
        single = [
            made(score) - made(grader.score(item.rubric, answer))
            for answer in one_turned(item.model_answer)
        ]
        drops += single
        print(
            f"{slug:32} {right[-1]:6.1f}   flipped {wrong[-1]:6.1f}"
            f"   one sentence: {statistics.mean(single):4.2f} criteria less"
        )
    costs = sum(drop >= 0.5 for drop in drops)
    print(
        f"median {statistics.median(right):.1f}, flipped {statistics.median(wrong):.1f};"
        f" {costs} of {len(drops)} single turned sentences cost half a criterion or more"
    )


if __name__ == "__main__":
    main()
