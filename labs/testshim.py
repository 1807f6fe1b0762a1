"""The part of pytest that learners' tests need; runs inside the box, standard library only."""

import inspect
import math
import random
import re
import sys
import types
from collections.abc import Callable, Iterable
from typing import Any

FILE = "solution.py"
MOST_TESTS = 400
REL, ABS = 1e-6, 1e-12  # pytest's own defaults
magnitude = abs


class Skipped(Exception):  # noqa: N818 - pytest's own word
    """A test that chose not to run."""


class Approx:
    """Equal within a tolerance, as ``pytest.approx`` counts it."""

    def __init__(
        self,
        expected: Any,
        rel: float | None = None,
        abs: float | None = None,
        nan_ok: bool = False,
    ) -> None:
        self.expected, self.rel, self.abs, self.nan_ok = expected, rel, abs, nan_ok

    def __eq__(self, other: object) -> bool:
        if isinstance(self.expected, list | tuple):
            return (
                isinstance(other, list | tuple)
                and len(other) == len(self.expected)
                and all(
                    Approx(mine, self.rel, self.abs, self.nan_ok) == yours
                    for mine, yours in zip(self.expected, other, strict=True)
                )
            )
        return self._is_close(other)

    __hash__ = None  # type: ignore[assignment]

    def _is_close(self, other: Any) -> bool:
        if isinstance(other, bool) or not hasattr(other, "__sub__"):
            return bool(other == self.expected)
        if other == self.expected:
            return True
        if math.isnan(self.expected) or math.isnan(other):
            return self.nan_ok and math.isnan(self.expected) and math.isnan(other)
        if math.isinf(self.expected) or math.isinf(other):
            return False
        absolute = ABS if self.abs is None else float(self.abs)
        relative = self.rel
        if relative is None:
            relative = REL if self.abs is None else 0.0
        tolerance = max(float(relative) * magnitude(float(self.expected)), absolute)
        return magnitude(float(other) - float(self.expected)) <= tolerance

    def __repr__(self) -> str:
        return f"approx({self.expected!r})"


class Raises:
    """What ``pytest.raises`` gives: also the record of what was caught."""

    def __init__(self, expected: Any, match: str | None = None) -> None:
        self.expected, self.match = expected, match
        self.value: BaseException | None = None
        self.type: type | None = None

    def __enter__(self) -> "Raises":
        return self

    def __exit__(self, kind: Any, value: Any, traceback: Any) -> bool:
        if kind is None:
            raise AssertionError(f"DID NOT RAISE {self.expected}")
        if not issubclass(kind, self.expected):
            return False
        self.value, self.type = value, kind
        if self.match is not None and not re.search(self.match, str(value)):
            raise AssertionError(f"{str(value)!r} does not match {self.match!r}")
        return True


def raises(
    expected: Any, *arguments: Any, match: str | None = None, **named: Any
) -> Raises:
    """Check that a block or a call raises."""
    context = Raises(expected, match)
    if arguments:
        with context:
            arguments[0](*arguments[1:], **named)
    return context


class Row(tuple[Any, ...]):
    """A row of ``pytest.param``."""


def param(*values: Any, id: str | None = None, marks: Any = ()) -> Row:
    """Give a row of parametrize."""
    return Row(values)


class Mark:
    """``pytest.mark``: parametrize and skip work, other marks change nothing."""

    @staticmethod
    def parametrize(names: Any, rows: Iterable[Any], **ignored: Any) -> Any:
        """Run a test once for each row; stacked ones multiply."""
        keys = names.split(",") if isinstance(names, str) else list(names)
        keys = [key.strip() for key in keys]

        def mark(test: Any) -> Any:
            made = []
            for row in rows:
                values = row if len(keys) > 1 or isinstance(row, Row) else (row,)
                made.append(dict(zip(keys, values, strict=True)))
            earlier = getattr(test, "_rows", [{}])
            test._rows = [{**one, **other} for one in earlier for other in made]
            return test

        return mark

    @staticmethod
    def skip(*arguments: Any, **named: Any) -> Any:
        """Leave a test out."""

        def mark(test: Any) -> Any:
            test._skipped = True
            return test

        return mark(arguments[0]) if arguments and callable(arguments[0]) else mark

    def __getattr__(self, name: str) -> Any:
        def mark(*arguments: Any, **named: Any) -> Any:
            if len(arguments) == 1 and callable(arguments[0]) and not named:
                return arguments[0]
            return lambda test: test

        return mark


