"""What bundled model answers earn, as they are and with every claim turned round.

    python benchmarks/bench_flips.py

Claims are flipped by general words of English (``grading/training/games.py``). A careful
reader gives the flipped ones next to nothing.
"""

import os
import statistics
import sys
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quizsite.settings")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from grading.grader import load_grader
from grading.training.games import flipped
from questions.content_files import bundled_items


def main() -> None:
    """Score and print."""
    grader = load_grader()
    right, wrong = [], []
    for slug, item in bundled_items().items():
        if not item.criteria:
            continue
        right.append(grader.score(item.rubric, item.model_answer).value)
        wrong.append(grader.score(item.rubric, flipped(item.model_answer)).value)
        print(f"{slug:32} {right[-1]:6.1f}   flipped {wrong[-1]:6.1f}")
    print(
        f"median {statistics.median(right):.1f}, flipped {statistics.median(wrong):.1f}"
    )


if __name__ == "__main__":
    main()
