"""Whatever dies, every submission ends with exactly one score record."""

import contextlib
import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.services.conftest import ROOT, Service

ANSWER = (
    "I would track prompt length and generated tokens, the number of active sequences, "
    "cache bytes per request, evictions, fragmentation, time to first token, tokens per "
    "second and p99 latency by route. This is answer number {}."
)
LAB = (
    ROOT
    / "questions/content/efficient-transformers/items/kv-cache-estimate/lab/reference.py"
).read_text()


@pytest.fixture(autouse=True)
def nothing_left_over(service: Service) -> Iterator[None]:
    service.manage(
        "shell", "--no-imports", "-c",
        "from grading.models import ScoreRecord, Submission\n"
        "ScoreRecord.objects.all().delete(); Submission.objects.all().delete()",
    )  # fmt: skip
    yield
    for name in [name for name in service.running if name != "web"]:
        service.kill(name)


def forget_messages(service: Service) -> None:
    """Lose everything that the broker holds."""
    broker = service.environment.get("BROKER_URL")
    if broker is None:
        for message in Path(service.environment["DATA_DIR"]).glob("broker/messages/*"):
            message.unlink()
        return
    import redis

    redis.Redis.from_url(broker).flushall()


def _hold_sqlite(service: Service) -> Callable[[], None]:
    path = Path(service.environment["DATA_DIR"]) / "db.sqlite3"
    held = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    held.execute("BEGIN IMMEDIATE")

    def release() -> None:
        held.execute("COMMIT")
        held.close()

    return release


def _hold_postgres(url: str) -> Callable[[], None]:
    import psycopg

    held = psycopg.connect(url)
    held.execute("LOCK TABLE grading_submission IN ACCESS EXCLUSIVE MODE")

    def release() -> None:
        held.commit()
        held.close()

    return release


@contextlib.contextmanager
def locked_database(service: Service, seconds: float) -> Iterator[None]:
    """Hold the tables that everybody writes to for some seconds."""
    url = service.environment.get("DATABASE_URL")
    release = _hold_sqlite(service) if url is None else _hold_postgres(url)
    import threading

    timer = threading.Timer(seconds, release)
    timer.start()
    try:
        yield
    finally:
        timer.join()


def test_a_worker_killed_while_it_scores_loses_nothing(service: Service) -> None:
    service.start("grading")
    service.start("labs")
    service.start("schedule")
    ids = [service.submit(ANSWER.format(n)) for n in range(25)]
    service.wait_for(lambda: "done" in service.states().values())

    service.kill("grading")
    service.start("grading")

    service.wait_until_all_done(ids)


def test_a_worker_stopped_in_the_middle_of_an_answer_loses_nothing(
    service: Service,
) -> None:
    service.start("grading")
    service.start("labs")
    warm = service.submit(ANSWER.format("warm"))
    service.wait_for(lambda: service.states()[warm] == "done")
    long_answer = " ".join(ANSWER.format(n) for n in range(90))[:19_900]
    one = service.submit(long_answer)
    # Frozen, then killed, while the answer is in its hands.
    service.wait_for(lambda: service.states()[one] != "queued", 20)
    os.kill(service.running["grading"].pid, signal.SIGSTOP)
    service.kill("grading")

    service.start("grading")
    service.start("schedule")

    service.wait_until_all_done([warm, one])


def test_a_worker_killed_while_a_lab_runs_loses_nothing(service: Service) -> None:
    slow = LAB + "\nimport time\ntime.sleep(1.2)\n"
    service.start("labs")
    ids = [service.submit(slow, "kv-cache-estimate") for _ in range(3)]
    service.wait_for(lambda: "running" in service.states().values())

    service.kill("labs")
    service.start("labs")
    service.start("schedule")

    service.wait_until_all_done(ids)


def test_messages_that_the_broker_forgot_are_sent_again(service: Service) -> None:
    ids = [service.submit(ANSWER.format(n)) for n in range(3)]
    forget_messages(service)

    service.start("grading")
    service.start("labs")
    service.start("schedule")

    service.wait_until_all_done(ids)


def test_a_message_delivered_many_times_scores_once(service: Service) -> None:
    one = service.submit(ANSWER.format("twice"))
    lab = service.submit(LAB, "kv-cache-estimate")
    ring = (
        "import uuid; from grading.doorbell import ring\n"
        f"for _ in range(5): ring(uuid.UUID('{one}'), is_lab=False)\n"
        f"for _ in range(5): ring(uuid.UUID('{lab}'), is_lab=True)\n"
    )
    service.manage("shell", "--no-imports", "-c", ring)

    service.start("grading")
    service.start("labs")

    service.wait_until_all_done([one, lab])
    time.sleep(1)
    assert sorted(service.records()) == sorted([one, lab])


def test_a_database_locked_for_seconds_only_delays(service: Service) -> None:
    service.start("grading")
    service.start("labs")
    service.start("schedule")
    warm = service.submit(ANSWER.format("warm"))
    service.wait_for(lambda: service.states()[warm] == "done")

    with locked_database(service, 3.0):
        later = service.submit(ANSWER.format("while locked"))

    service.wait_until_all_done([warm, later])
