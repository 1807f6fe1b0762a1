"""A running box: one interpreter that answers calls over a channel and is thrown away."""

import contextlib
import os
import secrets
import select
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from labs.cgroups import Group
from labs.core import protocol
from labs.core.errors import LabError
from labs.core.protocol import ProtocolError, Raised
from labs.core.spec import Limits
from labs.core.verdict import Verdict
from labs.ended import BoxEndedError, broke_the_channel, ending_of

KEPT_OUTPUT = CHUNK = 64 * 1024  # bytes of what the code prints; read at once
SEND_SECONDS = 5.0  # a box that reads nothing for so long has stopped listening
GONE_SECONDS = 10.0  # the kernel's time to take a killed tree down
OnCall = Callable[[Any, Any], dict[str, Any]]


@dataclass(slots=True)
class Box:
    """One interpreter in isolation; used for one piece of code, then closed.

    Attributes:
        take_down: What the runtime itself has to be told in the end.
        init: A pidfd of the box's first process: when that is gone, all of it is.
        printed: What the code printed, up to a bound.
    """

    process: "subprocess.Popen[bytes]"
    requests: int
    answers: int
    output: int
    init: int
    group: Group | None
    limits: Limits
    runtime: str
    printed: bytearray = field(default_factory=bytearray)
    printed_bytes: int = 0
    take_down: Callable[[], None] | None = None
    _buffer: bytes = b""
    _deadline: float = 0.0
    _closed: bool = False

    def greet(self, hello: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Send the first message, before any code is here; gives what it shows.

        Raises:
            BoxEndedError: It ended, or took too long.
            ProtocolError: It said something else.
        """
        self._deadline = time.monotonic() + seconds
        self._send(hello)
        shown = self._frame(seconds).get("ready")
        if not isinstance(shown, dict):
            raise ProtocolError("no greeting")
        return shown

    def load(
        self,
        code: str,
        *,
        function: str,
        stub_modules: Sequence[str] = (),
        limits: Limits | None = None,
    ) -> "Loaded":
        """Hand over the code and have it compiled and run.

        Args:
            code: Its source.
            function: The name that is called later, or that the stub gets.
            stub_modules: Where tests import the function from; empty for none.
            limits: Of wall time, where they are not the box's own.

        Raises:
            BoxEndedError: It ended the box instead.
        """
        self.limits = limits or self.limits
        self._deadline = time.monotonic() + self.limits.wall_seconds
        start = {"code": code, "function": function, "stub_modules": list(stub_modules)}
        compiled = self._ask(start, bounded=False)
        if isinstance(compiled, Raised):
            return Loaded(compiles=False, raised=compiled, has_function=False)
        ran = self._ask({})
        if isinstance(ran, Raised):
            return Loaded(compiles=True, raised=ran, has_function=False)
        return Loaded(compiles=True, raised=None, has_function=ran is True)

    def call(
        self, function: str, positional: Sequence[Any], named: Mapping[str, Any]
    ) -> Any:
        """Call a function of the code; gives its value, or :class:`Raised`.

        Raises:
            BoxEndedError: The box can answer no more.
        """
        asked = {
            "f": function,
            "a": protocol.encode(list(positional)),
            "k": protocol.encode(dict(named)),
        }
        return self._ask(asked)

    def run_tests(self, order: int, on_call: OnCall, *, first: bool) -> Any:
        """Have the loaded tests run; their calls are answered by ``on_call``.

        Args:
            order: 0 as written, else the seed of a shuffle.
            on_call: Gives a call's answer.
            first: End at the first test that fails.

        Raises:
            BoxEndedError: The box can answer no more.
        """
        return self._ask({"order": order, "first": int(first)}, on_call=on_call)

    def settle(self) -> None:
        """Check at the end that nothing was said after the last answer.

        Raises:
            BoxEndedError: Something was.
        """
        try:
            self._refuse_unasked()
        except ProtocolError as error:
            raise broke_the_channel(error) from error

    def _ask(
        self,
        request: dict[str, Any],
        *,
        bounded: bool = True,
        on_call: OnCall | None = None,
    ) -> Any:
        nonce = secrets.token_hex(8)
        try:
            self._refuse_unasked()
            self._send({**request, "n": nonce}, bounded=bounded)
            while True:
                reply = self._frame(
                    self.limits.wall_seconds if on_call else self.limits.call_seconds
                )
                if on_call is None or "call" not in reply:
                    return self._outcome(reply, nonce)
                call = reply["call"]
                if not isinstance(call, list) or len(call) != 2:
                    raise ProtocolError("not a call")
                self._send(on_call(call[0], call[1]))
        except ProtocolError as error:
            raise broke_the_channel(error) from error

    def _outcome(self, reply: dict[str, Any], nonce: str) -> Any:
        if reply.get("n") != nonce or len(reply) != 2:
            raise ProtocolError("an answer to another question")
        if "e" in reply:
            raised = protocol.decode_raised(reply["e"])
            if raised.type_name == "MemoryError" and not raised.own_class:
                raise BoxEndedError(
                    Verdict.MEMORY_LIMIT,
                    "The code asked for more memory than it may have.",
                )
            return raised
        return protocol.decode(reply.get("v"))

    def _refuse_unasked(self) -> None:
        self.drain()
        with contextlib.suppress(BlockingIOError):
            self._buffer += os.read(self.answers, CHUNK)
        if self._buffer:
            raise ProtocolError("an answer that nobody asked for")

    def _send(self, message: dict[str, Any], *, bounded: bool = True) -> None:
        data = protocol.frame(message, bounded=bounded)
        give_up = time.monotonic() + SEND_SECONDS
        while data:
            try:
                data = data[os.write(self.requests, data) :]
            except BlockingIOError:
                self.drain()
                if time.monotonic() > give_up:
                    raise BoxEndedError(
                        Verdict.TIME_LIMIT, "The code stopped listening."
                    ) from None
                time.sleep(0.001)
            except BrokenPipeError:
                raise self._ended() from None

    def _frame(self, seconds: float) -> dict[str, Any]:
        """Wait for one whole frame, keeping what is printed meanwhile."""
        deadline = min(self._deadline, time.monotonic() + seconds)
        watch = select.poll()
        watch.register(self.answers, select.POLLIN)
        watch.register(self.output, select.POLLIN)
        while (whole := protocol.split_frame(self._buffer)) is None:
            left = deadline - time.monotonic()
            if left <= 0:
                raise BoxEndedError(
                    Verdict.TIME_LIMIT,
                    f"The code had not answered after {seconds:g} seconds, or used up"
                    f" its {self.limits.wall_seconds:g} seconds in all.",
                )
            for descriptor, _ in watch.poll(left * 1000):
                if descriptor == self.answers:
                    self._read_answer()
                elif not self.drain():
                    watch.unregister(self.output)
        message, self._buffer = whole
        self.drain()
        return message

    def _read_answer(self) -> None:
        part = os.read(self.answers, CHUNK)
        if not part:
            raise self._ended()
        self._buffer += part

    def drain(self) -> bool:
        """Take what was printed; says whether more may come.

        Raises:
            BoxEndedError: It printed more than it may.
        """
        while True:
            try:
                part = os.read(self.output, CHUNK)
            except BlockingIOError:
                return True
            if not part:
                return False
            self.printed_bytes += len(part)
            self.printed += part[: KEPT_OUTPUT - len(self.printed)]
            if self.printed_bytes > self.limits.output_bytes:
                raise BoxEndedError(
                    Verdict.OUTPUT_LIMIT,
                    f"The code printed more than {self.limits.output_bytes // 1024} KiB.",
                )

    def _ended(self) -> BoxEndedError:
        """Say why the box is gone, from how its process ended."""
        with contextlib.suppress(BoxEndedError):
            self.drain()
        try:
            status = self.process.wait(1.0)
        except subprocess.TimeoutExpired:
            return BoxEndedError(
                Verdict.TIME_LIMIT, "The code closed its channel and never answered."
            )
        if self.group is not None and self.group.ran_out_of_memory():
            return BoxEndedError(Verdict.MEMORY_LIMIT, "The memory limit was reached.")
        return ending_of(status, self.limits)

    def close(self) -> None:
        """Kill everything in the box and wait until nothing of it is left.

        Raises:
            LabError: The kernel did not take it down.
        """
        if self._closed:
            return
        self._closed = True
        if self.take_down is not None:
            self.take_down()
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.init, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        # A pid namespace's first process is gone only after all others in it.
        watch = select.poll()
        watch.register(self.init, select.POLLIN)
        gone = bool(watch.poll(GONE_SECONDS * 1000))
        for descriptor in (self.requests, self.answers, self.output, self.init):
            os.close(descriptor)
        if self.group is not None:
            self.group.remove()
        if not gone:
            raise LabError("a process in a box could not be killed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """How loading went.

    Attributes:
        compiles: Whether it is Python at all.
        raised: What stopped it; None when it loaded.
        has_function: Whether it defines the function.
    """

    compiles: bool
    raised: Raised | None
    has_function: bool
