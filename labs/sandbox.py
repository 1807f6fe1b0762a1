"""A box: one interpreter in namespaces of its own that answers calls and is thrown away.

The only file that starts processes for learner code. It knows no framework and
no settings. Where isolation cannot be had it raises; it never runs without.
"""

import contextlib
import os
import platform
import secrets
import selectors
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from labs.core import protocol, seccomp
from labs.core.errors import LabError, SandboxUnavailableError
from labs.core.protocol import ProtocolError, Raised
from labs.core.spec import Limits
from labs.core.verdict import Verdict
from labs.rootfs import DEVICES, build_rootfs

NOBODY = 65534  # the uid inside, whoever the service is
ROOT_STEPS_DOWN_TO = 60_000  # a uid that owns nothing, when the service is root
START_SECONDS = 10.0
KEPT_OUTPUT = 64 * 1024  # bytes of what the code prints
CPU_SIGNALS = (signal.SIGXCPU, signal.SIGKILL)


class BoxEndedError(Exception):
    """The box can answer no more.

    Attributes:
        verdict: How that is to be called.
        message: One sentence for the learner.
    """

    def __init__(self, verdict: Verdict, message: str) -> None:
        """Keep the verdict beside the sentence."""
        self.verdict = verdict
        super().__init__(message)


def boxes_folder(data_dir: Path) -> Path:
    """Give where file trees are kept: a place that an unprivileged user can read."""
    if os.geteuid() != 0:
        folder = data_dir / "boxes"
    else:
        folder = Path("/var/lib/interview-practice/boxes")
    folder.mkdir(parents=True, exist_ok=True, mode=0o755)
    return folder


