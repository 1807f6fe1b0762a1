"""Starts boxes: an interpreter in namespaces of its own, confined before code arrives.

The only file that starts processes for learner code. It knows no framework and
no settings. Where isolation cannot be had it raises; it never runs without.
"""

import contextlib
import os
import platform
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from labs import cgroups
from labs.box import Box
from labs.core import seccomp
from labs.core.errors import SandboxUnavailableError
from labs.core.protocol import ProtocolError
from labs.core.spec import Limits
from labs.ended import BoxEndedError
from labs.launch import abandon, descriptors, first_process, pid_of, spawn
from labs.rootfs import DEVICES, boxes_folder, build_rootfs

NOBODY = 65534  # the uid inside, whoever the service is
START_SECONDS = 15.0
DISABLE_USERNS_SINCE = (0, 8)  # older bubblewrap leaves that to the filters
SHOWN = {
    "first_filter": 2, "no_new_privs": 1, "final_filter": 1, "fork_refused": 1,
    "exec_refused": 1, "uid": NOBODY,
}  # fmt: skip
SEEN_AT_ROOT = {"child.py", "dev", "usr", "lib", "lib64"}


class Runtime(Protocol):
    """What starts boxes; bubblewrap and gVisor are two."""

    @property
    def name(self) -> str:
        """Its name, for the record."""

    def start(self, limits: Limits, *, warm: bool = False) -> Box:
        """Start a box and believe only what it shows of its confinement."""


def find_runtime(data_dir: Path, name: str = "bwrap") -> Runtime:
    """Give the chosen runtime, with everything that it needs.

    Raises:
        SandboxUnavailableError: Names what is missing.
    """
    if platform.system() != "Linux":
        raise SandboxUnavailableError("boxes need Linux")
    machine = platform.machine()
    if machine not in seccomp.AUDIT_ARCH:
        raise SandboxUnavailableError(f"there is no system call filter for {machine}")
    if name == "runsc":
        from labs.runsc import Runsc

        return Runsc.find(data_dir, machine)
    if name != "bwrap":
        raise SandboxUnavailableError(
            f"LABS_RUNTIME {name!r} is neither bwrap nor runsc"
        )
    path = shutil.which("bwrap")
    if path is None:
        raise SandboxUnavailableError("bubblewrap (the bwrap program) is not installed")
    return Bubblewrap(
        path=path,
        version=_version(path),
        root=build_rootfs(boxes_folder(data_dir)),
        first_filter=seccomp.program(machine, final=False),
        final_filter=seccomp.program(machine, final=True),
    )


def _version(path: str) -> tuple[int, ...]:
    said = subprocess.run(  # noqa: S603 - the program found above
        [path, "--version"], capture_output=True, text=True, check=False
    ).stdout
    return tuple(int(part) for part in re.findall(r"\d+", said)[:2])


