"""What an answer costs, stage by stage.

    python benchmarks/bench_grader.py [ANSWERS]

Prints medians in milliseconds on one thread, beside the machine's own matrix-multiply
rate, so that figures from different machines can be compared.
"""

import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quizsite.settings")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import torch

from grading.core.pairs import pair_up
from grading.core.sentences import split_sentences
from grading.core.text import normalise
from grading.grader import load_grader
from questions.content_files import bundled_items

ROUNDS = 15


def median_ms(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Give the median wall time of some rounds after a warm-up."""
    work()
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times)


def rss_mb() -> float:
    """Give the peak resident memory of this process."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure and print."""
    torch.set_num_threads(1)
    a = np.random.default_rng(0).standard_normal((832, 384), dtype=np.float32)
    b = np.random.default_rng(1).standard_normal((384, 1536), dtype=np.float32)
    gemm = median_ms(lambda: torch.from_numpy(a) @ torch.from_numpy(b))
    print(
        f"matrix multiply 832x384x1536: {2 * 832 * 384 * 1536 / gemm / 1e6:.0f} GFLOP/s"
    )
    grader = load_grader()
    item = bundled_items()["kv-cache-monitoring"]
    words = item.model_answer.split()[:120]
    answer = " ".join(words)
    plain = normalise(answer)
    sentences = split_sentences(plain.text)
    texts = [sentence.text for sentence in sentences]
    vectors = grader.encoder.encode(texts)
    grader.score(item.rubric, answer)
    wordings = grader._wordings_of(item.rubric)
    pairs = [
        pair_up(c, w, sentences, vectors)
        for c, w in zip(item.rubric.criteria, wordings, strict=True)
    ]
    print(
        f"{len(words)} words, {len(texts)} sentences, {len(item.rubric.criteria)} criteria"
    )
    stages: dict[str, Callable[[], object]] = {
        "normalise and split": lambda: split_sentences(normalise(answer).text),
        "encode": lambda: grader.encoder.encode(texts),
        "pair and keywords": lambda: [
            pair_up(c, w, sentences, vectors)
            for c, w in zip(item.rubric.criteria, wordings, strict=True)
        ],
        "judge": lambda: grader.judge.read(wordings, pairs, vectors),
        "whole score": lambda: grader.score(item.rubric, answer),
    }
    for name, work in stages.items():
        print(f"  {name:22} {median_ms(work):8.1f} ms")
    before = rss_mb()
    began = time.perf_counter()
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    for number in range(count):
        grader.score(item.rubric, f"{answer} Number {number}.")
    rate = count / (time.perf_counter() - began)
    print(f"{count} answers one by one: {rate:.1f} a second")
    print(f"peak memory {before:.0f} MB before, {rss_mb():.0f} MB after")


if __name__ == "__main__":
    main()