@dataclass(slots=True)
class Launcher:
    """What every box of this process is started with.

    Attributes:
        root: The file tree.
        bwrap: The path of bubblewrap.
        runtime: Its name, for the record.
    """

    root: Path
    bwrap: str
    first_filter: bytes
    last_filter: bytes
    runtime: str = "bubblewrap"

    @classmethod
    def for_this_machine(cls, data_dir: Path, runtime: str = "bwrap") -> "Launcher":
        """Find everything that isolation needs.

        Raises:
            SandboxUnavailableError: Names what is missing.
        """
        if runtime != "bwrap":
            raise SandboxUnavailableError(f"runtime {runtime!r} is not known")
        bwrap = shutil.which("bwrap")
        if bwrap is None:
            raise SandboxUnavailableError("bubblewrap (bwrap) is not installed")
        machine = platform.machine()
        if machine not in seccomp.AUDIT_ARCH:
            raise SandboxUnavailableError(f"no system call filter for {machine}")
        return cls(
            root=build_rootfs(boxes_folder(data_dir)),
            bwrap=bwrap,
            first_filter=seccomp.program(machine, final=False),
            last_filter=seccomp.program(machine, final=True),
        )

    def command(self, filter_fd: int) -> list[str]:
        """Give bubblewrap's arguments: they are the policy."""
        command = [self.bwrap, "--unshare-user", "--unshare-pid", "--unshare-net"]
        command += ["--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
        command += ["--disable-userns", "--uid", str(NOBODY), "--gid", str(NOBODY)]
        command += ["--hostname", "box", "--cap-drop", "ALL", "--new-session"]
        command += ["--die-with-parent", "--clearenv", "--ro-bind", str(self.root), "/"]
        for device in DEVICES:
            command += ["--dev-bind", f"/dev/{device}", f"/dev/{device}"]
        command += ["--setenv", "LD_LIBRARY_PATH", "/usr/lib/box"]
        command += ["--setenv", "LC_ALL", "C.UTF-8"]
        command += ["--chdir", "/", "--seccomp", str(filter_fd), "--"]
        return [*command, "/usr/bin/python3", "-I", "-S", "-B", "/child.py"]

    def start(self, limits: Limits) -> "Box":
        """Start a box and wait until it has shown that it is confined.

        Raises:
            SandboxUnavailableError: It did not start, or is not confined.
        """
        requests_in, requests_out = os.pipe()
        answers_in, answers_out = os.pipe()
        output_in, output_out = os.pipe()
        filter_file = tempfile.TemporaryFile()  # noqa: SIM115 - closed below
        filter_file.write(self.first_filter)
        filter_file.flush()
        filter_file.seek(0)
        try:
            process = self._spawn(requests_in, answers_out, output_out, filter_file.fileno())
        except OSError as error:
            for descriptor in (requests_out, answers_in, output_in):
                os.close(descriptor)
            raise SandboxUnavailableError(f"bubblewrap did not start: {error}") from error
        finally:
            for descriptor in (requests_in, answers_out, output_out):
                os.close(descriptor)
            filter_file.close()
        box = Box(process, requests_out, answers_in, output_in, limits, self.runtime)
        try:
            box.confine(self.last_filter)
        except BaseException:
            box.close()
            raise
        return box

    def _spawn(
        self, requests: int, answers: int, output: int, filter_fd: int
    ) -> "subprocess.Popen[bytes]":
        """Start bubblewrap, as an unprivileged user even when we are root."""
        # The shell-free way to hand over descriptor 3: bwrap passes on what it has.
        as_nobody: dict[str, Any] = {}
        if os.geteuid() == 0:
            as_nobody = {
                "user": ROOT_STEPS_DOWN_TO,
                "group": ROOT_STEPS_DOWN_TO,
                "extra_groups": [],
            }
        return subprocess.Popen(  # noqa: S603 - the policy above
            [
                "/bin/sh", "-c",
                f'exec 3>&{answers}; exec {answers}>&-; exec "$@" 2>&1', "box",
                *self.command(filter_fd),
            ],
            stdin=requests, stdout=output, stderr=subprocess.STDOUT,
            pass_fds=(answers, filter_fd), start_new_session=True,
            env={"PATH": "/usr/bin:/bin"}, cwd="/", **as_nobody,
        )  # fmt: skip


@dataclass(slots=True)
class Box:
    """One running interpreter; used for one piece of code, then closed."""

    process: "subprocess.Popen[bytes]"
    requests: int
    answers: int
    output: int
    limits: Limits
    runtime: str
    printed: bytearray = field(default_factory=bytearray)
    printed_bytes: int = 0
    _buffer: bytes = b""
    _deadline: float = 0.0
    _on_call: "Callable[[Any, Any], dict[str, Any]] | None" = None

    def confine(self, last_filter: bytes) -> None:
        """Have the box give up what is left, and believe only what it shows.

        Raises:
            SandboxUnavailableError: It is not confined as it has to be.
        """
        for descriptor in (self.answers, self.output):
            os.set_blocking(descriptor, False)
        wall = time.monotonic() + START_SECONDS
        hello = {"limits": _rlimits(self.limits), "filter": last_filter.hex()}
        try:
            self._send(hello)
            shown = self._frame(wall, START_SECONDS)
        except (BoxEndedError, ProtocolError) as error:
            said = bytes(self.printed).decode("utf-8", "replace").strip()[-300:]
            raise SandboxUnavailableError(
                f"a box did not start ({said or error})"
            ) from error
        expected = {"dev", "child.py", "usr"}
        alone = set(shown.get("root", ())) - expected <= {"lib", "lib64"}
        if not (shown.get("ready") == 1 and shown.get("uid") == NOBODY and alone):
            raise SandboxUnavailableError("a box started without being confined")

    def load(
        self,
        code: str,
        *,
        modules: Mapping[str, str] | None = None,
        stub: str = "",
        stub_module: str = "",
        runs_tests: bool = False,
        order: int = 0,
    ) -> Raised | None:
        """Hand over the code; gives what it raised while it was loaded.

        Raises:
            BoxEndedError: It ended the box instead.
        """
        self._deadline = time.monotonic() + self.limits.wall_seconds
        start = {
            "modules": dict(modules or {}), "code": code, "stub": stub,
            "stub_module": stub_module, "runs_tests": runs_tests, "order": order,
        }  # fmt: skip
        outcome = self._ask(start, bounded=False)
        return outcome if isinstance(outcome, Raised) else None

    def call(
        self, function: str, positional: list[Any], named: Mapping[str, Any]
    ) -> Any:
        """Call a function of the code; gives its value, or :class:`Raised`.

        Raises:
            BoxEndedError: The box can answer no more.
        """
        asked = {
            "f": function,
            "a": protocol.encode(positional),
            "k": protocol.encode(dict(named)),
        }
        return self._ask(asked)

    def run_tests(self, on_call: "Callable[[Any, Any], dict[str, Any]]") -> Any:
        """Have the loaded tests run; their calls are answered by ``on_call``."""
        self._on_call = on_call
        return self._ask({}, seconds=self.limits.wall_seconds)

    def _ask(
        self, request: dict[str, Any], *, seconds: float = 0.0, bounded: bool = True
    ) -> Any:
        nonce = secrets.token_hex(8)
        self._refuse_unasked()
        self._send({**request, "n": nonce}, bounded=bounded)
        while True:
            try:
                reply = self._frame(self._deadline, seconds or self.limits.call_seconds)
                if "call" in reply and self._on_call is not None:
                    self._send(self._answer_call(reply))
                    continue
                return self._outcome(reply, nonce)
            except ProtocolError as error:
                raise BoxEndedError(
                    Verdict.REJECTED, f"The program broke the answer channel ({error})."
                ) from error

    def _answer_call(self, reply: dict[str, Any]) -> dict[str, Any]:
        call = reply["call"]
        if self._on_call is None or not isinstance(call, list) or len(call) != 2:  # noqa: PLR2004
            raise ProtocolError("not a call")
        return self._on_call(call[0], call[1])

    def _outcome(self, reply: dict[str, Any], nonce: str) -> Any:
        if reply.get("n") != nonce or len(reply) != 2:  # noqa: PLR2004 - n, and v or e
            raise ProtocolError("an answer to another question")
        if "e" in reply:
            raised = protocol.decode_raised(reply["e"])
            if raised.type_name == "MemoryError" and not raised.own_class:
                raise BoxEndedError(Verdict.MEMORY_LIMIT, "The memory limit was reached.")
            return raised
        return protocol.decode(reply.get("v"))

    def _refuse_unasked(self) -> None:
        self._drain()
        with contextlib.suppress(BlockingIOError):
            self._buffer += os.read(self.answers, 65536)
        if self._buffer:
            raise BoxEndedError(
                Verdict.REJECTED, "The program answered before it was asked."
            )

    def _send(self, message: dict[str, Any], *, bounded: bool = True) -> None:
        """Write a request; a box that reads nothing is ended by its deadline."""
        if bounded:
            data = protocol.frame(message)
        else:
            body = protocol.json.dumps(message).encode("utf-8", "surrogatepass")
            data = b"%d|%s" % (len(body), body)
        os.set_blocking(self.requests, False)
        deadline = time.monotonic() + START_SECONDS
        while data:
            try:
                data = data[os.write(self.requests, data) :]
            except BlockingIOError:
                self._drain()
                if time.monotonic() > deadline:
                    raise BoxEndedError(
                        Verdict.TIME_LIMIT, "The program stopped listening."
                    ) from None
                time.sleep(0.001)
            except BrokenPipeError:
                raise self._ended() from None

    def _frame(self, wall: float, seconds: float) -> dict[str, Any]:
        """Wait for one whole frame, keeping what is printed meanwhile."""
        deadline = min(wall, time.monotonic() + seconds)
        with selectors.DefaultSelector() as selector:
            selector.register(self.answers, selectors.EVENT_READ)
            selector.register(self.output, selectors.EVENT_READ)
            while True:
                whole = protocol.split_frame(self._buffer)
                if whole is not None:
                    message, self._buffer = whole
                    self._drain()
                    return message
                left = deadline - time.monotonic()
                if left <= 0:
                    raise BoxEndedError(Verdict.TIME_LIMIT, "The time limit was reached.")
                for key, _ in selector.select(left):
                    if key.fd == self.output:
                        if not self._drain():
                            selector.unregister(self.output)
                    else:
                        part = os.read(self.answers, 65536)
                        if not part:
                            raise self._ended()
                        self._buffer += part

    def _drain(self) -> bool:
        """Take what was printed; says whether more may come."""
        while True:
            try:
                part = os.read(self.output, 65536)
            except BlockingIOError:
                return True
            if not part:
                return False
            self.printed_bytes += len(part)
            self.printed += part[: KEPT_OUTPUT - len(self.printed)]
            if self.printed_bytes > self.limits.output_bytes:
                raise BoxEndedError(Verdict.OUTPUT_LIMIT, "The output limit was reached.")

    def _ended(self) -> BoxEndedError:
        """Say why the box is gone, from how its process ended."""
        try:
            status = self.process.wait(1.0)
        except subprocess.TimeoutExpired:
            return BoxEndedError(Verdict.CRASHED, "The program closed its channel.")
        number = status - 128 if status > 128 else -status  # noqa: PLR2004 - as a shell counts
        if number == signal.SIGXCPU:
            return BoxEndedError(Verdict.TIME_LIMIT, "The CPU time limit was reached.")
        if number == signal.SIGKILL:
            return BoxEndedError(Verdict.TIME_LIMIT, "The program was killed at a limit.")
        if status == 70:  # noqa: PLR2004 - the shim's own word for it
            return BoxEndedError(Verdict.MEMORY_LIMIT, "The memory limit was reached.")
        return BoxEndedError(Verdict.CRASHED, "The program exited before it had answered.")

    def close(self) -> None:
        """Kill everything in the box and wait until nothing of it is left."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        # The pid namespace dies with its first process; the pipe's end is the proof.
        deadline = time.monotonic() + 5.0
        os.set_blocking(self.output, False)
        gone = False
        while not gone and time.monotonic() < deadline:
            try:
                gone = not os.read(self.output, 65536)
            except BlockingIOError:
                time.sleep(0.001)
        for descriptor in (self.requests, self.answers, self.output):
            os.close(descriptor)
        if not gone:
            raise LabError("something in a box outlived it")


def _rlimits(limits: Limits) -> dict[str, int]:
    return {
        "RLIMIT_CPU": limits.cpu_seconds,
        "RLIMIT_AS": limits.memory_bytes,
        "RLIMIT_NPROC": limits.processes,
        "RLIMIT_NOFILE": limits.open_files,
        "RLIMIT_FSIZE": 0,
        "RLIMIT_CORE": 0,
        "RLIMIT_MEMLOCK": 0,
        "RLIMIT_MSGQUEUE": 0,
        "RLIMIT_STACK": 8 * 1024 * 1024,
    }
