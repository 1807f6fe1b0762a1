"""Starting a sandboxing program: as a user without rights, and who its first process is."""

import errno
import itertools
import json
import os
import re
import select
import subprocess
import time
from typing import Any

from labs.core.errors import SandboxUnavailableError

# As root each box gets a host uid of its own, which owns nothing anywhere.
FIRST_UID, UIDS = 61_200, 256
START_SECONDS = 15.0
_uids = itertools.count()


def descriptors() -> tuple[int, int, int, int, int]:
    """Give (info, their block, block, filter, their info)."""
    info, info_theirs = os.pipe()
    block_theirs, block = os.pipe()
    return info, block_theirs, block, os.memfd_create("filter"), info_theirs


def spawn(
    command: list[str], pass_fds: tuple[int, ...] = ()
) -> "subprocess.Popen[bytes]":
    """Start a program as an unprivileged user even when we are root.

    Root must step down first: in a user namespace made by root the box's nobody
    would still be root to the kernel.

    Raises:
        SandboxUnavailableError: It could not be started.
    """
    as_nobody: dict[str, Any] = {}
    if os.geteuid() == 0:
        uid = FIRST_UID + next(_uids) % UIDS
        as_nobody = {"user": uid, "group": uid, "extra_groups": []}
    try:
        return subprocess.Popen(  # noqa: S603 - the policy above
            command,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            bufsize=0, pass_fds=pass_fds, start_new_session=True,
            env={"PATH": "/usr/bin:/bin"}, cwd="/", **as_nobody,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError) as error:
        if as_nobody and getattr(error, "errno", 0) in (errno.EPERM, errno.EINVAL):
            raise SandboxUnavailableError(
                "root may not step down to a user without rights here"
            ) from error
        raise SandboxUnavailableError(
            f"{command[0]} could not be started: {error}"
        ) from error


def first_process(process: "subprocess.Popen[bytes]", info: int) -> int:
    """Give a pidfd of the box's first process, which waits for our word."""
    text, deadline = b"", time.monotonic() + START_SECONDS
    while (pid := _parse_info(text)) is None:
        ready, _, _ = select.select([info], [], [], max(0, deadline - time.monotonic()))
        part = os.read(info, 4096) if ready else b""
        if not part:
            raise SandboxUnavailableError(_complaint(process))
        text += part
    try:
        return os.pidfd_open(pid)
    except ProcessLookupError:
        raise SandboxUnavailableError(_complaint(process)) from None


def pid_of(pidfd: int) -> int:
    """Give the pid behind a pidfd."""
    with open(f"/proc/self/fdinfo/{pidfd}") as lines:
        return int(next(line.split()[1] for line in lines if line.startswith("Pid:")))


def _complaint(process: "subprocess.Popen[bytes]") -> str:
    """Say in words what bubblewrap said when it gave up."""
    try:
        process.wait(1.0)
    except subprocess.TimeoutExpired:
        return f"a box was not ready after {START_SECONDS:g} seconds"
    said = b"" if process.stderr is None else process.stderr.read()
    text = said.decode("utf-8", "replace").strip().splitlines()
    last = text[-1] if text else f"it ended with {process.returncode}"
    if re.search(r"namespace|uid map|userns|Operation not permitted", last):
        return f"user namespaces are not allowed to this user ({last})"
    return f"bubblewrap did not start a box ({last})"


def abandon(process: "subprocess.Popen[bytes]") -> None:
    """End a process that never became a box."""
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None:
            stream.close()


def _parse_info(text: bytes) -> int | None:
    """Give the pid of the first process from bubblewrap's report, or None yet."""
    try:
        return int(json.loads(text)["child-pid"])
    except (ValueError, KeyError, TypeError):
        return None
