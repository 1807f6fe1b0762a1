"""Nothing is left of a run; what cannot be isolated is refused."""

import dataclasses
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest

from labs import cgroups, launch
from labs.core.errors import SandboxUnavailableError
from labs.core.spec import LabSpec, Limits
from labs.orphans import end_orphans
from labs.pool import Pool
from labs.run import run_code
from labs.sandbox import Bubblewrap, Runtime, find_runtime

LONG = pytest.mark.skipif(
    not os.environ.get("SANDBOX_LONG"), reason="SANDBOX_LONG=1 runs 500 submissions"
)
STAYERS = """
import os, signal, threading, time
for s in range(1, 65):
    try: signal.signal(s, signal.SIG_IGN)
    except (OSError, ValueError): pass
threading.Thread(target=lambda: [time.sleep(0.01) for _ in iter(int, 1)]).start()
try:
    if os.fork() == 0:
        os.setsid(); os.fork(); time.sleep(3600)
except OSError: pass
def kv_cache_gib(*a, **k):
    os.closerange(0, 64)
    while True: time.sleep(1)
"""


@pytest.fixture(autouse=True)
def settled(pool: Pool) -> None:
    """Let the tier's own pool finish the box it is starting, which would be counted."""
    deadline = time.monotonic() + 20
    while not pool.ready() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert pool.ready()


def box_processes() -> set[int]:
    """Give the interpreters in boxes of ours, orphans included."""
    found = set()
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and "/child.py" in command_of(int(folder.name)):
            line = ancestors(int(folder.name))
            others = [p for p in line if p != 1 and "bwrap" not in command_of(p)]
            if os.getpid() in line or not others:
                found.add(int(folder.name))
    return found


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace")
    except OSError:
        return ""


def ancestors(pid: int) -> list[int]:
    line = []
    while pid > 1:
        try:
            status = Path(f"/proc/{pid}/status").read_text()
        except OSError:
            break
        pid = int(status.split("PPid:")[1].split()[0])
        line.append(pid)
    return line


def traces() -> dict[str, Any]:
    place = cgroups.find_place()
    return {
        "descriptors": sorted(os.listdir("/proc/self/fd")),
        "mounts": Path("/proc/self/mountinfo").read_text(),
        "files": sorted(Path(tempfile.gettempdir()).glob("lab*")),
        "ports": Path("/proc/net/tcp").read_text().count(" 0A "),
        "groups": sorted(place.memory.glob(f"{cgroups.PREFIX}-{os.getpid()}-*"))
        if place
        else [],
    }


def test_nothing_is_left_of_a_run_that_wants_to_stay(
    runtime: Runtime, code_lab: LabSpec
) -> None:
    pool = Pool(runtime, size=0)
    run_code(code_lab, code_lab.reference, seed=1, pool=pool)
    processes, before = box_processes(), traces()

    run_code(code_lab, STAYERS, seed=1, pool=pool)

    assert box_processes() <= processes
    assert traces() == before


