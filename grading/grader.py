"""The grader: answer and rubric in, score out; loaded once per process."""

import ctypes
import hashlib
import itertools
import json
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from grading.close_reader import CloseReader, checked_close_reader
from grading.core.answers import fault_of
from grading.core.calibration import Calibration, from_json
from grading.core.errors import ModelIntegrityError, UngradableError
from grading.core.keywords import Words
from grading.core.pairs import Pairs, Wordings, pair_up
from grading.core.rubric import Criterion, Rubric
from grading.core.score import Score
from grading.core.sentences import as_read, split_sentences
from grading.core.signals import CLOSE, Chances, JudgeSays, looked_at
from grading.core.text import normalise
from grading.core.weigh import weigh
from grading.encoder import (
    WEIGHTS_SHA256,
    Encoder,
    SentenceEncoder,
    checked_ranges,
    checked_weights,
    sha256_of,
)
from grading.facing import Facing, States
from grading.judge import Judge, Shown, checked_judge

CODE_VERSION = "11"  # raise it with any change that can move a score
CALIBRATION = Path(__file__).parent / "weights" / "calibration.json"
# Answers after which freed memory goes back to the system: the C library keeps it
# otherwise, 1,000 answers of all lengths some 100 MB (benchmarks/bench_memory.py).
ANSWERS_A_TRIM = 25
MET = CLOSE.index("close_met")
FACED = 2  # references that are read closely beside the statement
KEPT_RUBRICS = 64  # rubrics whose texts stay encoded; about 1.5 MB each


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A criterion's texts, encoded once.

    Attributes:
        wordings: Its sentences and their vectors.
        says: (tokens, 384) states of its statement.
        right: The same of each reference.
    """

    wordings: Wordings
    says: States
    right: tuple[States, ...]

    def shown(self, paired: Pairs) -> Shown:
        """Give what the judge is shown beside an answer: the nearest right wording.

        No misconception: with one it judges slower and no better.
        """
        near = paired.references[:1]
        return Shown(
            says=self.says,
            reference=self.right[near[0]] if near else None,
            near=paired.near,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedRubric:
    """A rubric's texts, encoded once.

    Attributes:
        question: (tokens, 384) states of the question.
        criteria: In the rubric's order.
    """

    question: States
    criteria: tuple[Prepared, ...]


@dataclass(slots=True)
class Grader:
    """Everything that scores, ready to use; safe to share between threads.

    Attributes:
        version: Short; changes with anything that can move a score.
        identity: Code version and hashes, for the score record.
    """

    encoder: Encoder
    judge: Judge
    close_reader: CloseReader
    calibration: Calibration
    version: str
    identity: Mapping[str, str]
    _kept: OrderedDict[Rubric, PreparedRubric] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _counted: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def score(self, rubric: Rubric, answer: str) -> Score:
        """Score one answer.

        Raises:
            UngradableError: Empty, too long, or not text.
        """
        fault = fault_of(answer)
        if fault is not None:
            raise UngradableError(fault.message)
        plain = normalise(answer)
        is_fact = rubric.has_one_criterion
        sentences = split_sentences(plain.text, is_fact=is_fact)
        if not sentences:
            raise UngradableError("The answer has no words.")
        read = self.encoder.read(as_read(sentences, is_fact=is_fact))
        prepared = self._prepare(rubric)
        words = Words(sentences)
        pairs = [
            pair_up(criterion, own.wordings, words, read.vectors)
            for criterion, own in zip(rubric.criteria, prepared.criteria, strict=True)
        ]
        shown = [
            own.shown(paired)
            for own, paired in zip(prepared.criteria, pairs, strict=True)
        ]
        states = [half(own) for own in read.states]
        judge = self.judge.read(prepared.question, states, shown)
        score = weigh(
            rubric,
            plain=plain,
            sentences=sentences,
            pairs=pairs,
            judge=judge,
            close=self._closely(prepared, pairs, judge, states),
            calibration=self.calibration,
        )
        if next(self._counted) % ANSWERS_A_TRIM == 0:
            _give_memory_back()
        return score

    def score_many(self, answers: Sequence[tuple[Rubric, str]]) -> list[Score]:
        """Score many answers; each gets the very score that it gets alone."""
        return [self.score(rubric, answer) for rubric, answer in answers]

    def _closely(
        self,
        prepared: PreparedRubric,
        pairs: Sequence[Pairs],
        judge: JudgeSays,
        states: Sequence[States],
    ) -> Chances | None:
        """Give what the close reader makes of a rubric's only criterion; else None.

        Of several right wordings the one counts that speaks most for the answer.
        """
        if len(prepared.criteria) != 1:
            return None
        said = self.close_reader.read(held_against(prepared, pairs[0], judge, states))
        best: Chances = said[said[:, MET].argmax()]
        return best

    def _prepare(self, rubric: Rubric) -> PreparedRubric:
        with self._lock:
            kept = self._kept.get(rubric)
            if kept is not None:
                self._kept.move_to_end(rubric)
                return kept
        question = self.encoder.read([normalise(rubric.question).text])
        made = PreparedRubric(
            question=half(question.states[0]),
            criteria=tuple(self._criterion(one) for one in rubric.criteria),
        )
        with self._lock:
            self._kept[rubric] = made
            while len(self._kept) > KEPT_RUBRICS:
                self._kept.popitem(last=False)
        return made

    def _criterion(self, criterion: Criterion) -> Prepared:
        """Encode one criterion's texts; alone, so that no other can move a digit."""
        right = [normalise(t).text for t in (criterion.says, *criterion.references)]
        wrong = [normalise(text).text for text in criterion.misconceptions]
        read = self.encoder.read([*right, *wrong])
        states = [half(own) for own in read.states[: len(right)]]
        return Prepared(
            wordings=Wordings(
                right=read.vectors[: len(right)], wrong=read.vectors[len(right) :]
            ),
            says=states[0],
            right=tuple(states[1:]),
        )


