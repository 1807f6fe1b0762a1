"""The part of pytest that learners' tests need; runs inside the box, standard library only."""

import math
import random
import sys
import types


class Approx:
    def __init__(self, expected, rel=None, abs=None):
        self.expected, self.rel, self.abs = expected, rel, abs

    def __eq__(self, other):
        if isinstance(self.expected, (list, tuple)):
            return len(other) == len(self.expected) and all(
                Approx(e, self.rel, self.abs) == o for e, o in zip(self.expected, other)
            )
        if other == self.expected:
            return True
        tolerance = max((self.rel if self.rel is not None else (0 if self.abs is not None else 1e-6)) * abs_(self.expected),
                        self.abs if self.abs is not None else 1e-12)
        return math.isfinite(other) and abs_(other - self.expected) <= tolerance

    def __repr__(self):
        return f"approx({self.expected})"


abs_ = abs


class Raises:
    def __init__(self, expected, match=None):
        self.expected, self.match, self.value = expected, match, None

    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        if kind is None:
            raise AssertionError(f"did not raise {self.expected}")
        self.value = value
        return issubclass(kind, self.expected)


def raises(expected, function=None, *arguments, match=None, **named):
    if function is None:
        return Raises(expected, match)
    with Raises(expected, match) as caught:
        function(*arguments, **named)
    return caught


class Case:
    def __init__(self, values, id=None, marks=()):
        self.values, self.id = values, id


def param(*values, id=None, marks=()):
    return Case(values, id)


class Mark:
    @staticmethod
    def parametrize(names, rows, ids=None, **ignored):
        keys = [n.strip() for n in names.split(",")] if isinstance(names, str) else list(names)

        def mark(function):
            made = []
            for row in rows:
                values = row.values if isinstance(row, Case) else (row if len(keys) > 1 else (row,))
                made.append(dict(zip(keys, values, strict=True)))
            earlier = getattr(function, "_rows", [{}])
            function._rows = [{**a, **b} for a in earlier for b in made]
            return function

        return mark

    def __getattr__(self, name):
        return lambda *arguments, **named: (
            arguments[0] if len(arguments) == 1 and callable(arguments[0]) and not named else (lambda f: f)
        )


def fail(reason="", **ignored):
    raise AssertionError(reason)


def fixture(function=None, **ignored):
    raise TypeError("fixtures are not supported here; call a helper function instead")


shim = types.ModuleType("pytest")
for name, thing in {"approx": Approx, "raises": raises, "mark": Mark(), "param": param, "fail": fail, "fixture": fixture}.items():
    setattr(shim, name, thing)
sys.modules["pytest"] = shim


def collect(module):
    """Give (name, function) of every test, classes and parameters included."""
    found = []
    for name, thing in list(module.__dict__.items()):
        if name.startswith("test") and isinstance(thing, types.FunctionType):
            found.append((name, thing))
        elif name.startswith("Test") and isinstance(thing, type):
            for inner in list(vars(thing)):
                if inner.startswith("test"):
                    found.append((f"{name}.{inner}", getattr(thing(), inner)))
    cases = []
    for name, function in found:
        rows = getattr(function, "_rows", [{}])
        for k, row in enumerate(rows):
            label = name if rows == [{}] else f"{name}[{k}]"
            cases.append((label, function, row))
    return cases


def run(module, order):
    """Run every test; order 0 as written, else shuffled by that seed. name -> '' or why."""
    cases = collect(module)
    if order:
        random.Random(order).shuffle(cases)
    outcome = {}
    for label, function, row in cases[:200]:
        try:
            function(**row)
        except Exception as error:
            outcome[label[:80]] = f"{type(error).__name__}: {error}"[:200]
        else:
            outcome[label[:80]] = ""
    return outcome
