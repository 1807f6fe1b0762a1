"""Where the site meets the labs: one pool of boxes for the whole process.

Nothing starts at import. The pool is made at first use, again after a fork.
"""

import atexit
import os
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from labs import cgroups
from labs.core.errors import LabError
from labs.core.feedback import written_call
from labs.core.judge import arguments_of
from labs.core.load import load_lab
from labs.core.spec import LabSpec
from labs.core.verdict import RunResult, Verdict
from labs.models import LabRun
from labs.orphans import end_orphans
from labs.pool import Pool, Turns
from labs.run import run_code
from labs.run_tests import run_tests
from labs.sandbox import find_runtime

SEED_BITS = 53  # what JSON numbers carry exactly
_lock = threading.Lock()


@dataclass(slots=True)
class LabRunner:
    """Runs labs with a pool of ready boxes, fairly between people.

    Attributes:
        pool: Ready boxes.
        turns: The bound on runs at once.
    """

    pool: Pool
    turns: Turns

    @classmethod
    def start(
        cls, *, runtime: str, pool_size: int, concurrency: int, data_dir: Path
    ) -> "LabRunner":
        """Start the pool.

        Raises:
            SandboxUnavailableError: Names what is missing.
        """
        found = find_runtime(data_dir, runtime)
        end_orphans()
        cgroups.sweep()
        return cls(Pool(found, size=pool_size), Turns(concurrency))

    def run_lab(
        self,
        spec: LabSpec,
        code: str,
        *,
        seed: int,
        visible_only: bool = False,
        fair_key: str = "",
    ) -> RunResult:
        """Run code, or tests, for a lab.

        Args:
            spec: The lab.
            code: What somebody wrote.
            seed: The hidden inputs are drawn from it.
            visible_only: Only what the learner may see, as a try.
            fair_key: Whose run it is: free turns go round these.

        Raises:
            SandboxUnavailableError: There is no isolation here; nothing was run.
            LabError: The lab itself is at fault.
        """
        run = run_tests if spec.is_test_lab else run_code
        with self.turns.turn(fair_key):
            return run(spec, code, seed=seed, pool=self.pool, visible_only=visible_only)


_runners: dict[int, LabRunner] = {}


def spec_of(files: Mapping[str, str]) -> LabSpec:
    """Give the lab that some files make, read once for each content: that is slow."""
    return _spec(tuple(sorted(files.items())))


@lru_cache(maxsize=64)
def _spec(files: tuple[tuple[str, str], ...]) -> LabSpec:
    return load_lab(dict(files))


def process_runner() -> LabRunner:
    """Give this process's runner, started at first use.

    Raises:
        SandboxUnavailableError: Names what is missing.
    """
    with _lock:
        runner = _runners.get(os.getpid())
        if runner is None:
            runner = LabRunner.start(
                runtime=settings.LABS_RUNTIME,
                pool_size=settings.LABS_POOL_SIZE,
                concurrency=settings.LABS_CONCURRENCY,
                data_dir=Path(settings.DATA_DIR),
            )
            _runners[os.getpid()] = runner
            atexit.register(runner.pool.close)
    return runner


def warm_up() -> None:
    """Start the pool before the first submission comes.

    Raises:
        SandboxUnavailableError: Names what is missing.
    """
    process_runner()


def run_submission(
    *, lab: str, files: Mapping[str, str], code: str, fair_key: str
) -> tuple[LabRun, dict[str, Any]]:
    """Judge a submission; gives a row to save, and what its author may see.

    Raises:
        SandboxUnavailableError: There is no isolation here; nothing was run.
        LabError: Our fault: it counts as no attempt and may be tried again.
    """
    result = _run(files, code, fair_key, visible_only=False)
    if result.verdict is Verdict.INTERNAL_ERROR:
        raise LabError(result.message)
    shown = result.as_json()
    run = LabRun(
        lab=lab,
        spec_hash=result.spec_hash,
        seed=result.seed,
        verdict=result.verdict.value,
        result=shown,
        operator_output=result.operator_output,
        wall_ms=result.timings.get("total_ms", 0.0),
    )
    return run, shown


def run_visible(
    *, lab: str, files: Mapping[str, str], code: str, fair_key: str
) -> dict[str, Any]:
    """Try code on what its author may see; counts as no submission.

    Raises:
        SandboxUnavailableError: There is no isolation here; nothing was run.
        LabError: Our fault.
    """
    return _run(files, code, fair_key, visible_only=True).as_json()


def _run(
    files: Mapping[str, str], code: str, fair_key: str, *, visible_only: bool
) -> RunResult:
    return process_runner().run_lab(
        spec_of(files),
        code,
        seed=secrets.randbits(SEED_BITS),
        visible_only=visible_only,
        fair_key=fair_key,
    )


def describe_lab(files: Mapping[str, str]) -> dict[str, Any]:
    """Give what a page may show of a lab: starter, visible examples, hints."""
    spec = spec_of(files)
    return {
        "starter": spec.starter,
        "hints": list(spec.hints),
        "is_test_lab": spec.is_test_lab,
        "examples": [
            {
                "name": case.name,
                "call": written_call(
                    spec.function, *arguments_of(spec, case.arguments)
                ),
                "gives": "" if case.expected is None else repr(case.expected.value),
            }
            for case in spec.examples
        ],
        "programs": len(spec.mutants),
    }
