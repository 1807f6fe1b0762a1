"""Broken copies of a program, and how many of them the learner's tests caught."""

from collections.abc import Mapping, Sequence

from labs.core.spec import Implementation
from labs.core.verdict import CaseResult, Verdict


def edited(code: str, find: str, put: str) -> str | None:
    """Give a program with one place changed; None unless it stands exactly once."""
    if not find or code.count(find) != 1:
        return None
    return code.replace(find, put)


def killed_case(mutant: Implementation) -> CaseResult:
    """Say that the tests caught a mutant."""
    return CaseResult(
        name=mutant.name,
        weight=mutant.weight,
        verdict=Verdict.PASSED,
        hidden=True,
        kind="mutant",
        feedback="Caught.",
    )


def survived_case(mutant: Implementation) -> CaseResult:
    """Say what kind of bug the tests let through."""
    return CaseResult(
        name=mutant.name,
        weight=mutant.weight,
        verdict=Verdict.FAILED,
        hidden=True,
        kind="mutant",
        feedback=f"Survived: {mutant.hint}",
    )


def ended_case(mutant: Implementation, verdict: Verdict, message: str) -> CaseResult:
    """Say that the tests did not come to an end here: that catches nothing."""
    return CaseResult(
        name=mutant.name,
        weight=mutant.weight,
        verdict=verdict,
        hidden=True,
        kind="mutant",
        feedback=f"Not caught: the tests did not come to an end. {message}",
    )


def unstable_tests(runs: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """Give the tests that did not end the same way in every run, by name."""
    names = {name for run in runs for name in run}
    return tuple(
        sorted(
            name
            for name in names
            if len({not run.get(name, "missing") for run in runs}) > 1
        )
    )
