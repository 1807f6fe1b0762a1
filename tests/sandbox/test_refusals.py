"""On a machine that forbids what isolation needs, nothing is run, and it is said why."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from labs.sandbox import Bubblewrap, Runtime

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can arrange this")

# A user namespace with the same users as outside, in which things can be forbidden.
ARRANGE = """
import ctypes, os, sys
to_parent, to_child = os.pipe(), os.pipe()
pid = os.fork()
if pid == 0:
    assert ctypes.CDLL(None).unshare(0x10000000) == 0
    os.write(to_parent[1], b"1"); os.read(to_child[0], 1)
    os.setgid(0); os.setuid(0)
    if {forbid}:
        open("/proc/sys/user/max_user_namespaces", "w").write("0")
    from pathlib import Path
    from labs.core.errors import SandboxUnavailableError
    from labs.core.spec import Limits
    from labs.sandbox import find_runtime
    try:
        find_runtime(Path({folder!r})).start(Limits()).close()
        print("started")
    except SandboxUnavailableError as error:
        print(error)
    sys.stdout.flush(); os._exit(0)
os.read(to_parent[0], 1)
for name in ("uid_map", "gid_map"):
    open(f"/proc/{{pid}}/{{name}}", "w").write({users!r})
os.write(to_child[1], b"1")
os.waitpid(pid, 0)
"""


def attempt(runtime: Runtime, *, forbid: bool, users: str) -> str:
    assert isinstance(runtime, Bubblewrap)
    folder = str(runtime.root.parent.parent)
    script = ARRANGE.format(forbid=forbid, folder=folder, users=users)
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=60,
        check=True,
    )
    return done.stdout


def test_arrangement_alone_changes_nothing(runtime: Runtime) -> None:
    assert "started" in attempt(runtime, forbid=False, users="0 0 65536")


def test_forbidden_user_namespaces_are_named(runtime: Runtime) -> None:
    said = attempt(runtime, forbid=True, users="0 0 65536")

    assert "user namespaces are not allowed" in said
    assert "started" not in said


def test_root_that_cannot_step_down_runs_nothing(runtime: Runtime) -> None:
    said = attempt(runtime, forbid=False, users="0 0 1")

    assert "root may not step down" in said
    assert "started" not in said
