"""What isolation this machine gives, found out by trying it."""

import os
import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from labs import cgroups
from labs.box import Box
from labs.core.errors import LabError
from labs.core.protocol import Raised
from labs.core.spec import Limits
from labs.core.verdict import Verdict
from labs.ended import BoxEndedError
from labs.sandbox import find_runtime

INSTALL = "sudo apt-get install bubblewrap"
HOW_TO = "See docs/explanation/sandbox.md, 'Where user namespaces are forbidden'."
ESCAPES = {
    "a socket": "import socket\nsocket.socket()",
    "a new process": "import os\nos.fork()",
    "another program": "import os\nos.execv('/usr/bin/python3', ['python3'])",
    "a file": "open('/probe', 'w')",
    "more memory limit": "import resource\n"
    "resource.setrlimit(resource.RLIMIT_AS, (1 << 40, 1 << 40))",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was tried.

    Attributes:
        name: What it is.
        works: Whether it works.
        needed: Whether labs can run without it.
        found: What was seen.
        advice: What to do about it; empty when it works.
    """

    name: str
    works: bool
    needed: bool
    found: str
    advice: str = ""


def probe_sandbox() -> Iterator[Finding]:
    """Try each part of the isolation and say what was seen."""
    path = shutil.which("runsc" if settings.LABS_RUNTIME == "runsc" else "bwrap")
    yield Finding(
        name=f"labs: {settings.LABS_RUNTIME}",
        works=path is not None,
        needed=True,
        found=path or "not found",
        advice="" if path else INSTALL,
    )
    place = cgroups.find_place()
    yield Finding(
        name="labs: control groups",
        works=place is not None,
        needed=False,
        found="not writable: the process limits hold alone"
        if place is None
        else f"version {place.version}, memory and processes",
        advice=""
        if place
        else "Optional. As root, or with a delegated group, they add a belt.",
    )
    try:
        runtime = find_runtime(Path(settings.DATA_DIR), settings.LABS_RUNTIME)
        box = runtime.start(Limits())
    except LabError as error:
        yield Finding(
            name="labs: a box",
            works=False,
            needed=True,
            found=getattr(error, "feature", str(error)),
            advice=HOW_TO,
        )
        return
    box.close()
    user = (
        "root, which steps down to a uid without rights"
        if os.geteuid() == 0
        else (f"uid {os.geteuid()}")
    )
    yield Finding(
        name="labs: a box",
        works=True,
        needed=True,
        found=f"{runtime.name} on {platform.machine()} as {user}; both filters loaded",
    )
    for what, code in ESCAPES.items():
        yield _refused(runtime.start(Limits()), what, code)
    for what, code, verdict in LIMITS:
        yield _limited(runtime.start(Limits(cpu_seconds=1)), what, code, verdict)


LIMITS = (
    ("CPU time", "while True: pass", Verdict.TIME_LIMIT),
    ("memory", "x = bytearray(1 << 30)", Verdict.MEMORY_LIMIT),
    ("output", "while True: print('x' * 65536)", Verdict.OUTPUT_LIMIT),
)


def _refused(box: Box, what: str, code: str) -> Finding:
    try:
        raised = box.load(code, function="none").raised
    except BoxEndedError as end:
        raised, seen = None, end.message
    else:
        seen = f"{raised.type_name}" if isinstance(raised, Raised) else "allowed"
    finally:
        box.close()
    works = raised is not None
    return Finding(
        name=f"labs: {what} is refused",
        works=works,
        needed=True,
        found=seen,
        advice="" if works else "Do not run labs on this machine.",
    )


def _limited(box: Box, what: str, code: str, verdict: Verdict) -> Finding:
    seen = "no limit"
    try:
        box.load(code, function="none", limits=Limits(cpu_seconds=1, call_seconds=4))
    except BoxEndedError as end:
        seen = end.verdict.value
    finally:
        box.close()
    works = seen == verdict.value
    return Finding(
        name=f"labs: {what} is bounded",
        works=works,
        needed=True,
        found=seen,
        advice="" if works else "Do not run labs on this machine.",
    )
