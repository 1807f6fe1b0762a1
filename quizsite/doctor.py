"""Try what the service needs on this machine, and say what to do about the rest."""

import os
import shutil
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from celery import current_app
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from kombu.exceptions import KombuError, OperationalError

from grading.core.errors import ModelIntegrityError
from grading.grader import check as check_grader
from grading.queries import oldest_waiting_seconds
from labs.probe import probe_sandbox

LEAST_FREE_BYTES = 500_000_000  # below it a busy day may fill the disk
LONG_WAIT_SECONDS = 60.0  # an answer that waits longer says that no worker runs


class State(StrEnum):
    """How a finding is to be taken."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was tried.

    Attributes:
        name: What it is.
        state: Whether it works.
        found: What was seen.
        advice: What to do about it; empty when it works.
    """

    name: str
    state: State
    found: str
    advice: str = ""


def examine() -> Iterator[Check]:
    """Try everything; a check that breaks is reported, not raised."""
    checks: tuple[Callable[[], Iterator[Check]], ...] = (
        _database,
        _broker,
        _disk,
        _grader,
        _sandbox,
        _queue,
    )
    for check in checks:
        try:
            yield from check()
        except Exception as error:  # noqa: BLE001 - a doctor that faints helps nobody
            yield Check(
                name=check.__name__.strip("_"),
                state=State.PROBLEM,
                found=f"the check itself broke: {error}",
            )


def _database() -> Iterator[Check]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        executor = MigrationExecutor(connection)
        behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        yield Check(
            name="database",
            state=State.PROBLEM,
            found=str(error).strip(),
            advice="Check DATABASE_URL, and that the server runs.",
        )
        return
    version = connection.vendor
    if connection.vendor == "sqlite":
        version = f"SQLite {sqlite3.sqlite_version}"
    if behind:
        yield Check(
            name="database",
            state=State.PROBLEM,
            found=f"{version}, {len(behind)} migrations behind",
            advice="Run: manage.py migrate",
        )
        return
    yield Check(name="database", state=State.OK, found=f"{version}, up to date")


def _broker() -> Iterator[Check]:
    shown = settings.BROKER_URL.split("@")[-1]
    queue = f"doctor-{uuid.uuid4().hex[:8]}"
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=3)
            simple = broker.SimpleQueue(queue)
            simple.put("ring")
            heard = simple.get(timeout=3)
            heard.ack()
            simple.close()
    except (OperationalError, KombuError, OSError) as error:
        yield Check(
            name="broker",
            state=State.PROBLEM,
            found=f"{shown}: {error}",
            advice="Check BROKER_URL. Answers are kept and scored once it is back.",
        )
        return
    yield Check(name="broker", state=State.OK, found=f"{shown}, a message came back")


def _disk() -> Iterator[Check]:
    folder = settings.DATA_DIR
    free = shutil.disk_usage(folder).free
    found = f"{free / 1e9:.1f} GB free in the data folder"
    if not os.access(folder, os.W_OK):
        yield Check(
            name="disk",
            state=State.PROBLEM,
            found="the data folder is read-only",
            advice="Give this user write access to DATA_DIR.",
        )
    elif free < LEAST_FREE_BYTES:
        yield Check(
            name="disk",
            state=State.WARNING,
            found=found,
            advice="Free some space: a full disk refuses answers.",
        )
    else:
        yield Check(name="disk", state=State.OK, found=found)


def _grader() -> Iterator[Check]:
    try:
        identity = check_grader()
    except ModelIntegrityError as error:
        yield Check(
            name="models",
            state=State.PROBLEM,
            found=str(error),
            advice="Install the packages again: rm -r .venv && ./start",
        )
        return
    for name, value in identity.items():
        yield Check(name=f"models: {name}", state=State.OK, found=value)


def _sandbox() -> Iterator[Check]:
    for found in probe_sandbox():
        state = State.OK if found.works else State.PROBLEM
        if not found.works and not found.needed:
            state = State.WARNING
        yield Check(
            name=f"sandbox: {found.name}",
            state=state,
            found=found.found,
            advice=found.advice,
        )


def _queue() -> Iterator[Check]:
    waited = oldest_waiting_seconds()
    if waited is None or waited < LONG_WAIT_SECONDS:
        found = "nothing waits" if waited is None else f"oldest waits {waited:.0f} s"
        yield Check(name="queue", state=State.OK, found=found)
        return
    yield Check(
        name="queue",
        state=State.WARNING,
        found=f"an answer has waited for {waited:.0f} s",
        advice="Start a worker: ./start, or celery -A quizsite worker",
    )
