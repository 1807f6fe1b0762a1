"""Lab runs against a bare interpreter: cold, warm and bare in one run, as ratios; memory.

.venv/bin/python benchmarks/bench_labs.py             times and ratios
.venv/bin/python benchmarks/bench_labs.py --crowd     200 submissions of 20 people
"""

import argparse
import collections
import concurrent.futures
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from labs.core.judge import arguments_of, plan_calls
from labs.core.load import load_lab
from labs.core.spec import LabSpec
from labs.folders import lab_files
from labs.pool import Pool, Turns
from labs.run import bank_for, run_code
from labs.sandbox import find_runtime

SUBMISSIONS = Path(__file__).resolve().parent.parent / "tests/sandbox/submissions"
BARE = """
import sys
exec(compile(open(sys.argv[1]).read(), "solution.py", "exec"))
nan, inf = float("nan"), float("inf")
for positional, named in eval(open(sys.argv[2]).read()):
    try:
        kv_cache_gib(*positional, **named)
    except (TypeError, ValueError):
        pass
"""


def bare_files(spec: LabSpec, pool: Pool, folder: Path) -> list[str]:
    """Write the same calls down for a plain interpreter without any isolation."""
    plan = plan_calls(spec, bank_for(spec, pool), 1, visible_only=False)
    calls = [arguments_of(spec, call.arguments) for call in plan.calls]
    names = {"bare.py": BARE, "solution.py": spec.reference, "calls.txt": repr(calls)}
    for name, text in names.items():
        (folder / name).write_text(text)
    print(f"{len(calls)} calls a run")
    python = Path(sys.base_prefix) / "bin/python3"
    return [str(python), "-I", *(str(folder / name) for name in names)]


def milliseconds(times: list[float]) -> str:
    """Give median, fastest and slowest tenth."""
    ordered = sorted(1000 * t for t in times)
    return (
        f"median {statistics.median(ordered):6.1f} ms   min {ordered[0]:6.1f}"
        f"   p90 {ordered[int(len(ordered) * 0.9)]:6.1f}"
    )


def settle(pool: Pool) -> None:
    """Wait until a box is ready, as between two submissions of a quiet site."""
    while not pool.ready():
        time.sleep(0.002)


def compare(rounds: int, data_dir: Path) -> None:
    """Time the three, taking turns, so that a busy machine is busy for all."""
    spec = load_lab(lab_files("kv-cache-estimate"))
    runtime = find_runtime(data_dir)
    cold_pool, warm_pool = Pool(runtime, size=0), Pool(runtime, size=1)
    times: dict[str, list[float]] = collections.defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        command = bare_files(spec, cold_pool, Path(folder))
        for _ in range(rounds):
            settle(warm_pool)
            for name, act in (
                ("bare", lambda: subprocess.run(command, check=True)),
                (
                    "warm",
                    lambda: run_code(spec, spec.reference, seed=1, pool=warm_pool),
                ),
                (
                    "cold",
                    lambda: run_code(spec, spec.reference, seed=1, pool=cold_pool),
                ),
            ):
                settle(warm_pool)
                started = time.perf_counter()
                act()
                times[name].append(time.perf_counter() - started)
    bare = statistics.median(times["bare"])
    for name in ("bare", "warm", "cold"):
        ratio = statistics.median(times[name]) / bare
        print(f"{name}:  {milliseconds(times[name])}   {ratio:.2f} times bare")
    settle(warm_pool)
    print(f"memory of a waiting box: {box_memory() / 2**20:.1f} MiB (private)")
    warm_pool.close()


def box_memory() -> int:
    """Give the private memory of the interpreter in a waiting box."""
    for folder in Path("/proc").iterdir():
        try:
            if b"/usr/bin/python3\0-I\0-S" in (folder / "cmdline").read_bytes()[:40]:
                lines = (folder / "smaps_rollup").read_text().splitlines()
                private = [ln for ln in lines if ln.startswith("Private_")]
                return 1024 * sum(int(line.split()[1]) for line in private)
        except (OSError, IndexError):
            continue
    return 0


def crowd(data_dir: Path, people: int = 20, each: int = 10) -> None:
    """Have 20 people send 10 submissions each at once; say if any went wrong."""
    spec = load_lab(lab_files("kv-cache-estimate"))
    items = json.loads((SUBMISSIONS / "index.json").read_text())["items"]
    chosen = [i for i in items if i.get("verdict_in") in (["passed"], ["failed"])]
    pool, turns = Pool(find_runtime(data_dir), size=2), Turns(2)
    bank_for(spec, pool)
    ends: dict[int, list[float]] = collections.defaultdict(list)
    started = time.perf_counter()

    def submit(number: int) -> bool:
        person, item = number % people, chosen[number % len(chosen)]
        code = (SUBMISSIONS / item["file"]).read_text()
        with turns.turn(str(person)):
            result = run_code(spec, code, seed=number, pool=pool)
        ends[person].append(time.perf_counter() - started)
        return result.verdict.value in item["verdict_in"]

    # One person's ten are all sent before the next person's first.
    order = [person + people * k for person in range(people) for k in range(each)]
    with concurrent.futures.ThreadPoolExecutor(len(order)) as senders:
        right = list(senders.map(submit, order))
    seconds = time.perf_counter() - started
    first = [min(times) for times in ends.values()]
    last = [max(times) for times in ends.values()]
    print(f"{len(right)} submissions of {people} people, 2 at once: {seconds:.1f} s")
    print(f"right verdicts: {sum(right)} of {len(right)}")
    print(f"first verdict of a person after {min(first):.2f} to {max(first):.2f} s")
    print(f"last verdict of a person after {min(last):.2f} to {max(last):.2f} s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of the worker: {peak:.0f} MiB")
    pool.close()


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--crowd", action="store_true")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--data-dir", type=Path, default=Path("data"))
    options = parser.parse_args()
    load = os.getloadavg()[0]
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {load:.1f}")
    if options.crowd:
        crowd(options.data_dir)
    else:
        compare(options.rounds, options.data_dir)


if __name__ == "__main__":
    main()
