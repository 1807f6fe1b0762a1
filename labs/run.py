"""One run of somebody's code: from text to verdict."""

import time
from dataclasses import dataclass, replace
from functools import lru_cache
from threading import Lock
from typing import Any

from labs.box import KEPT_OUTPUT, Box, Loaded
from labs.core.errors import LabError, LabSpecError
from labs.core.feedback import LONGEST_OUTPUT, clean, own_lines
from labs.core.judge import Bank, Plan, arguments_of, bank_of, judge_calls, plan_calls
from labs.core.spec import LONGEST_CODE, LabSpec
from labs.core.verdict import CaseResult, RunResult, Verdict, share_passed, worst
from labs.ended import BoxEndedError
from labs.pool import Pool

PER_FAMILY = 160  # inputs that the reference answers once, for runs to draw from
_bank_lock = Lock()
End = tuple[Verdict, str]


@dataclass(slots=True)
class Transcript:
    """What happened in a box.

    Attributes:
        outcomes: Of the calls that were answered, in order.
        ended: How it ended before the last call, if it did.
        seen: Bytes printed before the first hidden call.
    """

    outcomes: list[Any]
    ended: End | None
    printed: bytes = b""
    seen: int = 0


def fault_of_code(code: str) -> str:
    """Say why some text cannot be run at all; empty when it can."""
    if not code.strip():
        return "There is no code."
    if len(code) > LONGEST_CODE:
        return f"The code is longer than {LONGEST_CODE} characters."
    if "\0" in code:
        return "The code contains a NUL character."
    try:
        code.encode()
    except UnicodeEncodeError:
        return "The code is not valid Unicode."
    return ""


def run_code(
    spec: LabSpec, code: str, *, seed: int, pool: Pool, visible_only: bool = False
) -> RunResult:
    """Run code against a lab's calls.

    Raises:
        SandboxUnavailableError: There is no isolation here, so nothing was run.
        LabError: The lab itself is at fault.
    """
    started = time.perf_counter()
    fault = fault_of_code(code)
    if fault:
        return rejected(spec, fault, seed=seed, runtime=pool.runtime.name)
    bank = bank_for(spec, pool)
    plan = plan_calls(spec, bank, seed, visible_only=visible_only)
    banked = time.perf_counter()
    with pool.box() as box:
        boxed = time.perf_counter()
        transcript = _make_calls(spec, plan, code, box)
        called = time.perf_counter()
    cases = judge_calls(
        spec, plan, transcript.outcomes, code=code, ended=transcript.ended
    )
    ended = transcript.ended
    verdict = worst([case.verdict for case in cases] + ([ended[0]] if ended else []))
    return RunResult(
        verdict=verdict,
        cases=cases,
        score_share=share_passed(cases),
        message=ended[1] if ended else summary(cases),
        learner_output=_text(transcript.printed[: transcript.seen]),
        operator_output=_text(transcript.printed[transcript.seen :], KEPT_OUTPUT),
        seed=seed,
        runtime=pool.runtime.name,
        spec_hash=spec.hash,
        timings=_milliseconds(
            bank=banked - started,
            box=boxed - banked,
            calls=called - boxed,
            total=time.perf_counter() - started,
        ),
    )


def _milliseconds(**seconds: float) -> dict[str, float]:
    return {f"{name}_ms": round(1000 * value, 2) for name, value in seconds.items()}


def _text(printed: bytes, longest: int = LONGEST_OUTPUT) -> str:
    return clean(printed.decode("utf-8", "backslashreplace"), longest)


def summary(cases: tuple[CaseResult, ...]) -> str:
    """Say in one sentence how many cases passed."""
    passed = sum(case.passed for case in cases)
    return f"{passed} of {len(cases)} test cases passed."


def rejected(spec: LabSpec, why: str, *, seed: int, runtime: str) -> RunResult:
    """Give the result of text that cannot be run at all."""
    return RunResult(
        verdict=Verdict.REJECTED,
        cases=(),
        score_share=0.0,
        message=why,
        learner_output="",
        operator_output="",
        seed=seed,
        runtime=runtime,
        spec_hash=spec.hash,
        timings={"total_ms": 0.0},
    )


def fault_of_loading(loaded: Loaded, code: str, function: str) -> End | None:
    """Say why code did not load; None when it did."""
    if loaded.raised is None:
        if loaded.has_function:
            return None
        return Verdict.REJECTED, f"The code defines no function named {function}."
    raised = loaded.raised
    lines = own_lines(raised, code)
    message = clean(raised.message, 300)
    if not loaded.compiles:
        return Verdict.REJECTED, f"This is not valid Python: {message}\n{lines}".strip()
    said = f"{raised.type_name} while the code was loaded: {message}\n{lines}"
    return Verdict.CRASHED, said.strip()


def _make_calls(spec: LabSpec, plan: Plan, code: str, box: Box) -> Transcript:
    transcript = Transcript(outcomes=[], ended=None)
    public = True
    try:
        loaded = box.load(code, function=spec.function, limits=spec.limits)
        transcript.ended = fault_of_loading(loaded, code, spec.function)
        for call in () if transcript.ended else plan.calls:
            if call.hidden and public:
                public, transcript.seen = False, len(box.printed)
            positional, named = arguments_of(spec, call.arguments)
            transcript.outcomes.append(box.call(spec.function, positional, named))
        box.settle()
    except BoxEndedError as end:
        transcript.ended = (end.verdict, end.message)
    if public:
        transcript.seen = len(box.printed)
    transcript.printed = bytes(box.printed)
    return transcript


@lru_cache(maxsize=32)
def _cached(spec_hash: str) -> list[Bank]:
    return []


def bank_for(spec: LabSpec, pool: Pool) -> Bank:
    """Give what the reference says, asked once for each version of a lab.

    Its code is run in a box like any other.

    Raises:
        LabError: The reference could not be run, or contradicts the lab.
    """
    if not spec.cases and not spec.generators:
        return Bank(fixed=(), drawn=())
    kept = _cached(spec.hash)
    with _bank_lock:
        if not kept:
            kept.append(_ask_reference(spec, pool))
    return kept[0]


def _ask_reference(spec: LabSpec, pool: Pool) -> Bank:
    roomy = replace(spec.limits, wall_seconds=60.0)
    try:
        with pool.box() as box:
            loaded = box.load(spec.reference, function=spec.function, limits=roomy)
            fault = fault_of_loading(loaded, spec.reference, spec.function)
            if fault:
                raise LabSpecError(f"the reference solution: {fault[1]}")

            def ask(arguments: Any) -> Any:
                return box.call(spec.function, *arguments_of(spec, arguments))

            return bank_of(spec, ask, PER_FAMILY)
    except BoxEndedError as end:
        raise LabError(f"the reference solution did not answer: {end.message}") from end
    except ValueError as error:
        raise LabSpecError(str(error)) from error
