"""Check a lab before it goes out."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from labs.check import faults_of_lab
from labs.core.authored import ContentError
from labs.core.errors import LabError
from labs.folders import lab_files, lab_slugs
from labs.runner import LabRunner


class Command(BaseCommand):
    """``manage.py check_lab [ITEM…]``: exit status 1 when a lab has a fault."""

    help = (
        "Check labs: the reference passes, the starter fails, every mutant is caught"
        " by the reference tests, and no hidden value shows in what learners see."
    )
    requires_system_checks: list[str] = []  # noqa: RUF012 - Django's own shape
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what the command takes."""
        parser.add_argument("item", nargs="*", help="slug or folder; without: all")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check each and say what is wrong."""
        found = 0
        try:
            runner = LabRunner.start(
                runtime=settings.LABS_RUNTIME,
                pool_size=0,
                concurrency=1,
                data_dir=Path(settings.DATA_DIR),
            )
            for item in options["item"] or lab_slugs():
                faults = list(faults_of_lab(lab_files(item), runner.pool))
                found += len(faults)
                self.stdout.write(f"{item}: {'in order' if not faults else ''}")
                for fault in faults:
                    self.stdout.write(f"  {fault}")
        except (ContentError, LabError) as error:
            raise CommandError(str(error)) from error
        if found:
            raise CommandError(f"{found} faults")
