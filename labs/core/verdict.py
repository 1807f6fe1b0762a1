"""How a run, and each test case of it, ended."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """The field's words, worst first: the worst of its cases is a run's verdict."""

    INTERNAL_ERROR = "internal error"
    REJECTED = "rejected"
    MEMORY_LIMIT = "memory limit"
    TIME_LIMIT = "time limit"
    OUTPUT_LIMIT = "output limit"
    CRASHED = "crashed"
    FAILED = "failed"
    PASSED = "passed"


def worst(verdicts: Iterable[Verdict | None]) -> Verdict:
    """Give the worst of some verdicts; without any nothing was shown: rejected."""
    order = tuple(Verdict)
    known = [verdict for verdict in verdicts if verdict is not None]
    return min(known, key=order.index, default=Verdict.REJECTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """How one test case ended.

    Attributes:
        name: What it tries, in words.
        weight: Its share of the score.
        verdict: How it ended; None when the run had ended before it.
        kind: ``case``, ``right`` (a right implementation), ``mutant`` or ``test``.
        hidden: Whether its inputs are kept from the learner.
        called: The call as text; empty for hidden cases.
        returned: What came back as text, clipped; empty for hidden cases.
        feedback: What to think about; never gives a hidden value away.
    """

    name: str
    weight: float
    verdict: Verdict | None
    hidden: bool
    kind: str = "case"
    called: str = ""
    returned: str = ""
    feedback: str = ""

    @property
    def passed(self) -> bool:
        """Say whether it passed."""
        return self.verdict is Verdict.PASSED


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """How a whole run ended.

    Attributes:
        verdict: The worst of its cases, or what ended it before them.
        cases: In the order of the lab.
        score_share: Weighted share of the cases that passed, 0 to 1.
        message: One sentence on the whole, for the learner.
        learner_output: What the code printed before the first hidden call, clipped.
        operator_output: What it printed after that, clipped; never shown to learners.
        seed: What the drawn inputs came from.
        timings: Milliseconds by stage.
        runtime: What isolated the run.
        spec_hash: SHA-256 of the lab's files.
    """

    verdict: Verdict
    cases: tuple[CaseResult, ...]
    score_share: float
    message: str
    learner_output: str
    operator_output: str
    seed: int
    runtime: str
    spec_hash: str
    timings: dict[str, float] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Give what the learner may see, as JSON."""
        shown = asdict(self)
        del shown["operator_output"]
        shown["verdict"] = self.verdict.value
        shown["cases"] = [
            {**asdict(case), "verdict": case.verdict, "passed": case.passed}
            for case in self.cases
        ]
        return shown


def share_passed(cases: Iterable[CaseResult]) -> float:
    """Give the weighted share of cases that passed; 0 without cases."""
    weights = [(case.weight, case.passed) for case in cases]
    total = sum(weight for weight, _ in weights)
    return sum(w for w, passed in weights if passed) / total if total else 0.0
