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
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quizsite.settings")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import torch
from sentence_transformers import SentenceTransformer

from grading.core.keywords import Words
from grading.core.pairs import Pairs, pair_up
from grading.core.rubric import Rubric
from grading.core.sentences import as_read, split_sentences
from grading.core.text import normalise
from grading.encoder import model_folder
from grading.grader import Grader, load_grader
from grading.judge import Judge, Shown
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


def plainly(
    grader: Grader,
    judge: Judge,
    model: SentenceTransformer,
    rubric: Rubric,
    sentences: list[str],
) -> None:
    """Score the plain way: every text encoded anew, a criterion at a time, full precision."""
    for criterion in rubric.criteria:
        model.encode([criterion.says, *criterion.references, *criterion.misconceptions])
    model.encode(sentences)
    read = grader.encoder.read(sentences)
    prepared = grader._prepare(rubric)
    for own in prepared.criteria:
        judge.read(prepared.question, read.states, [Shown(
            says=own.says,
            reference=own.right[0] if own.right else None,
            near=(read.vectors @ own.wordings.right.T).max(axis=1),
        )])  # fmt: skip


def main() -> None:
    """Measure and print."""
    torch.set_num_threads(1)
    a = np.random.default_rng(0).standard_normal((832, 384), dtype=np.float32)
    b = np.random.default_rng(1).standard_normal((384, 1536), dtype=np.float32)
    gemm = median_ms(lambda: torch.from_numpy(a) @ torch.from_numpy(b))
    rate = 2 * 832 * 384 * 1536 / gemm / 1e6
    print(f"matrix multiply 832x384x1536: {rate:.0f} GFLOP/s")
    grader = load_grader()
    item = bundled_items()["kv-cache-monitoring"]
    rubric = item.rubric
    full_judge = Judge(rounded=False)
    plain_model = SentenceTransformer(str(model_folder()), device="cpu")
    answer = " ".join(item.model_answer.split()[:120])
    sentences = split_sentences(normalise(answer).text)
    texts = as_read(sentences, is_fact=rubric.has_one_criterion)
    grader.score(rubric, answer)
    prepared = grader._prepare(rubric)
    read = grader.encoder.read(texts)

    def pair() -> list[Pairs]:
        words = Words(sentences)
        return [
            pair_up(c, own.wordings, words, read.vectors)
            for c, own in zip(rubric.criteria, prepared.criteria, strict=True)
        ]

    shown = [
        own.shown(paired) for own, paired in zip(prepared.criteria, pair(), strict=True)
    ]
    one = replace(rubric, criteria=rubric.criteria[:1])
    sentence = sentences[0].text
    grader.score(one, sentence)
    print(
        f"{len(answer.split())} words, {len(texts)} sentences,"
        f" {len(rubric.criteria)} criteria"
    )
    stages: dict[str, Callable[[], object]] = {
        "normalise and split": lambda: split_sentences(normalise(answer).text),
        "encode": lambda: grader.encoder.read(texts),
        "pair and keywords": pair,
        "judge": lambda: grader.judge.read(prepared.question, read.states, shown),
        "whole score": lambda: grader.score(rubric, answer),
        "the plain way": lambda: plainly(
            grader, full_judge, plain_model, rubric, texts
        ),
        "a sentence, 1 criterion": lambda: grader.score(one, sentence),
    }
    found = {name: median_ms(work) for name, work in stages.items()}
    for name, milliseconds in found.items():
        print(f"  {name:24} {milliseconds:8.1f} ms")
    print(
        f"plain way / whole score: {found['the plain way'] / found['whole score']:.1f}"
    )
    before = rss_mb()
    began = time.perf_counter()
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    grader.score_many([(rubric, f"{answer} Number {k}.") for k in range(count)])
    rate = count / (time.perf_counter() - began)
    print(f"{count} answers in a row: {rate:.1f} a second")
    print(f"peak memory {before:.0f} MB before, {rss_mb():.0f} MB after")


if __name__ == "__main__":
    main()
