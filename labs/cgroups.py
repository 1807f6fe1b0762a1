"""Control groups as a second belt around a box, where this user may make them.

The limits that must hold are rlimits (a box cannot fork, so they bound the whole
of it). A control group adds one on real memory and tells an out-of-memory kill
from others. Where it cannot be had, nothing changes but that.
"""

import contextlib
import itertools
import os
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

MOUNT = Path("/sys/fs/cgroup")
PREFIX = "practice-lab"
OVERHEAD_BYTES = 64 * 1024 * 1024  # bubblewrap and page tables beside the code's own
MOST_TASKS = 64
_numbers = itertools.count()


@dataclass(frozen=True, slots=True)
class Place:
    """Where groups are made.

    Attributes:
        version: 1 or 2.
        memory: The folder in which a memory group may be made.
        pids: The same for processes; equal to ``memory`` in version 2.
    """

    version: int
    memory: Path
    pids: Path


@cache
def find_place() -> Place | None:
    """Give where this process may make groups, found by trying it; else None."""
    own: dict[str, str] = {}
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text().splitlines():
            _, names, path = line.split(":", 2)
            own |= dict.fromkeys(names.split(","), path.lstrip("/"))
    for place in (
        Place(
            1,
            MOUNT / "memory" / own.get("memory", ""),
            MOUNT / "pids" / own.get("pids", ""),
        ),
        Place(2, MOUNT / own.get("", ""), MOUNT / own.get("", "")),
    ):
        if _works(place):
            return place
    return None


def _works(place: Place) -> bool:
    try:
        group = _make(place, 1 << 28)
    except OSError:
        return False
    group.remove()
    return True


def _make(place: Place, memory_bytes: int) -> "Group":
    name = f"{PREFIX}-{os.getpid()}-{next(_numbers)}"
    group = Group(place.version, place.memory / name, place.pids / name)
    limit = str(memory_bytes + OVERHEAD_BYTES)
    files = (
        (group.memory / "memory.limit_in_bytes", limit),
        (group.pids / "pids.max", str(MOST_TASKS)),
    )
    if place.version == 2:
        files = ((group.memory / "memory.max", limit), files[1])
    try:
        for folder in {group.memory, group.pids}:
            folder.mkdir()
        for file, value in files:
            file.write_text(value)
    except OSError:
        group.remove()
        raise
    return group


def make_group(memory_bytes: int) -> "Group | None":
    """Make a group for one box, or None where that is not possible."""
    place = find_place()
    if place is None:
        return None
    try:
        return _make(place, memory_bytes)
    except OSError:
        return None


def sweep() -> None:
    """Remove groups whose maker is gone: a worker that was killed leaves them."""
    place = find_place()
    if place is None:
        return
    for folder in {place.memory, place.pids}:
        for left in folder.glob(f"{PREFIX}-*-*"):
            maker = left.name.split("-")[2]
            if not Path("/proc", maker).exists():
                with contextlib.suppress(OSError):
                    left.rmdir()


@dataclass(frozen=True, slots=True)
class Group:
    """The control groups of one box."""

    version: int
    memory: Path
    pids: Path

    def add(self, pid: int) -> None:
        """Put a process in; what it starts later is in too."""
        for folder in {self.memory, self.pids}:
            with contextlib.suppress(OSError):
                (folder / "cgroup.procs").write_text(str(pid))

    def ran_out_of_memory(self) -> bool:
        """Say whether the kernel killed something in it for memory."""
        name = "memory.oom_control" if self.version == 1 else "memory.events"
        try:
            lines = (self.memory / name).read_text().splitlines()
        except OSError:
            return False
        return any(
            line.startswith("oom_kill ") and line.split()[1] != "0" for line in lines
        )

    def remove(self) -> None:
        """Remove it; its processes must be gone, which takes the kernel a moment."""
        for folder in {self.memory, self.pids}:
            for _ in range(50):
                try:
                    folder.rmdir()
                except FileNotFoundError:
                    break
                except OSError:
                    time.sleep(0.002)
                else:
                    break
