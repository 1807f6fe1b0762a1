"""What a wrong answer may teach, without giving a hidden value away."""

import math
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from labs.core.compare import Expected, exact, is_number
from labs.core.protocol import Other, Raised
from labs.core.spec import Diagnosis

SAME_RATIO = Fraction(1, 10**6)  # a diagnosis is named only when it fits so closely
LONGEST_SHOWN = 300
LONGEST_OUTPUT = 4000
_UNSEEN = re.compile(
    r"[^\n\t\x20-\x7e\xa0-\u2027\u2030-\u2065\u2070-\ud7ff\ufb00-\ufdcf]"
)


def clean(text: str, longest: int = LONGEST_OUTPUT) -> str:
    """Give text that is safe to look at: control and bidi characters written out."""
    clipped = text[:longest] + ("\n… clipped" if len(text) > longest else "")
    return _UNSEEN.sub(
        lambda found: found.group().encode("unicode_escape").decode(), clipped
    )


def written_call(
    function: str, positional: Sequence[Any], named: Mapping[str, Any]
) -> str:
    """Give a call as a learner would write it."""
    parts = [*map(repr, positional), *(f"{k}={v!r}" for k, v in named.items())]
    return f"{function}({', '.join(parts)})"


def shown_value(outcome: Any) -> str:
    """Give what came back as text."""
    if isinstance(outcome, Raised):
        return clean(
            f"{outcome.type_name}: {outcome.message}".strip(": "), LONGEST_SHOWN
        )
    if isinstance(outcome, Other):
        return clean(f"a value of type {outcome.type_name}", LONGEST_SHOWN)
    if isinstance(outcome, Fraction):
        return clean(f"{outcome} (about {_about(outcome)})", LONGEST_SHOWN)
    return clean(repr(outcome), LONGEST_SHOWN)


def _about(value: Fraction) -> str:
    try:
        return f"{float(value):.6g}"
    except OverflowError:
        return "more than a float holds"


def own_lines(raised: Raised, code: str) -> str:
    """Give the learner's own lines that an exception came through."""
    source = code.splitlines()
    lines = [
        f"  line {number}: {source[number - 1].strip()[:120]}"
        for number in raised.lines
        if 0 < number <= len(source)
    ]
    return clean("\n".join(lines[-5:]))


def explain(
    outcome: Any,
    expected: Expected,
    arguments: Mapping[str, Any],
    *,
    diagnoses: Sequence[Diagnosis],
    hint: str,
    code: str,
    hidden: bool,
) -> str:
    """Say how an outcome differs in kind from what the call must do."""
    if isinstance(outcome, Raised):
        said = _of_raised(outcome, expected, hidden)
        lines = own_lines(outcome, code)
        return "\n".join(part for part in (said, lines, hint) if part)
    if expected.raises:
        said = f"It gave a value; it should refuse this with {expected.raises}."
    else:
        said = _of_value(outcome, expected.value, arguments, diagnoses)
    return "\n".join(part for part in (said, hint) if part)


def _of_raised(raised: Raised, expected: Expected, hidden: bool) -> str:
    own = " (a class of your own)" if raised.own_class else ""
    message = (
        f": {clean(raised.message, LONGEST_SHOWN)}"
        if raised.message and not hidden
        else ""
    )
    said = f"It raised {raised.type_name}{own}{message}."
    if raised.type_name == "SystemExit":
        said = "It tried to end the program instead of giving an answer."
    if expected.raises:
        return f"{said} It should raise {expected.raises}."
    return f"{said} It should give a value."


def _of_value(
    got: Any, right: Any, arguments: Mapping[str, Any], diagnoses: Sequence[Diagnosis]
) -> str:
    if not is_number(right):
        return "The value is not the right one."
    if not is_number(got):
        return f"It gave {_kind(got)}; it should give a number."
    mine, wanted = exact(got), exact(right)
    if mine is None:
        name = "nan" if math.isnan(got) else "infinity"
        return f"It gave {name}; it should give a finite number."
    if wanted is None:
        return "The value is not the right one."
    return _of_number(mine, wanted, arguments, diagnoses)


def _of_number(
    mine: Fraction,
    wanted: Fraction,
    arguments: Mapping[str, Any],
    diagnoses: Sequence[Diagnosis],
) -> str:
    if wanted == 0 or mine == 0:
        return "It gave zero." if mine == 0 else "It should have given zero."
    ratio = mine / wanted
    for diagnosis in diagnoses:
        factor = _factor(diagnosis, arguments)
        if factor and abs(ratio / factor - 1) <= SAME_RATIO:
            return diagnosis.says
    if mine == wanted.__floor__():
        return "It is the right value rounded down to a whole number: is there a // or an int()?"
    if mine < 0:
        return "It is negative."
    return "It is too large." if ratio > 1 else "It is too small."


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "a bool"
    if value is None:
        return "None (is there a return?)"
    if isinstance(value, Other):
        return "a value of another type"
    return f"a {type(value).__name__}"


def _factor(diagnosis: Diagnosis, arguments: Mapping[str, Any]) -> Fraction | None:
    factor = Fraction(diagnosis.ratio)
    if diagnosis.argument:
        value = arguments.get(diagnosis.argument)
        number = exact(value) if is_number(value) and value is not None else None
        if not number or number == 1:
            return None
        factor *= number if diagnosis.power > 0 else 1 / number
    return factor if factor != 1 else None
