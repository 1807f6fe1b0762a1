"""Boxes that wait ready, used once each; and turns that are fair between people."""

import collections
import contextlib
import threading
import time
from collections.abc import Iterator
from typing import Any

from labs.box import Box
from labs.core.errors import LabError, SandboxUnavailableError
from labs.core.spec import Limits
from labs.sandbox import Runtime

STALE_SECONDS = 900.0  # an unused box is replaced after so long
FILLERS = 2  # threads that start boxes: a test lab needs dozens in a row
RETRY_SECONDS = 5.0  # after a box that did not start


class Pool:
    """Keeps some boxes started; every box is handed out once and thrown away.

    The boxes are started by threads that live as long as the pool: the kernel ends
    a box when the thread that started it ends.
    """

    def __init__(self, runtime: Runtime, *, size: int) -> None:
        """Start keeping ``size`` boxes ready; 0 starts each when it is needed."""
        self._runtime = runtime
        self._size = size
        self._limits = Limits()
        self._ready: collections.deque[tuple[float, Box]] = collections.deque()
        self._changed = threading.Condition()
        self._closing = False
        self._starting = 0
        self._fillers = [
            threading.Thread(target=self._fill, daemon=True)
            for _ in range(min(size, FILLERS))
        ]
        for filler in self._fillers:
            filler.start()

    @property
    def runtime(self) -> Runtime:
        """What starts the boxes."""
        return self._runtime

    def ready(self) -> int:
        """Give how many boxes wait."""
        with self._changed:
            return len(self._ready)

    @contextlib.contextmanager
    def box(self) -> Iterator[Box]:
        """Give a box for one piece of code; it is gone afterwards.

        Raises:
            SandboxUnavailableError: None can be had.
        """
        box = self._take() or self._runtime.start(self._limits)
        try:
            yield box
        finally:
            box.close()

    def _take(self) -> Box | None:
        with self._changed:
            box = self._ready.popleft()[1] if self._ready else None
            self._changed.notify_all()
        if box is not None and box.process.poll() is not None:
            box.close()
            return None
        return box

    def _fill(self) -> None:
        while True:
            with self._changed:
                while not self._closing and self._is_full():
                    self._changed.wait(60.0)
                    self._drop_stale()
                if self._closing:
                    return
                self._starting += 1
            try:
                box = self._runtime.start(self._limits, warm=True)
            except (SandboxUnavailableError, LabError, OSError):
                # Whoever needs one starts it and gets the reason.
                with self._changed:
                    self._starting -= 1
                    self._changed.wait(RETRY_SECONDS)
                continue
            with self._changed:
                self._starting -= 1
                self._ready.append((time.monotonic(), box))
                self._changed.notify_all()

    def _is_full(self) -> bool:
        return len(self._ready) + self._starting >= self._size

    def _drop_stale(self) -> None:
        while self._ready and time.monotonic() - self._ready[0][0] > STALE_SECONDS:
            self._ready.popleft()[1].close()

    def close(self) -> None:
        """End every waiting box."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        for filler in self._fillers:
            filler.join()
        while self._ready:
            self._ready.popleft()[1].close()


class Turns:
    """A bound on runs at once; free turns go round the people who wait."""

    def __init__(self, concurrency: int) -> None:
        """Let so many run at once."""
        self._free = concurrency
        self._lock = threading.Condition()
        self._queues: dict[str, collections.deque[Any]] = {}

    @contextlib.contextmanager
    def turn(self, fair_key: str) -> Iterator[None]:
        """Wait for a turn; one person's many runs do not hold up another's one."""
        ticket = object()
        with self._lock:
            self._queues.setdefault(fair_key, collections.deque()).append(ticket)
            try:
                while not (self._free and self._next() is ticket):
                    self._lock.wait()
            except BaseException:
                self._leave(fair_key, ticket)  # a task that is stopped while it waits
                raise
            self._free -= 1
            self._leave(fair_key, ticket)
        try:
            yield
        finally:
            with self._lock:
                self._free += 1
                self._lock.notify_all()

    def _leave(self, fair_key: str, ticket: object) -> None:
        """Take a ticket out; the person's others go to the end of the round."""
        queue = self._queues.pop(fair_key)
        queue.remove(ticket)
        if queue:
            self._queues[fair_key] = queue
        self._lock.notify_all()

    def _next(self) -> Any:
        return next(iter(self._queues.values()))[0]
