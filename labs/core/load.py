"""A lab's authored files to a :class:`LabSpec`; errors name file and line."""

import hashlib
import math
from collections.abc import Mapping
from typing import Any

from labs.core.authored import ContentError, Value, read_yaml
from labs.core.compare import Expected
from labs.core.spec import (
    Diagnosis,
    Draw,
    Generator,
    Implementation,
    LabSpec,
    Limits,
    TestCase,
)

KEYS = frozenset({"function", "positional"})
MAY = frozenset(
    {"named", "relative", "limits", "examples", "cases", "draws", "diagnoses", "hints",
     "right", "mutants"}
)  # fmt: skip
LIMIT_KEYS = frozenset(
    {"cpu_seconds", "call_seconds", "wall_seconds", "memory_mib", "processes"}
)
MIB = 1024 * 1024


def load_lab(files: Mapping[str, str]) -> LabSpec:
    """Read a lab from its files (``lab.yaml``, ``starter.py``, ``reference.py`` ...).

    Raises:
        ContentError: The first thing wrong, with file and line.
    """
    top = read_yaml("lab.yaml", _file(files, "lab.yaml"))
    fields = top.mapping(needs=KEYS, may=MAY)
    examples = [_case(v, hidden=False) for v in _entries(fields, "examples")]
    hidden = [_case(v, hidden=True) for v in _entries(fields, "cases")]
    hints = fields["hints"].texts() if "hints" in fields else ()
    spec = LabSpec(
        function=fields["function"].text(),
        positional=fields["positional"].texts(),
        named=fields["named"].texts() if "named" in fields else (),
        relative=_number(fields, "relative", 1e-9, least=0, most=0.1),
        limits=_limits(fields.get("limits")),
        starter=_file(files, "starter.py"),
        reference=_file(files, "reference.py"),
        cases=(*examples, *hidden),
        generators=tuple(_generator(v) for v in _entries(fields, "draws")),
        diagnoses=tuple(_diagnosis(v) for v in _entries(fields, "diagnoses")),
        hints=hints,
        right=tuple(_right(files, v) for v in _entries(fields, "right")),
        mutants=tuple(_mutant(files, v) for v in _entries(fields, "mutants")),
        hash=_hash(files),
    )
    if not spec.cases and not spec.is_test_lab:
        raise top.error("a lab needs examples and cases, or mutants")
    if spec.is_test_lab and len(spec.right) < 2:  # noqa: PLR2004 - one could be overfitted to
        raise top.error("a test lab needs at least two right implementations")
    known = {*spec.positional, *spec.named}
    for value, case in zip(
        [*_entries(fields, "examples"), *_entries(fields, "cases")], spec.cases, strict=True
    ):
        for name in case.arguments:
            if name not in known:
                raise value.error(f"{name!r} is no parameter of {spec.function}")
    return spec


def _hash(files: Mapping[str, str]) -> str:
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name}\0{len(files[name])}\0{files[name]}".encode())
    return digest.hexdigest()


def _file(files: Mapping[str, str], name: str) -> str:
    if not files.get(name, "").strip():
        raise ContentError(f"lab/{name}", 0, "the file is missing or empty")
    return files[name]


def _entries(fields: Mapping[str, Value], name: str) -> list[Value]:
    return fields[name].items() if name in fields else []


def _number(
    fields: Mapping[str, Value], name: str, default: float, *, least: float, most: float
) -> float:
    return fields[name].number(least=least, most=most) if name in fields else default


def _limits(value: Value | None) -> Limits:
    if value is None:
        return Limits()
    fields = value.mapping(needs=frozenset(), may=LIMIT_KEYS)
    return Limits(
        cpu_seconds=int(_number(fields, "cpu_seconds", 4, least=1, most=60)),
        call_seconds=_number(fields, "call_seconds", 2, least=0.1, most=30),
        wall_seconds=_number(fields, "wall_seconds", 8, least=0.5, most=120),
        memory_bytes=int(_number(fields, "memory_mib", 512, least=64, most=4096)) * MIB,
        processes=int(_number(fields, "processes", 16, least=1, most=64)),
    )


