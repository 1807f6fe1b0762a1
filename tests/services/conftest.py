"""A whole service of real processes on a data folder of its own."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Service:
    """Web server, workers and schedule that a test starts, kills and asks."""

    folder: Path
    environment: dict[str, str]
    port: int = field(default_factory=free_port)
    token: str = ""
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def manage(self, *arguments: str, stdin: str = "") -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT, env=self.environment, input=stdin, text=True,
            capture_output=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def prepare(self) -> None:
        self.manage("migrate", "--verbosity", "0")
        self.manage("publish_content")
        script = (
            "from quizsite.prepare import make_folders; make_folders()\n"
            "from quizsite.accounts.models import ApiToken, User\n"
            "user = User.objects.create_user('carol@example.org', 'x' * 12)\n"
            "print(ApiToken.objects.create(user=user, expiry=None, name='t', scope='write')[1])\n"
        )
        self.token = self.manage("shell", "--no-imports", "-c", script).split()[-1]

    def start(self, name: str) -> None:
        celery = [sys.executable, "-m", "celery", "-A", "quizsite"]
        worker = [*celery, "worker", "--loglevel", "warning", "--without-gossip",
                  "--without-mingle", "--without-heartbeat"]  # fmt: skip
        commands = {
            "web": [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{self.port}",
                    "--worker-class", "gthread", "--threads", "4", "quizsite.wsgi"],
            "grading": [*worker, "-Q", "grading", "--pool", "solo", "-n", "grading@%h"],
            "labs": [*worker, "-Q", "labs", "--pool", "threads", "-c", "2", "-n", "labs@%h"],
            "schedule": [*celery, "beat", "--scheduler", "celery.beat:Scheduler",
                         "--pidfile", ""],
        }  # fmt: skip
        log = (self.folder / f"{name}.log").open("ab")
        self.running[name] = subprocess.Popen(
            commands[name], cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL,
            stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
        log.close()
        if name == "web":
            self.wait_for(lambda: self.ask("GET", "/health/ready")[0] == 200)

    def kill(self, name: str) -> None:
        process = self.running.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        for name in list(self.running):
            self.kill(name)

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Content-Type": "application/json",
                **({"Authorization": f"Bearer {self.token}"} if self.token else {}),
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"{}")
        except (urllib.error.URLError, ConnectionError):
            return 0, {}

    def submit(self, answer: str, item: str = "kv-cache-monitoring") -> str:
        status, body = self.ask(
            "POST", "/api/v1/submissions", {"item": item, "answer": answer}
        )
        assert status == 202, body
        return str(body["id"])

    def states(self) -> dict[str, str]:
        _, body = self.ask("GET", "/api/v1/submissions?page_size=200")
        return {row["id"]: row["state"] for row in body["results"]}

    def records(self) -> list[str]:
        _, body = self.ask("GET", "/api/v1/score-records?page_size=200")
        return [row["submission"] for row in body["results"]]

    def wait_for(self, happens: Any, seconds: float = START_SECONDS) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if happens():
                return
            time.sleep(0.1)
        logs = "\n".join(
            f"--- {path.name}\n{path.read_text()[-1500:]}"
            for path in sorted(self.folder.glob("*.log"))
        )
        raise AssertionError(f"did not happen within {seconds} s\n{logs}")

    def wait_until_all_done(self, ids: list[str], seconds: float = 90) -> None:
        def done() -> bool:
            states = self.states()
            return all(states.get(one) == "done" for one in ids)

        self.wait_for(done, seconds)
        assert sorted(self.records()) == sorted(ids), "one record for each submission"


def _environment(folder: Path) -> dict[str, str]:
    kept = {
        k: v
        for k, v in os.environ.items()
        if k not in {"DJANGO_SETTINGS_MODULE", "DATA_DIR"}
    }
    return {
        **kept,
        "DATA_DIR": str(folder / "data"),
        "HF_HUB_OFFLINE": "1",
        "OMP_NUM_THREADS": "1",
        "LOG_LEVEL": "WARNING",
    }


@contextlib.contextmanager
def _postgres(folder: Path) -> Iterator[str]:
    """Run a PostgreSQL server of our own; as `postgres` when we are root."""
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not binaries:
        pytest.skip("PostgreSQL is not installed")
    place = folder / "pg"
    place.mkdir()
    port = free_port()
    step_down: dict[str, Any] = {}
    if os.geteuid() == 0:
        shutil.chown(place, "postgres", "postgres")
        for parent in [folder, *folder.parents]:
            if str(parent).startswith("/tmp/"):
                parent.chmod(parent.stat().st_mode | 0o011)
        step_down = {"user": "postgres", "group": "postgres", "extra_groups": []}
    data = place / "data"
    subprocess.run(
        [binaries[-1] / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "--no-sync"],
        check=True, capture_output=True, cwd="/", **step_down,
    )  # fmt: skip
    server = subprocess.Popen(
        [binaries[-1] / "postgres", "-D", data, "-p", str(port), "-h", "127.0.0.1",
         "-k", str(place), "-c", "fsync=off"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", **step_down,
    )  # fmt: skip
    url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
    try:
        import psycopg

        deadline = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(url).close()
                break
            except psycopg.OperationalError:
                assert time.monotonic() < deadline, "PostgreSQL did not start"
                time.sleep(0.1)
        yield url
    finally:
        server.send_signal(signal.SIGQUIT)
        server.wait(20)


@contextlib.contextmanager
def _redis(folder: Path) -> Iterator[str]:
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("redis-server is not installed")
    port = free_port()
    server = subprocess.Popen(
        [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "",
         "--dir", str(folder)],
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.kill()
        server.wait()


@pytest.fixture(scope="module", params=["embedded", "postgres-redis"])
def service(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp(request.param)
    with contextlib.ExitStack() as stack:
        environment = _environment(folder)
        if request.param == "postgres-redis":
            environment["DATABASE_URL"] = stack.enter_context(_postgres(folder))
            environment["BROKER_URL"] = stack.enter_context(_redis(folder))
        made = Service(folder=folder, environment=environment)
        made.prepare()
        stack.callback(made.stop)
        made.start("web")
        yield made
