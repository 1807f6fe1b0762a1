"""From outcomes to verdicts and to what a learner is told: no I/O, no learner code."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from labs.core.compare import Expected, exact, is_number, matches
from labs.core.protocol import Other, Raised
from labs.core.spec import Diagnosis, TestCase
from labs.core.verdict import CaseResult, Verdict

SHOWN = 300  # characters of a call or value that are shown
NEAR = Fraction(1, 10**6)  # how close a ratio must be to a known mistake


def judge_case(
    case: TestCase,
    expected: Expected,
    outcome: Any,
    diagnoses: Sequence[Diagnosis],
    called: str,
) -> CaseResult:
    """Give one case its verdict and, if it failed, something to think about."""
    passed = matches(outcome, expected)
    feedback = "" if passed else explain(case, expected, outcome, diagnoses)
    return CaseResult(
        name=case.name,
        weight=case.weight,
        verdict=Verdict.PASSED if passed else Verdict.FAILED,
        hidden=case.hidden,
        called="" if case.hidden else called,
        returned="" if case.hidden else shown(outcome),
        feedback=feedback,
    )


def ended_case(case: TestCase, verdict: Verdict, message: str) -> CaseResult:
    """Give a case that was not answered the verdict that ended the run."""
    return CaseResult(
        name=case.name,
        weight=case.weight,
        verdict=verdict,
        hidden=case.hidden,
        feedback=message,
    )


def explain(
    case: TestCase, expected: Expected, outcome: Any, diagnoses: Sequence[Diagnosis]
) -> str:
    """Say how an outcome differs in kind, without giving a hidden value away."""
    said = _difference(expected, outcome, diagnoses, hidden=case.hidden)
    return f"{said} {case.hint}".strip()


def _difference(
    expected: Expected, outcome: Any, diagnoses: Sequence[Diagnosis], *, hidden: bool
) -> str:
    if expected.raises:
        if isinstance(outcome, Raised):
            own = " (a class of your own)" if outcome.own_class else ""
            return f"It raised {outcome.type_name}{own}; {expected.raises} was expected."
        return f"It gave a result; {expected.raises} was expected."
    if isinstance(outcome, Raised):
        where = f"\n{outcome.traceback}" if outcome.traceback else ""
        # A message may quote hidden arguments, so it is shown for examples only.
        what = outcome.type_name if hidden else outcome.message
        return f"It raised {what}.{where}"
    if isinstance(outcome, Other):
        return f"It gave a {outcome.type_name}, which is no plain value."
    if is_number(expected.value):
        return _number_difference(expected.value, outcome, diagnoses)
    return f"It gave a {type(outcome).__name__} that is not the right one."


def _number_difference(
    wanted: Any, outcome: Any, diagnoses: Sequence[Diagnosis]
) -> str:
    if not is_number(outcome):
        return f"It gave a {type(outcome).__name__} where a number belongs."
    got, right = exact(outcome), exact(wanted)
    if got is None or right is None:
        return "It gave a number that is not finite."
    if right != 0:
        ratio = got / right
        for diagnosis in diagnoses:
            known = Fraction(diagnosis.ratio)
            if abs(ratio - known) <= NEAR * max(abs(known), Fraction(1, 1000)):
                return diagnosis.says
    return "The number is too large." if got > right else "The number is too small."


def shown(outcome: Any) -> str:
    """Give an outcome as text, clipped."""
    if isinstance(outcome, Raised):
        return f"raised {outcome.message}"[:SHOWN]
    if isinstance(outcome, Other):
        return f"<{outcome.type_name}>"
    if isinstance(outcome, Fraction):
        return f"{float(outcome):.12g}"
    return repr(outcome)[:SHOWN]


def call_text(function: str, positional: Sequence[Any], named: dict[str, Any]) -> str:
    """Give a call as a learner would write it, clipped."""
    parts = [repr(value) for value in positional]
    parts += [f"{name}={value!r}" for name, value in named.items()]
    return f"{function}({', '.join(parts)})"[:SHOWN]


def together(results: Sequence[CaseResult]) -> tuple[CaseResult, ...]:
    """Join results of one name into one: a drawn family counts as one case."""
    joined: dict[str, CaseResult] = {}
    for result in results:
        first = joined.get(result.name)
        if first is None:
            joined[result.name] = result
            continue
        worse = first if not first.passed else result
        joined[result.name] = CaseResult(
            name=result.name,
            weight=first.weight + result.weight,
            verdict=worse.verdict,
            hidden=worse.hidden,
            called=worse.called,
            returned=worse.returned,
            feedback=worse.feedback,
        )
    return tuple(joined.values())
