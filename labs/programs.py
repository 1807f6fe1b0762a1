"""The programs that somebody's tests are run against, in a box apart from the tests."""

import contextlib
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from labs.box import Box
from labs.core import protocol
from labs.core.errors import LabError
from labs.core.protocol import Raised
from labs.core.spec import Implementation, LabSpec
from labs.ended import BoxEndedError
from labs.pool import Pool

MOST_LOGGED = 2000  # calls that are kept to be asked again
# Holds every program and runs the one that is chosen, fresh each time.
DISPATCHER = """
SOURCES = {sources!r}
def choose(number):
    space = {{"__name__": "implementation"}}
    exec(compile(SOURCES[number], "implementation.py", "exec"), space)
    choose.function = space[{function!r}]
def ask(arguments, named):
    return choose.function(*arguments, **named)
"""


class Programs:
    """The programs under test, in a box apart from the tests."""

    def __init__(self, spec: LabSpec, programs: Sequence[Implementation], pool: Pool):
        """Keep them ready; the box is started at the first call."""
        self._spec, self._pool = spec, pool
        sources = [program.code for program in programs]
        self._code = DISPATCHER.format(sources=sources, function=spec.function)
        self._stack = contextlib.ExitStack()
        self._box: Box | None = None
        self._chosen = 0
        self.log: list[tuple[str, str]] = []

    def choose(self, number: int) -> None:
        """Load one program afresh: nothing of earlier calls is left in it.

        Raises:
            LabError: It does not load.
        """
        self._chosen, self.log = number, []
        try:
            box = self._box or self._start()
            outcome = box.call("choose", [number], {})
        except BoxEndedError:
            self.close()
            outcome = self._start().call("choose", [number], {})
        if isinstance(outcome, Raised):
            raise LabError(f"program {number} does not load: {outcome.message}")

    def _start(self) -> Box:
        box = self._stack.enter_context(self._pool.box())
        roomy = replace(self._spec.limits, wall_seconds=120.0)
        loaded = box.load(self._code, function="ask", limits=roomy)
        if not loaded.has_function:
            raise LabError("the programs under test do not load")
        self._box = box
        return box

    def answer(self, arguments: Any, named: Any) -> dict[str, Any]:
        """Answer a call of the tests with what the chosen program does.

        Raises:
            ProtocolError: It is no call that a stub makes.
        """
        said = self._answer(arguments, named)
        if len(self.log) < MOST_LOGGED:
            self.log.append((json.dumps([arguments, named]), json.dumps(said)))
        return said

    def answers_alike(self, number: int, log: Sequence[tuple[str, str]]) -> bool:
        """Say whether a program gives, to the same calls in turn, the same answers."""
        self.choose(number)
        for call, said in log:
            arguments, named = json.loads(call)
            if json.dumps(self._answer(arguments, named)) != said:
                return False
        return True

    def _answer(self, arguments: Any, named: Any) -> dict[str, Any]:
        positional, by_name = protocol.decode(arguments), protocol.decode(named)
        if not isinstance(positional, list) or not isinstance(by_name, dict):
            raise protocol.ProtocolError("not a call")
        try:
            box = self._box or self._start()
            outcome = box.call("ask", [positional, by_name], {})
        except BoxEndedError:
            self.close()
            self.choose(self._chosen)
            return {"e": {"type": "RuntimeError", "message": "no answer came back"}}
        if isinstance(outcome, Raised):
            return {"e": {"type": outcome.type_name, "message": outcome.message}}
        return {"v": protocol.encode(outcome)}

    def close(self) -> None:
        """Give the box back."""
        self._box = None
        self._stack.close()
