"""Run a file against a lab by hand: no server, no database."""

import json
import secrets
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from labs.core.authored import ContentError
from labs.core.errors import LabError
from labs.core.load import load_lab
from labs.core.verdict import RunResult
from labs.folders import lab_files
from labs.runner import SEED_BITS, LabRunner


class Command(BaseCommand):
    """``manage.py run_lab ITEM FILE [--json]``.

    Exit status: 0 when the run came to a verdict, whatever it is; 1 when it could
    not be run (no isolation here, or the lab is at fault); 2 for wrong arguments.
    """

    help = (
        "Run FILE against the lab ITEM and print verdict, cases and output."
        " Exit status 0: there is a verdict, whatever it is; 1: it could not be run."
    )
    requires_system_checks: list[str] = []  # noqa: RUF012 - Django's own shape
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what the command takes."""
        parser.add_argument("item", help="slug of a bundled lab, or a lab folder")
        parser.add_argument("file", type=Path, help="the code to run")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument(
            "--seed", type=int, help="draw the inputs of an earlier run"
        )
        parser.add_argument("--visible", action="store_true", help="only the examples")
        parser.add_argument("--warm", action="store_true", help="wait for a ready box")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it."""
        seed = options["seed"]
        if seed is None:
            seed = secrets.randbits(SEED_BITS)
        try:
            code = options["file"].read_bytes().decode("utf-8", "surrogateescape")
            spec = load_lab(lab_files(options["item"]))
            runner = LabRunner.start(
                runtime=settings.LABS_RUNTIME,
                pool_size=int(options["warm"]),
                concurrency=1,
                data_dir=Path(settings.DATA_DIR),
            )
            try:
                result = runner.run_lab(
                    spec, code, seed=seed, visible_only=options["visible"]
                )
            finally:
                runner.pool.close()
        except (OSError, ContentError, LabError) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            shown = {**result.as_json(), "operator_output": result.operator_output}
            self.stdout.write(json.dumps(shown))
        else:
            self._write(result)

    def _write(self, result: RunResult) -> None:
        self.stdout.write(f"verdict: {result.verdict.value}")
        self.stdout.write(f"score:   {result.score_share:.0%} (seed {result.seed})")
        self.stdout.write(result.message)
        for case in result.cases:
            verdict = case.verdict.value if case.verdict else "not run"
            self.stdout.write(f"  {verdict:12} {case.name}")
            if case.called:
                self.stdout.write(f"               {case.called} -> {case.returned}")
            if case.feedback and not case.passed:
                self.stdout.write(f"               {case.feedback}")
        self.stdout.write("--- output the learner may see\n" + result.learner_output)
        self.stdout.write("--- output only for operators\n" + result.operator_output)
