"""A lab as values: what is called, what must come back, within which limits."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from labs.core.compare import Expected

LONGEST_CODE = 100_000  # characters of a submission: far above any honest solution

Arguments = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a run may use.

    Attributes:
        cpu_seconds: Of the whole run.
        call_seconds: Wall time of one call, and of loading the code.
        wall_seconds: Wall time of the whole run.
        memory_bytes: Address space.
        processes: Threads included.
        open_files: File descriptors.
        output_bytes: Printed by the code; beyond it the run is ended.
    """

    cpu_seconds: int = 4
    call_seconds: float = 2.0
    wall_seconds: float = 8.0
    memory_bytes: int = 512 * 1024 * 1024
    processes: int = 16
    open_files: int = 32
    output_bytes: int = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class TestCase:
    """One call of the learner's function and what it must do.

    Attributes:
        name: What it tries, in words that a learner may read.
        arguments: By parameter name.
        expected: None where the reference solution says it.
        weight: Its share of the score.
        hidden: Whether the learner may see the call.
        hint: What to think about when it fails.
    """

    __test__ = False  # not a test of ours, whatever pytest thinks of its name

    name: str
    arguments: Arguments
    expected: Expected | None
    weight: float = 1.0
    hidden: bool = True
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """How the inputs of one parameter are drawn anew each run.

    Attributes:
        kind: ``int`` or ``real`` between two bounds, or one of some ``choice``.
        values: The two bounds, or the choices.
    """

    kind: Literal["int", "real", "choice"]
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Generator:
    """A family of cases drawn anew for each run.

    Attributes:
        count: Cases a run; they count as one named case together.
    """

    name: str
    count: int
    draws: Mapping[str, Draw]
    weight: float = 1.0
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What a wrong number may mean: got divided by expected is this ratio.

    Attributes:
        ratio: A factor, times the argument below raised to ``power``.
        argument: Name of an argument of the call, empty for none.
        power: 1 or -1.
    """

    ratio: float
    says: str
    argument: str = ""
    power: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Implementation:
    """A program that a test lab runs the learner's tests against.

    Attributes:
        name: A right one's style, or the kind of bug of a broken one.
        code: Its source.
        weight: Share of the score that catching it earns; 0 for right ones.
        hint: What to test for, when it survived.
    """

    name: str
    code: str
    weight: float = 0.0
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabSpec:
    """A whole lab.

    Attributes:
        function: The name that is called.
        stub_modules: Modules from which tests may import it (test labs).
        positional: Parameters passed by position, in order.
        named: Parameters only ever passed by name.
        relative: Largest relative error of numbers.
        right: Implementations that every test must pass on (test labs).
        mutants: Broken ones, to be caught (test labs).
        hash: SHA-256 of all of the lab's files.
    """

    function: str
    stub_modules: tuple[str, ...]
    positional: tuple[str, ...]
    named: tuple[str, ...]
    relative: float
    limits: Limits
    starter: str
    reference: str
    cases: tuple[TestCase, ...]
    generators: tuple[Generator, ...]
    diagnoses: tuple[Diagnosis, ...]
    hints: tuple[str, ...]
    right: tuple[Implementation, ...]
    mutants: tuple[Implementation, ...]
    hash: str

    @property
    def is_test_lab(self) -> bool:
        """Say whether learners write the tests."""
        return bool(self.mutants)

    @property
    def examples(self) -> tuple[TestCase, ...]:
        """Give the cases that learners may see."""
        return tuple(case for case in self.cases if not case.hidden)