def held_against(
    prepared: PreparedRubric, paired: Pairs, judge: JudgeSays, states: Sequence[States]
) -> list[Facing]:
    """Give what is read closely: where the judge points, against the right wordings.

    The statement and the references nearest to the answer, one at a time.
    The question is read along, as an answer may lean on its words ("because it has
    its own loop").

    Args:
        prepared: A rubric of one criterion.
        paired: The answer's sentences beside it.
        judge: What the judge said.
        states: Of each sentence of the answer.
    """
    (own,) = prepared.criteria
    said = [states[k] for k in sorted(looked_at(judge.pointers[0]))]
    wordings = [own.says, *(own.right[k] for k in paired.references[:FACED])]
    return [
        Facing(wording=wording, said=said, question=prepared.question)
        for wording in wordings
    ]


def half(states: States) -> States:
    """Give states in half precision: as the judge learned them, and half the memory."""
    return states.astype(np.float16)


def _give_memory_back() -> None:
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc's; others have none
    if trim is not None:
        trim(0)


_grader: Grader | None = None
_loading = threading.Lock()


def load_grader() -> Grader:
    """Give the process's grader, loaded on first use.

    Raises:
        ModelIntegrityError: Weights are absent or not the measured ones.
    """
    global _grader
    with _loading:
        if _grader is None:
            _grader = _load()
        return _grader


def check() -> dict[str, str]:
    """Give the grader's identity after checking every file by hash; loads no model.

    Raises:
        ModelIntegrityError: Something is absent or not the measured one.
    """
    checked_weights()
    return {
        "code": CODE_VERSION,
        "encoder": WEIGHTS_SHA256,
        "encoder_ranges": checked_ranges(),
        **checked_judge(),
        "close_reader": checked_close_reader(),
        "calibration": sha256_of(CALIBRATION),
    }


def _load() -> Grader:
    identity = check()
    return Grader(
        encoder=SentenceEncoder(),
        judge=Judge(),
        close_reader=CloseReader(),
        calibration=_calibration(),
        version=_short(identity),
        identity=identity,
    )


def _calibration() -> Calibration:
    try:
        data: dict[str, Any] = json.loads(CALIBRATION.read_text("utf-8"))
        return from_json(data)
    except (OSError, ValueError, KeyError) as error:
        raise ModelIntegrityError(f"{CALIBRATION.name} cannot be used") from error


def _short(identity: Mapping[str, str]) -> str:
    joined = json.dumps(dict(identity), sort_keys=True).encode()
    return f"{identity['code']}-{hashlib.sha256(joined).hexdigest()[:12]}"
