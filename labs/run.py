"""Run somebody's code against a code lab's cases, and say how it went."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from labs.core.compare import Expected
from labs.core.draw import drawn_cases
from labs.core.errors import LabSpecError
from labs.core.judge import call_text, ended_case, judge_case, together
from labs.core.protocol import ProtocolError, Raised
from labs.core.spec import LabSpec, TestCase
from labs.core.verdict import CaseResult, RunResult, Verdict, share_passed, worst
from labs.sandbox import Box, BoxEndedError

REPEATS = 6  # cases asked a second time: the same call must give the same
SEEDS = 64  # drawn sets whose expected values are kept for each lab
SHOWN_OUTPUT = 4000  # characters
MESSAGES = {
    Verdict.PASSED: "Every test case passed.",
    Verdict.FAILED: "Some test cases failed.",
    Verdict.CRASHED: "The program ended before it had answered.",
    Verdict.TIME_LIMIT: "The program ran into the time limit.",
    Verdict.MEMORY_LIMIT: "The program ran into the memory limit.",
    Verdict.OUTPUT_LIMIT: "The program printed more than is allowed.",
    Verdict.REJECTED: "The program could not be judged.",
}
StartBox = Callable[[LabSpec], Box]


@dataclass(slots=True)
class Oracle:
    """Expected values, worked out by the reference solution in a box of its own.

    Authors are trusted less than the service: their code runs in boxes as well.
    """

    start: StartBox
    _kept: dict[tuple[str, int], tuple[tuple[TestCase, Expected], ...]] = field(
        default_factory=dict
    )
    _lock: Lock = field(default_factory=Lock)

    def cases(self, spec: LabSpec, seed: int) -> tuple[tuple[TestCase, Expected], ...]:
        """Give every case of a run with what it must do: examples first."""
        key = (spec.hash, seed % SEEDS)
        with self._lock:
            found = self._kept.get(key)
        if found is None:
            found = self._work_out(spec, seed % SEEDS)
            with self._lock:
                self._kept[key] = found
        return found

    def _work_out(
        self, spec: LabSpec, seed: int
    ) -> tuple[tuple[TestCase, Expected], ...]:
        cases = (*spec.cases, *drawn_cases(spec.generators, seed))
        if all(case.expected is not None for case in cases):
            return tuple((c, c.expected) for c in cases if c.expected is not None)
        box = self.start(spec)
        try:
            fault = box.load(spec.reference)
            if fault is not None:
                raise LabSpecError(f"the reference does not load: {fault.message}")
            return tuple((case, self._expected(box, spec, case)) for case in cases)
        except BoxEndedError as error:
            raise LabSpecError(f"the reference ended its box: {error}") from error
        finally:
            box.close()

    def _expected(self, box: Box, spec: LabSpec, case: TestCase) -> Expected:
        if case.expected is not None:
            return case.expected
        outcome = box.call(spec.function, *split_arguments(spec, case))
        if isinstance(outcome, Raised):
            return Expected(raises=outcome.type_name)
        return Expected(value=outcome, relative=spec.relative)


def split_arguments(
    spec: LabSpec, case: TestCase
) -> tuple[list[Any], dict[str, Any]]:
    """Give a case's arguments as they are passed: by position, and by name."""
    given = [name for name in spec.positional if name in case.arguments]
    positional = [case.arguments[name] for name in given]
    named = {k: v for k, v in case.arguments.items() if k not in given}
    return positional, named


def run_code(
    spec: LabSpec,
    code: str,
    *,
    seed: int,
    start: StartBox,
    oracle: Oracle,
    visible_only: bool = False,
) -> RunResult:
    """Run code against a lab's cases, or against its visible examples only."""
    began = time.perf_counter()
    cases = oracle.cases(spec, seed)
    if visible_only:
        cases = tuple(pair for pair in cases if not pair[0].hidden)
    asked = [*cases, *_repeated(cases, seed)]
    box = start(spec)
    started = time.perf_counter()
    results: list[CaseResult] = []
    ended: BoxEndedError | None = None
    shown_until = 0
    try:
        fault = box.load(code)
        shown_until = len(box.printed)
        if fault is not None:
            return _not_loaded(spec, asked, fault, box, seed, began)
        for case, expected in asked:
            results.append(_one(spec, box, case, expected))
            if not case.hidden and len(results) <= len(spec.examples):
                shown_until = len(box.printed)
    except BoxEndedError as error:
        ended = error
        if len(results) < len(spec.examples):
            shown_until = len(box.printed)
    finally:
        box.close()
    if ended is not None:
        rest = asked[len(results) :]
        results += [ended_case(case, ended.verdict, str(ended)) for case, _ in rest]
    joined = together(results)
    verdict = worst(case.verdict for case in joined)
    timings = {
        "start": _ms(started - began), "total": _ms(time.perf_counter() - began)
    }  # fmt: skip
    return RunResult(
        verdict=verdict,
        cases=joined,
        score_share=share_passed(joined) if verdict in _SCORED else 0.0,
        message=MESSAGES[verdict],
        learner_output=printed(box, 0, shown_until),
        operator_output=printed(box, shown_until, None),
        seed=seed,
        runtime=box.runtime,
        timings=timings,
    )


# A run that was rejected shows nothing about its answers, so it earns nothing.
_SCORED = frozenset(Verdict) - {Verdict.REJECTED, Verdict.INTERNAL_ERROR}


def _one(spec: LabSpec, box: Box, case: TestCase, expected: Expected) -> CaseResult:
    positional, named = split_arguments(spec, case)
    try:
        outcome = box.call(spec.function, positional, named)
    except ProtocolError as error:
        raise LabSpecError(f"case {case.name!r} cannot be sent: {error}") from error
    called = call_text(spec.function, positional, named)
    return judge_case(case, expected, outcome, spec.diagnoses, called)


def _repeated(
    cases: tuple[tuple[TestCase, Expected], ...], seed: int
) -> Iterator[tuple[TestCase, Expected]]:
    """Ask some cases again at the end: state kept between calls shows itself."""
    for number in range(min(REPEATS, len(cases))):
        case, expected = cases[(seed + number * 7) % len(cases)]
        yield (
            TestCase(
                name="The same call again gives the same",
                arguments=case.arguments,
                expected=expected,
                weight=1 / REPEATS,
                hint="Does anything remember earlier calls?",
            ),
            expected,
        )


def _not_loaded(
    spec: LabSpec,
    asked: list[tuple[TestCase, Expected]],
    fault: Raised,
    box: Box,
    seed: int,
    began: float,
) -> RunResult:
    message = f"The program could not be loaded: {fault.message}\n{fault.traceback}"
    cases = together([ended_case(c, Verdict.CRASHED, "Not run.") for c, _ in asked])
    return RunResult(
        verdict=Verdict.CRASHED,
        cases=cases,
        score_share=0.0,
        message=message.strip(),
        learner_output=printed(box, 0, None),
        operator_output="",
        seed=seed,
        runtime=box.runtime,
        timings={"total": _ms(time.perf_counter() - began)},
    )


def printed(box: Box, start: int, end: int | None) -> str:
    """Give a stretch of what was printed as text, clipped, without control bytes."""
    text = bytes(box.printed[start:end]).decode("utf-8", "replace")
    kept = "".join(c for c in text if c in "\n\t" or c.isprintable())
    clipped = kept[:SHOWN_OUTPUT]
    return clipped + "\n[clipped]" if len(kept) > SHOWN_OUTPUT else clipped


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)