@dataclass(frozen=True, slots=True, kw_only=True)
class Bubblewrap:
    """Starts boxes with bubblewrap: the argument list is the policy."""

    path: str
    version: tuple[int, ...]
    root: Path
    first_filter: bytes
    final_filter: bytes
    name: str = "bubblewrap"

    def command(self, *, filter_fd: int, info_fd: int, block_fd: int) -> list[str]:
        """Give bubblewrap's arguments."""
        command = [self.path, "--unshare-user", "--unshare-pid", "--unshare-net"]
        command += ["--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
        if self.version >= DISABLE_USERNS_SINCE:
            command.append("--disable-userns")
        command += ["--uid", str(NOBODY), "--gid", str(NOBODY), "--hostname", "box"]
        command += ["--cap-drop", "ALL", "--new-session", "--die-with-parent"]
        command += ["--clearenv", "--ro-bind", str(self.root), "/"]
        for device in DEVICES:
            command += ["--dev-bind", f"/dev/{device}", f"/dev/{device}"]
        for key, value in ENVIRONMENT.items():
            command += ["--setenv", key, value]
        command += ["--chdir", "/", "--seccomp", str(filter_fd)]
        command += ["--info-fd", str(info_fd), "--block-fd", str(block_fd), "--"]
        return [*command, *SHIM]

    def start(self, limits: Limits, *, warm: bool = False) -> Box:
        """Start a box and wait until it has shown that it is confined.

        Raises:
            SandboxUnavailableError: It did not start, or is not confined.
        """
        with contextlib.ExitStack() as ours:
            info, block_theirs, block, filter_fd, info_theirs = descriptors()
            for descriptor in (info, block_theirs, block, filter_fd):
                ours.callback(os.close, descriptor)
            os.write(filter_fd, self.first_filter)
            os.lseek(filter_fd, 0, os.SEEK_SET)
            command = self.command(
                filter_fd=filter_fd, info_fd=info_theirs, block_fd=block_theirs
            )
            try:
                process = spawn(
                    command, pass_fds=(filter_fd, info_theirs, block_theirs)
                )
            finally:
                os.close(info_theirs)  # so that its end is seen when bubblewrap ends
            try:
                init = first_process(process, info)
                group = cgroups.make_group(limits.memory_bytes)
                if group is not None:
                    group.add(pid_of(init))
                os.write(block, b"1")
            except BaseException:
                abandon(process)
                raise
        return confined(
            box_of(process, init, group, limits, self.name),
            self.final_filter,
            warm=warm,
        )


SHIM = ("/usr/bin/python3", "-I", "-S", "-B", "-X", "utf8", "/child.py")
ENVIRONMENT = {
    "PATH": "/usr/bin",
    "LC_ALL": "C.UTF-8",
    "LD_LIBRARY_PATH": "/usr/lib/box",
    # One heap: each thread's own would reserve 128 MiB of the address space.
    "MALLOC_ARENA_MAX": "1",
}


def box_of(
    process: "subprocess.Popen[bytes]",
    init: int,
    group: cgroups.Group | None,
    limits: Limits,
    runtime: str,
) -> Box:
    """Take over a started process's pipes as a box's channel."""
    requests, answers, output = (
        _taken(stream) for stream in (process.stdin, process.stdout, process.stderr)
    )
    return Box(process, requests, answers, output, init, group, limits, runtime)


def _taken(stream: IO[bytes] | None) -> int:
    """Give a descriptor of our own for one end of the channel."""
    if stream is None:  # pragma: no cover - asked for as pipes
        raise SandboxUnavailableError("a box has no channel")
    descriptor = os.dup(stream.fileno())
    stream.close()
    os.set_blocking(descriptor, False)
    return descriptor


def confined(
    box: Box,
    final_filter: bytes,
    *,
    warm: bool,
    first_filter: int = 2,
    extra_at_root: frozenset[str] = frozenset(),
) -> Box:
    """Give a box that has shown its confinement; any other is closed.

    Raises:
        SandboxUnavailableError: It is not confined as it has to be.
    """
    hello = {
        "limits": _rlimits(box.limits), "filter": final_filter.hex(), "warm": int(warm),
    }  # fmt: skip
    try:
        shown = box.greet(hello, START_SECONDS)
    except (BoxEndedError, ProtocolError) as error:
        said = bytes(box.printed).decode("utf-8", "replace").strip()[-300:]
        box.close()
        raise SandboxUnavailableError(
            f"a box did not start ({said or error})"
        ) from error
    wanted = SHOWN | {"first_filter": first_filter}
    wrong = [name for name, value in wanted.items() if shown.get(name) != value]
    if not set(shown.get("root", ("?",))) <= SEEN_AT_ROOT | extra_at_root:
        wrong.append("root")
    if wrong:
        box.close()
        raise SandboxUnavailableError(
            f"a box started without being confined ({', '.join(sorted(wrong))})"
        )
    return box


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
