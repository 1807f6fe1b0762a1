"""Ends what a killed worker left half started.

A box dies with its worker, but for one moment: between the kernel's making of
its first process and that process's asking to die with its parent. Killed just
then, it waits for ever to be told to go on. It holds no code and does nothing;
the next worker that starts ends it.
"""

import contextlib
import os
import signal
from pathlib import Path

MARKS = (b"bwrap", b"--info-fd", b"/child.py")


def end_orphans() -> int:
    """End such processes; gives how many there were."""
    ended = 0
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and _is_orphan(int(folder.name)):
            with contextlib.suppress(OSError):  # gone, or another user's
                os.kill(int(folder.name), signal.SIGKILL)
                ended += 1
    return ended


def _is_orphan(pid: int) -> bool:
    """Say that this is a box's first process whose starter is gone."""
    if not _starts_boxes(pid):
        return False
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
    fields = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
    is_first = len(fields["NSpid"].split()) > 1 and fields["NSpid"].split()[-1] == "1"
    return is_first and not _starts_boxes(int(fields["PPid"]))


def _starts_boxes(pid: int) -> bool:
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return all(mark in command for mark in MARKS)
