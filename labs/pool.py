"""Boxes started ahead of time, each used once: a run then waits for no start."""

import logging
import threading
from collections import deque
from dataclasses import dataclass, field

from labs.core.errors import LabError
from labs.core.spec import LabSpec, Limits
from labs.sandbox import Box, Launcher

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class BoxPool:
    """A few ready boxes with the usual limits; others are started when asked for.

    Attributes:
        size: Ready boxes that are kept; 0 starts every box on demand.
    """

    launcher: Launcher
    size: int
    limits: Limits = field(default_factory=Limits)
    _ready: deque[Box] = field(default_factory=deque)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _wanted: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    _thread: threading.Thread | None = None
    _closed: bool = False

    def take(self, spec: LabSpec) -> Box:
        """Give a box for one piece of code; the caller closes it."""
        if spec.limits == self.limits:
            with self._lock:
                box = self._ready.popleft() if self._ready else None
            if self._thread is not None:
                self._wanted.release()
            if box is not None and box.process.poll() is None:
                return box
            if box is not None:
                box.close()
        return self.launcher.start(spec.limits)

    def fill(self) -> None:
        """Begin to keep boxes ready, in a thread of its own."""
        if self.size == 0 or self._thread is not None:
            return
        self._thread = threading.Thread(target=self._keep, name="boxes", daemon=True)
        self._thread.start()
        for _ in range(self.size):
            self._wanted.release()

    def _keep(self) -> None:
        while True:
            self._wanted.acquire()
            if self._closed:
                return
            with self._lock:
                if len(self._ready) >= self.size:
                    continue
            try:
                box = self.launcher.start(self.limits)
            except LabError:
                logger.exception("no box could be started ahead of time")
                continue
            with self._lock:
                self._ready.append(box)

    def close(self) -> None:
        """End every ready box."""
        self._closed = True
        self._wanted.release()
        with self._lock:
            boxes, self._ready = list(self._ready), deque()
        for box in boxes:
            box.close()