def _case(value: Value, *, hidden: bool) -> TestCase:
    fields = value.mapping(
        needs=frozenset({"name", "call"}),
        may=frozenset({"gives", "raises", "weight", "hint"}),
    )
    if "gives" in fields and "raises" in fields:
        raise value.error("a call either gives or raises")
    expected = None
    if "raises" in fields:
        expected = Expected(raises=fields["raises"].text())
    elif "gives" in fields:
        expected = Expected(value=_plain(fields["gives"]), relative=1e-9)
    call = fields["call"]
    if not isinstance(call.data, dict):
        raise call.error("expected the arguments by parameter name")
    return TestCase(
        name=fields["name"].text(),
        arguments={name: _plain(entry) for name, entry in call.data.items()},
        expected=expected,
        weight=_number(fields, "weight", 1, least=0.01, most=100),
        hidden=hidden,
        hint=fields["hint"].text() if "hint" in fields else "",
    )


def _plain(value: Value) -> Any:
    """Give an authored value; the words nan, inf and -inf as ``{float: nan}``."""
    if isinstance(value.data, list):
        return [_plain(entry) for entry in value.data]
    if isinstance(value.data, dict):
        if set(value.data) == {"float"}:
            return float(str(value.data["float"].data))
        return {key: _plain(entry) for key, entry in value.data.items()}
    return value.data


def _generator(value: Value) -> Generator:
    fields = value.mapping(
        needs=frozenset({"name", "count", "call"}), may=frozenset({"weight", "hint"})
    )
    call = fields["call"]
    if not isinstance(call.data, dict):
        raise call.error("expected a way to draw each parameter")
    return Generator(
        name=fields["name"].text(),
        count=int(fields["count"].number(least=1, most=100)),
        draws={name: _draw(entry) for name, entry in call.data.items()},
        weight=_number(fields, "weight", 1, least=0.01, most=100),
        hint=fields["hint"].text() if "hint" in fields else "",
    )


def _draw(value: Value) -> Draw:
    fields = value.mapping(needs=frozenset(), may=frozenset({"int", "choice"}))
    if set(fields) == {"int"}:
        bounds = tuple(_plain(fields["int"]))
        if len(bounds) != 2 or not bounds[0] <= bounds[1]:  # noqa: PLR2004 - two bounds
            raise value.error("expected int: [least, most]")
        return Draw(kind="int", values=bounds)
    if set(fields) == {"choice"}:
        return Draw(kind="choice", values=tuple(_plain(fields["choice"])))
    raise value.error("expected int: [least, most] or choice: [...]")


def _diagnosis(value: Value) -> Diagnosis:
    fields = value.mapping(needs=frozenset({"ratio", "says"}), may=frozenset())
    ratio = fields["ratio"].number(least=-math.inf, most=math.inf)
    return Diagnosis(ratio=ratio, says=fields["says"].text())


def _right(files: Mapping[str, str], value: Value) -> Implementation:
    fields = value.mapping(needs=frozenset({"name", "file"}), may=frozenset())
    return Implementation(
        name=fields["name"].text(), code=_file(files, fields["file"].text())
    )


def _mutant(files: Mapping[str, str], value: Value) -> Implementation:
    """Read a mutant: a file of its own, or one replacement in the reference."""
    fields = value.mapping(
        needs=frozenset({"name", "hint"}),
        may=frozenset({"file", "replace", "by", "weight"}),
    )
    if "file" in fields:
        code = _file(files, fields["file"].text())
    elif "replace" in fields and "by" in fields:
        old, source = fields["replace"].text(), _file(files, "reference.py")
        if source.count(old) != 1:
            raise value.error(f"{old!r} stands {source.count(old)} times in the reference")
        code = source.replace(old, fields["by"].text())
    else:
        raise value.error("a mutant needs a file, or replace and by")
    return Implementation(
        name=fields["name"].text(),
        code=code,
        weight=_number(fields, "weight", 1, least=0.01, most=100),
        hint=fields["hint"].text(),
    )