def fail(reason: str = "", pytrace: bool = True) -> None:
    """Fail the test that runs."""
    raise AssertionError(reason)


def skip(reason: str = "", **ignored: Any) -> None:
    """Leave the rest of the test that runs out."""
    raise Skipped(reason)


def fixture(function: Any = None, **ignored: Any) -> Any:
    """Mark a function whose value tests may ask for by name."""
    if function is None:
        return lambda marked: fixture(marked)
    function._is_fixture = True
    return function


shim = types.ModuleType("pytest")
shim.__dict__.update(
    approx=Approx, raises=raises, mark=Mark(), param=param, fail=fail, skip=skip,
    fixture=fixture,
)  # fmt: skip
sys.modules["pytest"] = shim


def collect(module: types.ModuleType) -> list[tuple[str, Callable[[], None]]]:
    """Give (name, what runs it) of every test: functions, classes, parameters."""
    found: list[tuple[str, Callable[[], None]]] = []
    for name, thing in list(module.__dict__.items()):
        if name.startswith("test") and inspect.isfunction(thing):
            found += _rows(name, thing, module, None)
        elif isinstance(thing, type):
            found += _of_class(name, thing, module)
    return found[:MOST_TESTS]


def _of_class(
    name: str, owner: Any, module: types.ModuleType
) -> list[tuple[str, Callable[[], None]]]:
    tests = [inner for inner in dir(owner) if inner.startswith("test")]
    if hasattr(owner, "assertRaisesRegex"):  # a unittest.TestCase
        return [(f"{name}.{inner}", owner(inner).debug) for inner in tests]
    if not name.startswith("Test"):
        return []
    return [
        row
        for inner in tests
        if inspect.isfunction(getattr(owner, inner))
        for row in _rows(f"{name}.{inner}", getattr(owner, inner), module, owner)
    ]


def _rows(
    name: str, test: Any, module: types.ModuleType, owner: type | None
) -> list[tuple[str, Callable[[], None]]]:
    if getattr(test, "_skipped", False):
        return []
    outer = getattr(owner, "_rows", [{}])
    rows = [{**a, **b} for a in outer for b in getattr(test, "_rows", [{}])]
    return [
        (
            name if len(rows) == 1 else f"{name}[{number}]",
            lambda row=row: _call(test, row, module, owner),  # type: ignore[misc]
        )
        for number, row in enumerate(rows, 1)
    ]


def _call(
    test: Any, row: dict[str, Any], module: types.ModuleType, owner: type | None
) -> None:
    instance = owner() if owner else None
    if instance is not None and hasattr(instance, "setup_method"):
        instance.setup_method()
    bound = test.__get__(instance) if instance is not None else test
    bound(**_filled(bound, row, module))


def _filled(
    function: Any, row: dict[str, Any], module: types.ModuleType
) -> dict[str, Any]:
    """Give the row with the fixtures that the function asks for."""
    filled = dict(row)
    for name in inspect.signature(function).parameters:
        made: Any = module.__dict__.get(name)
        if name not in filled and getattr(made, "_is_fixture", False):
            value = made(**_filled(made, {}, module))
            filled[name] = next(value) if inspect.isgenerator(value) else value
    return filled


def run(module: types.ModuleType, order: int, first: bool = False) -> list[list[Any]]:
    """Run the tests, as written (0) or shuffled by a seed: [name, why, line].

    With ``first`` the run ends at the first test that fails.
    """
    cases = collect(module)
    if order:
        random.Random(order).shuffle(cases)  # noqa: S311 - an order, no secret
    outcomes: list[list[Any]] = []
    for name, act in cases:
        outcomes.append([name[:80], *_outcome(act)])
        if first and outcomes[-1][1]:
            break
    return outcomes


def _outcome(act: Callable[[], None]) -> tuple[str, int]:
    try:
        act()
    except Skipped:
        return "", 0
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a test raises, it failed
        line, at = 0, error.__traceback__
        while at is not None:
            if at.tb_frame.f_code.co_filename == FILE:
                line = at.tb_lineno
            at = at.tb_next
        return f"{type(error).__name__}: {error}"[:200], line
    return "", 0
