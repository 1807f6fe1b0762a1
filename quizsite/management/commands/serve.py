"""Run everything on one machine: web server, workers and schedule."""

import fcntl
import io
import os
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from typing import IO, Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from quizsite.prepare import collect_static, first_account, make_folders
from quizsite.supervise import Supervisor

READY_SECONDS = 60


class Command(BaseCommand):
    """Prepare the data folder, start web, workers and schedule, print the address."""

    help = "Start the whole service on this machine; Ctrl-C stops every process."
    requires_system_checks: list[str] = []  # noqa: RUF012 - as Django types it

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the address to listen on."""
        parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
        parser.add_argument(
            "--port", type=int, default=int(os.environ.get("PORT", "8000"))
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse a second start kindly; else prepare and run until stopped."""
        host, port = options["host"], options["port"]
        make_folders()
        lock = _only_one()
        if lock is None:
            running = (settings.DATA_DIR / "address").read_text("ascii")
            self.stdout.write(f"Already running at {running}")
            return
        if not _is_free(host, port):
            raise CommandError(
                f"Port {port} on {host} is in use by another program. "
                "Choose another one: ./start --port 8001"
            )
        address = f"http://{'localhost' if host == '127.0.0.1' else host}:{port}/"
        (settings.DATA_DIR / "address").write_text(address, "ascii")
        self._prepare()
        supervisor = self._supervisor(host, port)
        threading.Thread(target=self._announce, args=(address,), daemon=True).start()
        supervisor.run()
        self.stdout.write("Stopped.")

    def _prepare(self) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        published = io.StringIO()
        call_command("publish_content", stdout=published)
        lines = published.getvalue().splitlines()
        if not lines[-1].endswith("nothing changed"):
            self.stdout.write(f"Module published: {len(lines)} changes.")
        if collect_static():
            self.stdout.write("Style and script files gathered.")
        made = first_account()
        if made is not None:
            email, password = made
            shown = "set by you" if os.environ.get("ADMIN_PASSWORD") else password
            self.stdout.write(
                f"\n  First account:  {email}\n  Password:       {shown}\n"
                "  (shown only now; change it under Account)\n"
            )

    def _supervisor(self, host: str, port: int) -> Supervisor:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": os.environ.get(
                "DJANGO_SETTINGS_MODULE", "quizsite.settings"
            ),
            # One thread each: answers are scored side by side by processes.
            "OMP_NUM_THREADS": "1",
            "TOKENIZERS_PARALLELISM": "false",
            "HF_HUB_OFFLINE": "1",
            "HF_HUB_DISABLE_PROGRESS_BARS": "1",
            # A laptop's one user may well be root, in a container say.
            "PYTHONWARNINGS": "ignore:You're running the worker",
        }
        supervisor = Supervisor(environment)
        python = [sys.executable, "-m"]
        web = ["--bind", f"{host}:{port}", "--worker-class", "gthread"]
        web += ["--workers", "1", "--threads", "8", "--no-control-socket"]
        web += ["--log-level", "warning", "quizsite.wsgi:application"]
        supervisor.add("web", [*python, "gunicorn", *web])
        celery = [*python, "celery", "--quiet", "-A", "quizsite"]
        quiet = ["--loglevel", "warning", "--without-gossip", "--without-mingle"]
        quiet += ["--without-heartbeat"]
        for queue, pool in (
            ("grading", ["--pool", "solo"]),
            ("labs", ["--pool", "threads", "-c", str(settings.LABS_CONCURRENCY)]),
        ):
            name = ["--hostname", f"{queue}@%h"]
            command = [*celery, "worker", "-Q", queue, *pool, *name, *quiet]
            supervisor.add(f"{queue} worker", command)
        beat = ["beat", "--loglevel", "warning", "--pidfile", ""]
        beat += ["--scheduler", "celery.beat:Scheduler"]
        supervisor.add("schedule", [*celery, *beat])
        return supervisor

    def _announce(self, address: str) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{address}health/ready", timeout=2):  # noqa: S310 - our own address
                    self.stdout.write(f"\nReady: {address}\nCtrl-C stops everything.\n")
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        self.stderr.write(f"{address} does not answer; see the messages above.")


def _only_one() -> IO[str] | None:
    """Hold the data folder's lock, or None when another `serve` holds it."""
    lock = (settings.DATA_DIR / "serve.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return None
    return lock


def _is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
