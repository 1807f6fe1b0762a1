"""One run of a test lab: somebody's tests against right and broken programs.

The tests run in a box of their own for every program, and never learn which one
they are talking to: their function is a stub, and what it calls runs in another
box. Only how they behave tells a right program from a broken one.
"""

import time
from collections.abc import Sequence

from labs.box import KEPT_OUTPUT
from labs.core.draw import Chance
from labs.core.feedback import clean
from labs.core.mutants import ended_case, killed_case, survived_case, unstable_tests
from labs.core.spec import Implementation, LabSpec
from labs.core.verdict import CaseResult, RunResult, Verdict, share_passed, worst
from labs.ended import BoxEndedError
from labs.pool import Pool
from labs.programs import Programs
from labs.run import fault_of_code, fault_of_loading, rejected
from labs.sitting import Failure, Sitting, asked_alike, failures_of

MOST_ENDED = 2  # programs on which the tests do not come to an end, then we stop
NOT_RUN = "Not run: the run had ended before it."


def run_tests(
    spec: LabSpec, code: str, *, seed: int, pool: Pool, visible_only: bool = False
) -> RunResult:
    """Run tests against right programs, then against broken ones.

    Raises:
        SandboxUnavailableError: There is no isolation here, so nothing was run.
        LabError: The lab itself is at fault.
    """
    started = time.perf_counter()
    fault = fault_of_code(code)
    if fault:
        return rejected(spec, fault, seed=seed, runtime=pool.runtime.name)
    run = _Run(spec, code, seed, pool)
    try:
        if visible_only:
            run.try_out()
        else:
            run.judge()
    finally:
        run.programs.close()
    return run.result(time.perf_counter() - started)


