"""What isolation this machine really gives: every feature and limit, by trying it."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from labs.core.errors import LabError
from labs.core.protocol import Raised
from labs.core.spec import Limits
from labs.sandbox import BoxEndedError, Launcher

ADVICE = (
    "Install bubblewrap (apt-get install bubblewrap) and allow unprivileged user "
    "namespaces (sysctl kernel.unprivileged_userns_clone=1); see "
    "docs/explanation/sandbox.md. Until then labs are refused; the rest works."
)
# name, what is tried inside, the exceptions that show that it is refused
TRIES = (
    ("network", "import socket\nsocket.socket()", {"OSError", "PermissionError"}),
    ("new processes", "import os\nos.fork()", {"OSError", "PermissionError", "BlockingIOError"}),
    ("other programs", "import os\nos.execv('/usr/bin/python3', ['x'])", {"PermissionError"}),
    ("host files", "open('/etc/passwd')", {"FileNotFoundError"}),
    ("writing files", "open('/x', 'w')", {"OSError", "PermissionError"}),
    ("signals to others", "import os\nos.kill(1, 9)", {"PermissionError"}),
    ("raising limits", "import resource\nresource.setrlimit(resource.RLIMIT_AS, (-1, -1))",
     {"ValueError", "PermissionError", "OSError"}),
)  # fmt: skip
SPIN, GROW, FLOOD = "while True: pass", "x = ' ' * 2**34", "while True: print('x' * 10**6)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One feature that was tried.

    Attributes:
        works: Whether it holds.
        needed: Whether labs are refused without it.
        found: What was seen.
        advice: What to do about it; empty when it holds.
    """

    name: str
    works: bool
    needed: bool
    found: str
    advice: str = ""


def probe_sandbox() -> Iterator[Probe]:
    """Try isolation in real boxes, and each limit by running into it."""
    try:
        launcher = Launcher.for_this_machine(settings.DATA_DIR, settings.LABS_RUNTIME)
        launcher.start(Limits()).close()
    except LabError as error:
        yield Probe(
            name="isolation", works=False, needed=True, found=str(error), advice=ADVICE
        )
        return
    yield Probe(
        name="isolation", works=True, needed=True, found=f"{launcher.bwrap} starts a box"
    )
    for name, code, refusals in TRIES:
        outcome = _outcome(launcher, code, Limits())
        holds = isinstance(outcome, Raised) and outcome.type_name in refusals
        said = outcome.type_name if isinstance(outcome, Raised) else repr(outcome)
        yield _held(f"no {name}", holds, said)
    for name, code, words in (
        ("time limit", SPIN, {"time limit"}),
        ("memory limit", GROW, {"memory limit"}),
        ("output limit", FLOOD, {"output limit"}),
    ):
        outcome = _outcome(launcher, code, Limits(cpu_seconds=1, call_seconds=1.0))
        said = outcome.verdict.value if isinstance(outcome, BoxEndedError) else repr(outcome)
        yield _held(name, said in words, said)
    yield Probe(
        name="cgroups",
        works=True,
        needed=False,
        found="not used: one process without fork is bounded by its own limits "
        f"({'writable here' if _cgroups_writable() else 'not writable here'})",
    )


def _held(name: str, holds: bool, said: str) -> Probe:  # noqa: FBT001 - one call site
    advice = "" if holds else "Do not serve labs from this machine; report this."
    return Probe(name=name, works=holds, needed=True, found=said, advice=advice)


def _outcome(launcher: Launcher, code: str, limits: Limits) -> object:
    box = launcher.start(limits)
    try:
        return box.load(code)
    except BoxEndedError as error:
        return error
    finally:
        box.close()


def _cgroups_writable() -> bool:
    places = (Path("/sys/fs/cgroup/memory"), Path("/sys/fs/cgroup"))
    return any(place.is_dir() and os.access(place, os.W_OK) for place in places)
