"""What is wrong with an authored lab, found by running it."""

import json
from collections.abc import Iterator, Mapping

from labs.core.load import load_lab
from labs.core.spec import LabSpec
from labs.core.verdict import RunResult, Verdict
from labs.pool import Pool
from labs.run import bank_for, run_code
from labs.run_tests import run_tests

SEEDS = (1, 2, 3)
LEAST_RIGHT, LEAST_MUTANTS = 3, 15
TELLING = 1e-4  # smaller expected values stand in any text by chance


def faults_of_lab(files: Mapping[str, str], pool: Pool) -> Iterator[str]:
    """Give each fault as a sentence.

    Raises:
        ContentError: The files do not load; with file and line.
        LabError: It cannot be run here, or its reference contradicts it.
    """
    spec = load_lab(files)
    run = run_tests if spec.is_test_lab else run_code
    for seed in SEEDS:
        right = run(spec, spec.reference, seed=seed, pool=pool)
        if right.verdict is not Verdict.PASSED:
            missed = [case.name for case in right.cases if not case.passed]
            yield f"seed {seed}: the reference does not pass: {right.message} {missed}"
        elif spec.is_test_lab:
            break  # nothing of it is drawn but the order
    wrong = run(spec, spec.starter, seed=1, pool=pool)
    if wrong.verdict is Verdict.PASSED:
        yield "the starter passes"
    if spec.is_test_lab:
        yield from _faults_of_programs(spec)
    else:
        yield from _values_shown(spec, pool, wrong)


def _faults_of_programs(spec: LabSpec) -> Iterator[str]:
    if len(spec.right) < LEAST_RIGHT:
        yield f"{len(spec.right)} right programs; {LEAST_RIGHT} are needed"
    if len(spec.mutants) < LEAST_MUTANTS:
        yield f"{len(spec.mutants)} mutants; {LEAST_MUTANTS} are needed"
    codes = [program.code for program in (*spec.right, *spec.mutants)]
    if len(set(codes)) != len(codes):
        yield "two of the programs are the same"


def _values_shown(spec: LabSpec, pool: Pool, wrong: RunResult) -> Iterator[str]:
    """Look for expected values of hidden cases in what a wrong run shows."""
    shown = json.dumps(wrong.as_json()) + spec.starter + " ".join(spec.hints)
    bank = bank_for(spec, pool)
    for case, expected in zip(spec.cases, bank.fixed, strict=True):
        value = expected.value
        if not case.hidden or expected.raises or not isinstance(value, float):
            continue
        if abs(value) > TELLING and value % 1 and repr(value)[:8] in shown:
            yield f"the hidden value of {case.name!r} shows in what learners see"
