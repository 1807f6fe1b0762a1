"""Keep a few processes running together: start, restart after a crash, stop all.

No framework here: `serve` says what to run, this file only watches over it.
"""

import contextlib
import ctypes
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

logger = logging.getLogger(__name__)

STOP_SECONDS = 10.0  # a worker may finish the answer in its hands
FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0  # seconds before a crashed process comes back
STEADY_SECONDS = 60.0  # running this long, a process counts as healthy again
PR_SET_PDEATHSIG = 1  # linux/prctl.h


@dataclass(slots=True)
class Watched:
    """One program that is to be running."""

    name: str
    command: Sequence[str]
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    wait: float = FIRST_WAIT
    due_at: float = 0.0


@dataclass(slots=True)
class Supervisor:
    """Runs programs until told to stop.

    Attributes:
        environment: What every program gets.
        programs: In the order in which they are started.
    """

    environment: Mapping[str, str]
    programs: list[Watched] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def add(self, name: str, command: Sequence[str]) -> None:
        """Have a program run."""
        self.programs.append(Watched(name, command))

    def stop(self, number: int = 0, frame: FrameType | None = None) -> None:
        """Ask for the end; usable as a signal handler."""
        self.stopping.set()

    def run(self) -> None:
        """Start everything, keep it running, and stop it when asked to."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.stop)
        try:
            while not self.stopping.is_set():
                for program in self.programs:
                    self._keep(program)
                self.stopping.wait(0.2)
        finally:
            self._stop_all()

    def _keep(self, program: Watched) -> None:
        now = time.monotonic()
        if program.process is not None:
            status = program.process.poll()
            if status is None:
                if now - program.started_at > STEADY_SECONDS:
                    program.wait = FIRST_WAIT
                return
            _kill_group(program.process)  # what it may have left behind
            program.process = None
            program.due_at = now + program.wait
            logger.error(
                "%s ended (%s); starting it again in %.1f s",
                program.name,
                _ending(status),
                program.wait,
            )
            program.wait = min(program.wait * 2, LONGEST_WAIT)
        if now >= program.due_at:
            program.started_at = now
            program.process = subprocess.Popen(  # noqa: S603 - our own commands
                program.command,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                preexec_fn=_die_with_parent,
            )

    def _stop_all(self) -> None:
        running = [p.process for p in self.programs if p.process is not None]
        for process in running:
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in running:
            left = max(0.0, deadline - time.monotonic())
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(left)
        for process in running:
            _kill_group(process)
            process.wait()


def _die_with_parent() -> None:
    """In the child: end when the supervisor is killed, so that nothing stays."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _kill_group(process: "subprocess.Popen[bytes]") -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _ending(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"exit status {status}"
