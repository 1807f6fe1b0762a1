"""The process-wide way to run labs: one launcher, one pool, one oracle, fair turns."""

import secrets
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings

from labs.core.errors import LabError
from labs.core.load import load_lab
from labs.core.spec import LabSpec
from labs.core.verdict import RunResult, Verdict
from labs.models import LabRun
from labs.pool import BoxPool
from labs.run import Oracle, run_code
from labs.run_tests import run_tests
from labs.sandbox import Launcher

SEED_BITS = 31


@dataclass(slots=True)
class Bench:
    """What this process runs labs with."""

    pool: BoxPool
    oracle: Oracle


_bench: Bench | None = None
_bench_lock = threading.Lock()
_turns = threading.Condition()
_running: Counter[str] = Counter()
_waiting: list[tuple[int, str]] = []


def bench() -> Bench:
    """Give the process's bench, made on first use.

    Raises:
        SandboxUnavailableError: This machine cannot isolate a run.
    """
    global _bench  # noqa: PLW0603 - one for each process is the point
    with _bench_lock:
        if _bench is None:
            launcher = Launcher.for_this_machine(
                settings.DATA_DIR, settings.LABS_RUNTIME
            )
            pool = BoxPool(launcher=launcher, size=settings.LABS_POOL_SIZE)
            _bench = Bench(pool=pool, oracle=Oracle(start=pool.take))
        return _bench


def warm_up() -> None:
    """Start keeping boxes ready; a machine without isolation says so on each run."""
    try:
        bench().pool.fill()
    except LabError:
        return


@lru_cache(maxsize=64)
def _spec(files: tuple[tuple[str, str], ...]) -> LabSpec:
    return load_lab(dict(files))


def spec_of(files: Mapping[str, str]) -> LabSpec:
    """Give the lab that some files make; read once for each content."""
    return _spec(tuple(sorted(files.items())))


def run_lab(
    files: Mapping[str, str],
    code: str,
    *,
    fair_key: str = "",
    visible_only: bool = False,
    seed: int | None = None,
) -> RunResult:
    """Run code against a lab.

    Args:
        files: The lab's files by name.
        code: What the learner wrote.
        fair_key: Who it is for: nobody gets a second turn while others wait.
        visible_only: Only what the learner may see, for trying.
        seed: Where drawn inputs come from; None takes a new one.

    Raises:
        LabError: A fault of ours; no verdict on the code.
    """
    spec = spec_of(files)
    tools = bench()
    drawn = secrets.randbits(SEED_BITS) if seed is None else seed
    with _turn(fair_key):
        if spec.is_test_lab:
            return run_tests(
                spec, code, seed=drawn, start=tools.pool.take, visible_only=visible_only
            )
        return run_code(
            spec,
            code,
            seed=drawn,
            start=tools.pool.take,
            oracle=tools.oracle,
            visible_only=visible_only,
        )


def run_submission(
    *, lab: str, files: Mapping[str, str], code: str, fair_key: str
) -> tuple[LabRun, dict[str, Any]]:
    """Run a submission; gives the run to be stored and its result as JSON.

    Raises:
        LabError: A fault of ours; the submission is tried again.
    """
    result = run_lab(files, code, fair_key=fair_key)
    if result.verdict is Verdict.INTERNAL_ERROR:
        raise LabError(result.message)
    shown = result.as_json()
    run = LabRun(
        lab=lab,
        spec_hash=spec_of(files).hash,
        seed=result.seed,
        verdict=result.verdict.value,
        result=shown,
        operator_output=result.operator_output,
        wall_ms=result.timings.get("total", 0.0),
    )
    return run, shown


def run_visible(
    *, lab: str, files: Mapping[str, str], code: str, fair_key: str
) -> dict[str, Any]:
    """Run code on what the learner may see; nothing is stored."""
    return run_lab(files, code, fair_key=fair_key, visible_only=True).as_json()


@contextmanager
def _turn(key: str) -> Iterator[None]:
    """Wait for a turn: at most so many at once, and the least served go first."""
    with _turns:
        ticket = (_running[key], key)
        _waiting.append(ticket)
        while (
            _running.total() >= settings.LABS_CONCURRENCY
            or min(_waiting, key=lambda t: _running[t[1]]) != ticket
            and _running[key] > 0
        ):
            _turns.wait()
        _waiting.remove(ticket)
        _running[key] += 1
    try:
        yield
    finally:
        with _turns:
            _running[key] -= 1
            if not _running[key]:
                del _running[key]
            _turns.notify_all()
