"""Whether what came back is what was expected: exact arithmetic, no learner code."""

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from labs.core.protocol import Other, Raised


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a call must do: give a value, or raise a built-in exception.

    Attributes:
        value: What it gives; meaningless when ``raises`` is set.
        raises: Name of the built-in exception, empty when it must not raise.
        relative: Largest relative error of numbers.
    """

    value: Any = None
    raises: str = ""
    relative: float = 0.0


# Built-in exceptions that are special cases of the ones labs ask for.
NARROWER = {
    "ValueError": {"ValueError", "UnicodeError", "UnicodeDecodeError"},
    "TypeError": {"TypeError"},
    "ZeroDivisionError": {"ZeroDivisionError"},
    "KeyError": {"KeyError"},
    "IndexError": {"IndexError"},
}


def is_number(value: Any) -> bool:
    """Say whether a value is a number; a bool is none here."""
    return isinstance(value, int | float | Fraction) and not isinstance(value, bool)


def exact(value: int | float | Fraction) -> Fraction | None:
    """Give a number without rounding; None for nan and the infinities."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return Fraction(value)


def matches(outcome: Any, expected: Expected) -> bool:
    """Say whether an outcome (a value or :class:`Raised`) is the expected one."""
    if expected.raises:
        known = NARROWER.get(expected.raises, {expected.raises})
        return isinstance(outcome, Raised) and outcome.type_name in known
    if isinstance(outcome, Raised | Other):
        return False
    return _same(outcome, expected.value, expected.relative)


def _same(got: Any, wanted: Any, relative: float) -> bool:
    if is_number(got) and is_number(wanted):
        mine, right = exact(got), exact(wanted)
        if mine is None or right is None:
            return False  # nan is never right, and no lab asks for infinity
        return abs(mine - right) <= Fraction(relative) * abs(right)
    if type(got) is not type(wanted):
        return False
    if isinstance(got, list):
        pairs = zip(got, wanted, strict=False)
        return len(got) == len(wanted) and all(_same(a, b, relative) for a, b in pairs)
    if isinstance(got, dict):
        return got.keys() == wanted.keys() and all(
            _same(value, wanted[key], relative) for key, value in got.items()
        )
    return bool(got == wanted)
