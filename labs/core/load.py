"""A lab's files as a :class:`LabSpec`; what is wrong is said with file and line."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from labs.core.authored import ContentError, Value, read_yaml
from labs.core.compare import Expected
from labs.core.mutants import edited
from labs.core.spec import (
    Diagnosis,
    Draw,
    Generator,
    Implementation,
    LabSpec,
    Limits,
    TestCase,
)

NEEDED = frozenset({"function", "positional"})
OPTIONAL = frozenset(
    {
        "named",
        "relative",
        "limits",
        "cases",
        "drawn",
        "diagnoses",
        "hints",
        "stub_modules",
    }
)
BUILT_IN_ERRORS = frozenset(
    {"ValueError", "TypeError", "ZeroDivisionError", "KeyError", "IndexError"}
)
MOST_DRAWN = 40  # of one family a run


def load_lab(files: Mapping[str, str]) -> LabSpec:
    """Read a lab from its files, by name within its folder.

    ``lab.yaml`` says what is called and what must come back; ``starter.py`` is
    where learners begin and ``reference.py`` is the right answer. A test lab also
    has ``right/*.py`` and ``mutants.yaml``.

    Raises:
        ContentError: With file and line.
    """
    for name in ("lab.yaml", "starter.py", "reference.py"):
        if name not in files:
            raise ContentError(name, 0, "the lab needs this file")
    top = read_yaml("lab.yaml", files["lab.yaml"])
    fields = top.mapping(needs=NEEDED, may=OPTIONAL)
    relative = _number(fields, "relative", default=0.0, most=0.1)
    positional = fields["positional"].texts()
    named = fields["named"].texts() if "named" in fields else ()
    known = frozenset(positional + named)
    return LabSpec(
        function=fields["function"].text(),
        stub_modules=_texts(fields, "stub_modules"),
        positional=positional,
        named=named,
        relative=relative,
        limits=_limits(fields.get("limits")),
        starter=files["starter.py"],
        reference=files["reference.py"],
        cases=tuple(_case(v, known, relative) for v in _items(fields, "cases")),
        generators=tuple(_generator(v, known) for v in _items(fields, "drawn")),
        diagnoses=tuple(_diagnosis(v, known) for v in _items(fields, "diagnoses")),
        hints=_texts(fields, "hints"),
        right=_right(files),
        mutants=_mutants(files),
        hash=hash_of(files),
    )


def hash_of(files: Mapping[str, str]) -> str:
    """Give the SHA-256 of a lab's files."""
    canonical = json.dumps(dict(files), sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _items(fields: Mapping[str, Value], name: str) -> list[Value]:
    return fields[name].items() if name in fields else []


def _texts(fields: Mapping[str, Value], name: str) -> tuple[str, ...]:
    return fields[name].texts() if name in fields else ()


def _number(
    fields: Mapping[str, Value], name: str, *, default: float, most: float = 1000.0
) -> float:
    return fields[name].number(least=0, most=most) if name in fields else default


def _plain(value: Value) -> Any:
    """Give an authored value as it is; mappings and lists with it."""
    if isinstance(value.data, list):
        return [_plain(entry) for entry in value.data]
    if isinstance(value.data, dict):
        return {key: _plain(entry) for key, entry in value.data.items()}
    return value.data


def _limits(value: Value | None) -> Limits:
    if value is None:
        return Limits()
    fields = value.mapping(
        needs=frozenset(), may=frozenset({"call_seconds", "wall_seconds"})
    )
    usual = Limits()
    return Limits(
        call_seconds=_number(
            fields, "call_seconds", default=usual.call_seconds, most=30
        ),
        wall_seconds=_number(
            fields, "wall_seconds", default=usual.wall_seconds, most=120
        ),
    )


def _arguments(value: Value, known: frozenset[str]) -> dict[str, Value]:
    return value.mapping(needs=frozenset(), may=known)


def _case(value: Value, known: frozenset[str], relative: float) -> TestCase:
    fields = value.mapping(
        needs=frozenset({"name", "call"}),
        may=frozenset({"gives", "raises", "weight", "visible", "hint"}),
    )
    expected = None
    if "raises" in fields:
        raises = fields["raises"].text()
        if raises not in BUILT_IN_ERRORS:
            raise fields["raises"].error(
                f"{raises!r} is none of {sorted(BUILT_IN_ERRORS)}"
            )
        expected = Expected(raises=raises)
    elif "gives" in fields:
        expected = Expected(value=_plain(fields["gives"]), relative=relative)
    visible = "visible" in fields and fields["visible"].data is True
    if visible and expected is None:
        raise value.error("a visible case says what it gives or raises")
    return TestCase(
        name=fields["name"].text(),
        arguments={k: _plain(v) for k, v in _arguments(fields["call"], known).items()},
        expected=expected,
        weight=_number(fields, "weight", default=1.0),
        hidden=not visible,
        hint=fields["hint"].text() if "hint" in fields else "",
    )


def _generator(value: Value, known: frozenset[str]) -> Generator:
    fields = value.mapping(
        needs=frozenset({"name", "count", "call"}), may=frozenset({"weight", "hint"})
    )
    return Generator(
        name=fields["name"].text(),
        count=int(fields["count"].number(least=1, most=MOST_DRAWN)),
        draws={k: _draw(v) for k, v in _arguments(fields["call"], known).items()},
        weight=_number(fields, "weight", default=1.0),
        hint=fields["hint"].text() if "hint" in fields else "",
    )


def _draw(value: Value) -> Draw:
    fields = value.mapping(needs=frozenset(), may=frozenset({"int", "real", "choice"}))
    if len(fields) != 1:
        raise value.error("expected one of int, real, choice")
    if "choice" in fields:
        values = tuple(_plain(entry) for entry in fields["choice"].items())
        if not values:
            raise value.error("nothing to choose from")
        return Draw(kind="choice", values=values)
    kind = "int" if "int" in fields else "real"
    bounds = [_plain(entry) for entry in fields[kind].items()]
    if len(bounds) != 2 or not bounds[0] <= bounds[1]:
        raise value.error("expected [low, high]")
    return Draw(kind="int" if kind == "int" else "real", values=tuple(bounds))


def _diagnosis(value: Value, known: frozenset[str]) -> Diagnosis:
    fields = value.mapping(
        needs=frozenset({"says"}), may=frozenset({"ratio", "times", "over"})
    )
    argument, power = "", 1
    for key, sign in (("times", 1), ("over", -1)):
        if key in fields:
            argument, power = fields[key].text(), sign
            if argument not in known:
                raise fields[key].error(f"{argument!r} is no parameter")
    ratio = _number(fields, "ratio", default=1.0, most=1e12)
    return Diagnosis(
        ratio=ratio, says=fields["says"].text(), argument=argument, power=power
    )


def _right(files: Mapping[str, str]) -> tuple[Implementation, ...]:
    return tuple(
        Implementation(
            name=name[len("right/") : -len(".py")].replace("-", " "), code=text
        )
        for name, text in sorted(files.items())
        if name.startswith("right/") and name.endswith(".py")
    )


def _mutants(files: Mapping[str, str]) -> tuple[Implementation, ...]:
    if "mutants.yaml" not in files:
        return ()
    base = next(iter(_right(files)), None)
    if base is None:
        raise ContentError("mutants.yaml", 0, "a test lab needs right/*.py")
    found = []
    for value in read_yaml("mutants.yaml", files["mutants.yaml"]).items():
        fields = value.mapping(
            needs=frozenset({"name", "says", "edits"}), may=frozenset({"weight"})
        )
        code = base.code
        for edit in fields["edits"].items():
            parts = edit.mapping(needs=frozenset({"find", "put"}), may=frozenset())
            changed = edited(
                code, str(parts["find"].data), str(parts["put"].data or "")
            )
            if changed is None:
                raise edit.error("this text does not stand exactly once in the program")
            code = changed
        found.append(
            Implementation(
                name=fields["name"].text(),
                code=code,
                weight=_number(fields, "weight", default=1.0),
                hint=fields["says"].text(),
            )
        )
    return tuple(found)
