"""Run a learner's tests against right and broken programs: score what they catch.

Tests and programs sit in boxes of their own; a call goes from the tests' box
through here to the program's box and back. The tests never learn which program
they face, so only its behaviour can tell them.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from labs.core import protocol
from labs.core.errors import LabSpecError
from labs.core.protocol import Raised
from labs.core.spec import Implementation, LabSpec
from labs.core.verdict import CaseResult, RunResult, Verdict, share_passed, worst
from labs.run import StartBox, printed
from labs.sandbox import Box, BoxEndedError

AT_ONCE = 2  # pairs of boxes: one for each of two cores
PLACE = "lab"  # the module from which tests may import the function


@dataclass(frozen=True, slots=True)
class TestsOutcome:
    """What the tests said of one program.

    Attributes:
        failed: Name of each failed test, and why.
        ran: How many tests ran.
        ended: What ended them instead, if anything did.
    """

    __test__ = False

    failed: dict[str, str]
    ran: int
    ended: BoxEndedError | None
    output: str


def run_tests(
    spec: LabSpec, code: str, *, seed: int, start: StartBox, visible_only: bool = False
) -> RunResult:
    """Run tests against every right program, then against every mutant."""
    began = time.perf_counter()
    first = _against(spec, code, spec.right[0], start, 0)
    runs = [(spec.right[0], first), *_both_ways(spec, code, start, seed)]
    gate = [_gate_case(program, outcome) for program, outcome in runs]
    gate.append(_flaky_case(runs))
    passed_gate = all(case.passed for case in gate)
    cases = list(gate)
    if passed_gate and not visible_only:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            work: Callable[[Implementation], TestsOutcome] = lambda mutant: _against(  # noqa: E731
                spec, code, mutant, start, 0
            )
            outcomes = list(pool.map(work, spec.mutants))
        pairs = zip(spec.mutants, outcomes, strict=True)
        cases += [_mutant_case(mutant, outcome) for mutant, outcome in pairs]
    mutants = cases[len(gate) :]
    verdict = worst(case.verdict for case in cases)
    killed = sum(case.passed for case in mutants)
    message = f"{killed} of {len(spec.mutants)} broken programs were caught."
    if not passed_gate:
        message = "The tests have to pass on every right program first."
    elif visible_only:
        message = "The tests pass on the right programs; submit to face the broken ones."
    return RunResult(
        verdict=verdict,
        cases=tuple(cases),
        score_share=share_passed(mutants) if passed_gate else 0.0,
        message=message,
        learner_output=first.output,
        operator_output="",
        seed=seed,
        runtime="bubblewrap",
        timings={"total": round((time.perf_counter() - began) * 1000, 1)},
    )


def _both_ways(
    spec: LabSpec, code: str, start: StartBox, seed: int
) -> list[tuple[Implementation, TestsOutcome]]:
    """Run against the other right programs, and the first again in another order."""
    order = 1 + seed % 1000
    wanted = [(spec.right[0], order), *((program, 0) for program in spec.right[1:])]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        outcomes = pool.map(
            lambda pair: _against(spec, code, pair[0], start, pair[1]), wanted
        )
        return [(pair[0], o) for pair, o in zip(wanted, outcomes, strict=True)]


def _gate_case(program: Implementation, outcome: TestsOutcome) -> CaseResult:
    name = f"Passes on a right program ({program.name})"
    if outcome.ended is not None:
        verdict, why = outcome.ended.verdict, str(outcome.ended)
    elif outcome.ran == 0:
        verdict, why = Verdict.REJECTED, "No test was found: name functions test_..."
    elif outcome.failed:
        verdict = Verdict.FAILED
        why = "; ".join(f"{test}: {said}" for test, said in outcome.failed.items())[:600]
    else:
        verdict, why = Verdict.PASSED, ""
    return CaseResult(name=name, weight=0.0, verdict=verdict, hidden=False, feedback=why)


def _flaky_case(runs: list[tuple[Implementation, TestsOutcome]]) -> CaseResult:
    (_, first), (_, again) = runs[0], runs[1]
    flaky = sorted(set(first.failed) ^ set(again.failed))
    return CaseResult(
        name="Gives the same in another order",
        weight=0.0,
        verdict=Verdict.FAILED if flaky else Verdict.PASSED,
        hidden=False,
        feedback=f"Not the same twice: {', '.join(flaky)}" if flaky else "",
    )


def _mutant_case(mutant: Implementation, outcome: TestsOutcome) -> CaseResult:
    killed = outcome.ended is None and bool(outcome.failed)
    verdict, feedback = Verdict.PASSED, ""
    if outcome.ended is not None:
        verdict, feedback = outcome.ended.verdict, str(outcome.ended)
    elif not killed:
        verdict, feedback = Verdict.FAILED, f"It survived. {mutant.hint}"
    return CaseResult(
        name=mutant.name, weight=mutant.weight, verdict=verdict, hidden=True, feedback=feedback
    )


def _against(
    spec: LabSpec, code: str, program: Implementation, start: StartBox, order: int
) -> TestsOutcome:
    """Run the tests once against one program, in two fresh boxes."""
    theirs = start(spec)
    try:
        fault = theirs.load(program.code)
        if fault is not None:
            raise LabSpecError(f"{program.name} does not load: {fault.message}")
        return _tests(spec, code, theirs, start, order)
    except BoxEndedError as error:
        raise LabSpecError(f"{program.name} ended its box: {error}") from error
    finally:
        theirs.close()


def _tests(
    spec: LabSpec, code: str, theirs: Box, start: StartBox, order: int
) -> TestsOutcome:
    def on_call(positional: Any, named: Any) -> dict[str, Any]:
        arguments = protocol.decode(positional)
        by_name = protocol.decode(named)
        if not isinstance(arguments, list) or not isinstance(by_name, dict):
            raise protocol.ProtocolError("not a call")
        if any(not isinstance(name, str) for name in by_name):
            raise protocol.ProtocolError("not a call")
        plain = [_sendable(value) for value in arguments]
        outcome = theirs.call(spec.function, plain, {k: _sendable(v) for k, v in by_name.items()})
        if isinstance(outcome, Raised):
            return {"e": {"type": outcome.type_name, "message": outcome.message[:200]}}
        return {"v": protocol.encode(_sendable(outcome))}

    ours = start(spec)
    try:
        fault = ours.load(
            code, stub=spec.function, stub_module=PLACE, runs_tests=True, order=order
        )
        if fault is not None:
            said = f"The tests could not be loaded: {fault.message}\n{fault.traceback}"
            ended = BoxEndedError(Verdict.CRASHED, said.strip())
            return TestsOutcome({}, 0, ended, printed(ours, 0, None))
        said_by_tests = ours.run_tests(on_call)
        return _read(said_by_tests, printed(ours, 0, None))
    except BoxEndedError as error:
        return TestsOutcome({}, 0, error, printed(ours, 0, None))
    finally:
        ours.close()


def _read(said: Any, output: str) -> TestsOutcome:
    if isinstance(said, Raised):
        ended = BoxEndedError(Verdict.CRASHED, f"The tests stopped: {said.message}")
        return TestsOutcome({}, 0, ended, output)
    if not isinstance(said, dict):
        ended = BoxEndedError(Verdict.REJECTED, "The tests reported nothing readable.")
        return TestsOutcome({}, 0, ended, output)
    failed = {str(k): str(v) for k, v in said.items() if v}
    return TestsOutcome(failed, len(said), None, output)


def _sendable(value: Any) -> Any:
    """Give a value that can cross again; one that cannot goes as its type's name."""
    if isinstance(value, protocol.Other):
        return {"not a number": value.type_name}
    return value
