"""The grader: answer and rubric in, score out; loaded once per process."""

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grading.core.answers import fault_of
from grading.core.calibration import Calibration, from_json
from grading.core.errors import ModelIntegrityError, UngradableError
from grading.core.pairs import Wordings, pair_up
from grading.core.rubric import Rubric
from grading.core.score import Score
from grading.core.sentences import split_sentences
from grading.core.similarity import Encoder
from grading.core.text import normalise
from grading.core.weigh import weigh
from grading.encoder import WEIGHTS_SHA256, SentenceEncoder, checked_weights, sha256_of
from grading.judge import Judge, checked_judge

CODE_VERSION = "1"  # raise it with any change that can move a score
CALIBRATION = Path(__file__).parent / "weights" / "calibration.json"
KEPT_RUBRICS = 256  # rubrics whose sentences stay encoded
MOST_SENTENCES = 200  # of one answer that are compared; 20,000 characters have fewer


@dataclass(slots=True)
class Grader:
    """Everything that scores, ready to use; safe to share between threads.

    Attributes:
        version: Short; changes with anything that can move a score.
        identity: Code version and hashes, for the score record.
    """

    encoder: Encoder
    judge: Judge
    calibration: Calibration
    version: str
    identity: Mapping[str, str]
    _kept: OrderedDict[Rubric, list[Wordings]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def score(self, rubric: Rubric, answer: str) -> Score:
        """Score one answer.

        Raises:
            UngradableError: Empty, too long, or not text.
        """
        fault = fault_of(answer)
        if fault is not None:
            raise UngradableError(fault.message)
        plain = normalise(answer)
        sentences = split_sentences(plain.text)[:MOST_SENTENCES]
        if not sentences:
            raise UngradableError("The answer has no words.")
        vectors = self.encoder.encode([sentence.text for sentence in sentences])
        wordings = self._wordings_of(rubric)
        pairs = [
            pair_up(criterion, own, sentences, vectors)
            for criterion, own in zip(rubric.criteria, wordings, strict=True)
        ]
        return weigh(
            rubric,
            plain=plain,
            sentences=sentences,
            pairs=pairs,
            judge=self.judge.read(wordings, pairs, vectors),
            calibration=self.calibration,
        )

    def score_many(self, answers: Sequence[tuple[Rubric, str]]) -> list[Score]:
        """Score many answers; each gets the very score that it gets alone."""
        return [self.score(rubric, answer) for rubric, answer in answers]

    def _wordings_of(self, rubric: Rubric) -> list[Wordings]:
        with self._lock:
            kept = self._kept.get(rubric)
            if kept is not None:
                self._kept.move_to_end(rubric)
                return kept
        made = []
        for criterion in rubric.criteria:
            right = [normalise(t).text for t in (criterion.says, *criterion.references)]
            wrong = [normalise(text).text for text in criterion.misconceptions]
            made.append(
                Wordings(
                    right=tuple(right),
                    right_vectors=self.encoder.encode(right),
                    wrong_vectors=self.encoder.encode(wrong),
                )
            )
        with self._lock:
            self._kept[rubric] = made
            while len(self._kept) > KEPT_RUBRICS:
                self._kept.popitem(last=False)
        return made


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
        "judge": checked_judge(),
        "calibration": sha256_of(CALIBRATION),
    }


def _load() -> Grader:
    identity = check()
    return Grader(
        encoder=SentenceEncoder(),
        judge=Judge(),
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