class _Run:
    """The state of one run of a test lab."""

    def __init__(self, spec: LabSpec, code: str, seed: int, pool: Pool) -> None:
        self.spec, self.code, self.seed, self.pool = spec, code, seed, pool
        self.all = (*spec.right, *spec.mutants)
        self.programs = Programs(spec, self.all, pool)
        self.chance = Chance(spec.hash, seed)
        self.cases: list[CaseResult] = []
        self.message = ""
        self.printed: list[bytes] = []
        self.gate_passed = True
        self.log: list[tuple[str, str]] = []

    def sit(self, number: int, order: int) -> Sitting:
        """Run the tests once, in a fresh box, against one program."""
        self.programs.choose(number)
        sitting = Sitting()
        with self.pool.box() as box:
            try:
                loaded = box.load(
                    self.code,
                    function=self.spec.function,
                    stub_modules=self.spec.stub_modules,
                    limits=self.spec.limits,
                )
                sitting.ended = fault_of_loading(loaded, self.code, self.spec.function)
                if sitting.ended is None:
                    ran = box.run_tests(
                        order,
                        self.programs.answer,
                        first=number >= len(self.spec.right),
                    )
                    sitting.failures = failures_of(ran)
                    box.settle()
            except BoxEndedError as end:
                sitting.ended = (end.verdict, end.message)
            sitting.printed = bytes(box.printed)
        sitting.log = self.programs.log
        self.printed.append(sitting.printed)
        return sitting

    def try_out(self) -> None:
        """Say of each test whether it passes on one right program."""
        sitting = self.sit(0, 0)
        if sitting.ended is not None:
            self.cases.append(_ended_on(self.spec.right[0], sitting.ended))
            self.message = sitting.ended[1]
            return
        for name, failure in sitting.failures.items():
            self.cases.append(
                CaseResult(
                    name=clean(name, 80),
                    weight=1.0,
                    verdict=Verdict.PASSED if failure is None else Verdict.FAILED,
                    hidden=False,
                    kind="test",
                    feedback="" if failure is None else self._how(failure),
                )
            )
        self.message = "Tried on one right program." if self.cases else NO_TESTS

    def judge(self) -> None:
        """Do the gate, then the mutants in an order of chance."""
        for number, program in enumerate(self.spec.right):
            self.cases.append(self._gate(number, program))
            if not self.cases[-1].passed:
                self.gate_passed = False
                self._leave_out(self.spec.right[number + 1 :], self.spec.mutants)
                return
        ended = 0
        for number in self.chance.shuffled(range(len(self.spec.mutants))):
            mutant = self.spec.mutants[number]
            if ended >= MOST_ENDED:
                self._leave_out((), (mutant,))
                continue
            self.cases.append(self._try_mutant(len(self.spec.right) + number, mutant))
            ended += self.cases[-1].verdict not in (Verdict.PASSED, Verdict.FAILED)
        caught = sum(c.passed for c in self.cases if c.kind == "mutant")
        self.message = f"{caught} of {len(self.spec.mutants)} broken programs caught."

    def _gate(self, number: int, program: Implementation) -> CaseResult:
        sittings = [self.sit(number, 0)]
        if sittings[0].ended is None:
            sittings.append(self.sit(number, 1 + self.chance.below(10**6)))
        for sitting in sittings:
            if sitting.ended is not None:
                self.message = sitting.ended[1]
                return _ended_on(program, sitting.ended)
        if number == 0 and asked_alike(*sittings):
            self.log = sittings[0].log
        feedback = self._gate_fault(program, sittings)
        self.message = self.message or feedback
        return CaseResult(
            name=f"right program: {_style(program)}",
            weight=0.0,
            verdict=Verdict.FAILED if feedback else Verdict.PASSED,
            hidden=False,
            kind="right",
            feedback=feedback or "Every test passed, twice, in two orders.",
        )

    def _gate_fault(self, program: Implementation, sittings: list[Sitting]) -> str:
        if not sittings[0].failures:
            return NO_TESTS
        unstable = unstable_tests(
            [
                {name: why.why if why else "" for name, why in s.failures.items()}
                for s in sittings
            ]
        )
        if unstable:
            return (
                f"Flaky: {clean(', '.join(unstable[:5]))} did not end the same way when"
                " the tests ran twice, the second time in another order."
            )
        failed = sittings[0].failed
        if not failed:
            return ""
        name, failure = next(iter(failed.items()))
        more = f" ({len(failed) - 1} more)" if len(failed) > 1 else ""
        return (
            f"{clean(name, 80)}{more} fails on a right program ({_style(program)}):\n"
            f"{self._how(failure)}"
        )

    def _how(self, failure: Failure) -> str:
        lines = self.code.splitlines()
        where = ""
        if 0 < failure.line <= len(lines):
            where = f"\n  line {failure.line}: {lines[failure.line - 1].strip()[:120]}"
        return clean(failure.why, 200) + clean(where)

    def _try_mutant(self, number: int, mutant: Implementation) -> CaseResult:
        if self.log and self.programs.answers_alike(number, self.log):
            # Tests that ask the same each time hear nothing new, so they all pass.
            return survived_case(mutant)
        sitting = self.sit(number, 0)
        if sitting.ended is not None:
            return ended_case(mutant, *sitting.ended)
        return killed_case(mutant) if sitting.failed else survived_case(mutant)

    def _leave_out(
        self, right: Sequence[Implementation], mutants: Sequence[Implementation]
    ) -> None:
        for kind, programs in (("right", right), ("mutant", mutants)):
            for program in programs:
                name = f"right program: {_style(program)}"
                self.cases.append(
                    CaseResult(
                        name=program.name if kind == "mutant" else name,
                        weight=program.weight,
                        verdict=None,
                        hidden=kind == "mutant",
                        kind=kind,
                        feedback=NOT_RUN,
                    )
                )

    def result(self, seconds: float) -> RunResult:
        """Give the whole."""
        first = self.printed[0] if self.printed else b""
        rest = b"".join(self.printed[1:])
        share = share_passed(self.cases) if self.gate_passed else 0.0
        return RunResult(
            verdict=worst(case.verdict for case in self.cases),
            cases=tuple(self.cases),
            score_share=share,
            message=self.message,
            learner_output=clean(first.decode("utf-8", "backslashreplace")),
            operator_output=clean(
                rest.decode("utf-8", "backslashreplace"), KEPT_OUTPUT
            ),
            seed=self.seed,
            runtime=self.pool.runtime.name,
            spec_hash=self.spec.hash,
            timings={"total_ms": round(1000 * seconds, 2), "boxes": len(self.printed)},
        )


NO_TESTS = "No test was found: name functions test_…, or classes Test…."


def _style(program: Implementation) -> str:
    return program.name.lstrip("0123456789 ")


def _ended_on(program: Implementation, ended: tuple[Verdict, str]) -> CaseResult:
    return CaseResult(
        name=f"right program: {_style(program)}",
        weight=0.0,
        verdict=ended[0],
        hidden=False,
        kind="right",
        feedback=ended[1],
    )
