"""What a candidate may see of a lab before and while solving it."""

from dataclasses import dataclass
from functools import lru_cache

from labs.core.compare import Expected
from labs.core.feedback import written_call
from labs.core.judge import arguments_of
from labs.core.load import load_lab
from labs.core.spec import LabSpec, TestCase
from questions.models import ItemVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One visible call and what it must give back, as text."""

    name: str
    called: str
    gives: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LabFace:
    """Starter code, visible examples and hints; nothing of the hidden tests."""

    starter: str
    examples: tuple[Example, ...]
    hints: tuple[str, ...]


def face_of(version: ItemVersion) -> LabFace:
    """Read a lab's open side from its files."""
    return _face(tuple(sorted(version.content["lab_files"].items())))


@lru_cache(maxsize=64)
def _face(files: tuple[tuple[str, str], ...]) -> LabFace:
    spec = load_lab(dict(files))
    return LabFace(
        starter=spec.starter,
        examples=tuple(_example(spec, case) for case in spec.examples),
        hints=spec.hints,
    )


def _example(spec: LabSpec, case: TestCase) -> Example:
    called = written_call(spec.function, *arguments_of(spec, case.arguments))
    return Example(name=case.name, called=called, gives=_gives(case.expected))


def _gives(expected: Expected | None) -> str:
    """Say what an example must give; empty where only the reference knows."""
    if expected is None:
        return ""
    return f"raises {expected.raises}" if expected.raises else repr(expected.value)
