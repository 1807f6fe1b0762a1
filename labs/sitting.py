"""One run of somebody's tests against one program, as it was seen from outside."""

from dataclasses import dataclass, field
from typing import Any

from labs.core.protocol import Raised
from labs.core.verdict import Verdict
from labs.ended import BoxEndedError
from labs.programs import MOST_LOGGED


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A test that failed: why, and on which line."""

    why: str
    line: int


@dataclass(slots=True)
class Sitting:
    """One run of the tests against one program.

    Attributes:
        failures: By test name; None for a test that passed.
        ended: How the tests ended before their end, if they did.
        log: The calls that they made, with what was answered.
    """

    failures: dict[str, Failure | None] = field(default_factory=dict)
    ended: tuple[Verdict, str] | None = None
    printed: bytes = b""
    log: list[tuple[str, str]] = field(default_factory=list)

    @property
    def failed(self) -> dict[str, Failure]:
        """Give the tests that failed."""
        return {name: why for name, why in self.failures.items() if why is not None}


def asked_alike(first: Sitting, second: Sitting) -> bool:
    """Say whether two sittings asked the same calls, in whatever order."""
    calls = [sorted(call for call, _ in sitting.log) for sitting in (first, second)]
    return 0 < len(first.log) < MOST_LOGGED and calls[0] == calls[1]


def failures_of(ran: Any) -> dict[str, Failure | None]:
    """Read what the shim says of the tests; anything else broke the channel.

    Raises:
        BoxEndedError: It is not what a shim says.
    """
    if isinstance(ran, Raised):
        raise BoxEndedError(
            Verdict.CRASHED,
            f"The tests could not be run: {ran.type_name} {ran.message}",
        )
    found: dict[str, Failure | None] = {}
    for entry in ran if isinstance(ran, list) else [None]:
        match entry:
            case [str(name), str(why), int(line)]:
                found[name] = Failure(why=why, line=line) if why else None
            case _:
                raise BoxEndedError(
                    Verdict.REJECTED, "The tests did not report as tests do."
                )
    return found