def test_a_box_sees_no_process_and_no_network_of_the_host(
    pool: Pool, code_lab: LabSpec
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        code = (
            "import os, socket\nprint(sorted(os.listdir('/')), os.getpid())\n"
            "try:\n    socket.create_connection(('127.0.0.1', PORT), 1); print('REACHED')\n"
            "except OSError as e: print(type(e).__name__)\n"
            "def kv_cache_gib(*a, **k): return 0\n"
        ).replace("PORT", str(port))

        result = run_code(code_lab, code, seed=1, pool=pool)

    assert "['child.py', 'dev'" in result.learner_output
    assert "PermissionError" in result.learner_output


def test_pool_ends_its_boxes_when_it_closes(runtime: Runtime) -> None:
    before = box_processes()
    pool = Pool(runtime, size=2)
    deadline = time.monotonic() + 20
    while pool.ready() < 2 and time.monotonic() < deadline:
        time.sleep(0.02)

    assert len(box_processes() - before) >= 2
    pool.close()

    assert box_processes() <= before


def test_boxes_end_with_a_worker_that_is_killed(runtime: Runtime) -> None:
    assert isinstance(runtime, Bubblewrap)
    code = (
        "import sys, time\nfrom pathlib import Path\n"
        "from labs.pool import Pool\nfrom labs.sandbox import find_runtime\n"
        f"pool = Pool(find_runtime(Path({str(runtime.root.parent.parent)!r})), size=1)\n"
        "while not pool.ready(): time.sleep(0.01)\n"
        "with pool.box() as box:\n    print('ready', flush=True)\n"
        "    box.load('while True: pass', function='f')\n"
    )
    before = box_processes()
    worker = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert worker.stdout is not None
    assert worker.stdout.readline() == b"ready\n"

    worker.kill()
    worker.wait()
    worker.stdout.close()

    def interpreters() -> set[int]:
        return {p for p in box_processes() - before if "bwrap" not in command_of(p)}

    deadline = time.monotonic() + 5
    while interpreters() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not interpreters()
    # A first process that was still starting has no code; the next worker ends it.
    end_orphans()
    time.sleep(0.1)
    assert box_processes() <= before


@LONG
def test_worker_does_not_grow_over_500_runs(pool: Pool, code_lab: LabSpec) -> None:
    def run() -> None:
        run_code(code_lab, code_lab.reference, seed=1, pool=pool)

    def resident() -> int:
        return (
            int(Path("/proc/self/statm").read_text().split()[1])
            * resource.getpagesize()
        )

    for _ in range(50):
        run()
    before, open_before = resident(), len(os.listdir("/proc/self/fd"))
    for _ in range(500):
        run()

    assert resident() - before < 8 * 1024 * 1024
    assert len(os.listdir("/proc/self/fd")) <= open_before + 8


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"first_filter": b""}, "system call filtering"),
        ({"first_filter": b"\1\2\3"}, "Invalid seccomp data"),
        ({"final_filter": b""}, "final_filter"),
        ({"final_filter": b"\xff" * 16}, "final_filter"),
        ({"root": Path("/nonexistent")}, "source path /nonexistent"),
        ({"path": "/nonexistent/bwrap"}, "could not be started"),
        ({"path": "/bin/false"}, "did not start"),
    ],
)
def test_a_missing_piece_is_refused_and_named(
    change: dict[str, Any], names: str, runtime: Runtime
) -> None:
    assert isinstance(runtime, Bubblewrap)
    broken = dataclasses.replace(runtime, **change)
    before = box_processes()

    with pytest.raises(SandboxUnavailableError, match=names):
        broken.start(Limits())

    assert box_processes() <= before


def test_without_bubblewrap_nothing_is_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)

    with pytest.raises(SandboxUnavailableError, match="bubblewrap"):
        find_runtime(tmp_path)
    with pytest.raises(SandboxUnavailableError, match="runsc"):
        find_runtime(tmp_path, "runsc")


def test_a_namespace_that_is_refused_is_named(
    monkeypatch: pytest.MonkeyPatch, runtime: Runtime
) -> None:
    # What Ubuntu 24.04 says where AppArmor keeps user namespaces from programs.
    script = "echo 'bwrap: setting up uid map: Permission denied' >&2; exit 1"
    monkeypatch.setattr(
        Bubblewrap, "command", lambda *a, **k: ["/bin/sh", "-c", script]
    )

    with pytest.raises(SandboxUnavailableError, match="user namespaces"):
        runtime.start(Limits())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has something to give up")
def test_root_steps_down_before_the_box(runtime: Runtime) -> None:
    box = runtime.start(Limits())
    try:
        status = Path(f"/proc/{launch.pid_of(box.init)}/status").read_text()
    finally:
        box.close()

    uids = next(line for line in status.splitlines() if line.startswith("Uid:"))
    assert all(int(uid) >= launch.FIRST_UID for uid in uids.split()[1:])


def test_turns_go_round_the_people_who_wait(runtime: Runtime) -> None:
    import threading

    from labs.pool import Turns

    turns, order, lock = Turns(1), [], threading.Lock()

    def run(person: str) -> None:
        with turns.turn(person), lock:
            order.append(person)

    with turns.turn("first"):
        threads = [threading.Thread(target=run, args=("many",)) for _ in range(10)]
        threads += [threading.Thread(target=run, args=("one",))]
        for thread in threads:
            thread.start()
            time.sleep(0.01)
    for thread in threads:
        thread.join()

    assert order.index("one") <= 1
    assert len(order) == 11
