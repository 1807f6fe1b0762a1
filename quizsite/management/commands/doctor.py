"""Say what works on this machine and what to do about what does not."""

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from quizsite.doctor import State, examine
from quizsite.prepare import make_folders


class Command(BaseCommand):
    """Exit status 0 when nothing is a problem, else 1."""

    help = "Try database, broker, disk, models and sandbox, and advise."
    requires_system_checks: list[str] = []  # noqa: RUF012 - as Django types it

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the form of the report."""
        parser.add_argument("--json", action="store_true", help="for other programs")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print every check as it is made."""
        make_folders()
        checks = []
        for check in examine():
            checks.append(check)
            if not options["json"]:
                style = {
                    State.OK: self.style.SUCCESS,
                    State.WARNING: self.style.WARNING,
                    State.PROBLEM: self.style.ERROR,
                }[check.state]
                self.stdout.write(
                    f"{style(check.state.ljust(8))} {check.name}: {check.found}"
                )
                if check.advice:
                    self.stdout.write(f"         {check.advice}")
        if options["json"]:
            self.stdout.write(json.dumps([asdict(check) for check in checks], indent=2))
        if any(check.state is State.PROBLEM for check in checks):
            sys.exit(1)
