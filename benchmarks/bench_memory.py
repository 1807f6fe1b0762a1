"""Whether the grader's memory stays flat over many answers.

    python benchmarks/bench_memory.py [ANSWERS]

Answers of 5 to 60 words to all bundled rubrics in turn; one word in ten is a new one, one
answer in a hundred is long, and one in fifty is to a rubric never seen before: so every
cache is filled and has to drop what it kept. Prints the resident memory now and then.
"""

import os
import random
import sys
import time
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quizsite.settings")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from grading.grader import load_grader
from questions.content_files import bundled_items

SHORTEST, LONGEST, LONG = 5, 60, 1_500  # words
LONG_SHARE, NEW_WORDS, NEW_RUBRICS = 0.01, 0.1, 0.02


def resident_mb() -> float:
    """Give the memory that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def main() -> None:
    """Score and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    grader = load_grader()
    items = [item for item in bundled_items().values() if item.criteria]
    words = [word for item in items for word in item.model_answer.split()]
    chance = random.Random(0)  # noqa: S311 - the same answers in every run
    began = time.perf_counter()
    for number in range(count):
        is_long = chance.random() < LONG_SHARE
        size = LONG if is_long else chance.randint(SHORTEST, LONGEST)
        at = chance.randrange(len(words) - size)
        said = [
            f"{chance.choice(words)}{chance.randrange(10**6)}"
            if chance.random() < NEW_WORDS
            else word
            for word in words[at : at + size]
        ]
        rubric = items[number % len(items)].rubric
        if chance.random() < NEW_RUBRICS:
            rubric = replace(rubric, title=f"{rubric.title} {number}")
        grader.score(rubric, " ".join(said))
        if (number + 1) % max(1, count // 10) == 0:
            spent = time.perf_counter() - began
            print(
                f"{number + 1:6} answers {resident_mb():6.0f} MB {spent:6.0f} s",
                flush=True,
            )


if __name__ == "__main__":
    main()
