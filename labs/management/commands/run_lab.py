"""Run a file against a lab by hand: no server, no database."""

import json
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from labs.core.authored import ContentError
from labs.core.errors import LabError
from labs.core.verdict import Verdict
from labs.runner import run_lab


def lab_files(item: str) -> dict[str, str]:
    """Give the files of a lab: a folder, or a bundled item's slug.

    Raises:
        CommandError: There is no such lab.
    """
    folder = Path(item)
    if not (folder / "lab.yaml").is_file():
        bundled = settings.BASE_DIR / "questions" / "content"
        folder = next(iter(bundled.glob(f"*/items/{folder.name}/lab")), folder)
    if not (folder / "lab.yaml").is_file():
        raise CommandError(f"there is no lab {item!r}")
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix in {".py", ".yaml", ".md"}
    }


class Command(BaseCommand):
    """Exit status: 0 passed, 1 any other verdict, 2 could not be run."""

    help = "Run a file against a lab and print verdict, cases and output."
    requires_system_checks: list[str] = []  # noqa: RUF012 - as Django types it

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the lab, the file and the form of the report."""
        parser.add_argument("item", help="a bundled lab's slug, or a lab folder")
        parser.add_argument("file", help="the code; - for standard input")
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--seed", type=int, default=None)
        parser.add_argument("--visible", action="store_true", help="examples only")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it once."""
        code = self._code(options["file"])
        try:
            result = run_lab(
                lab_files(options["item"]),
                code,
                seed=options["seed"],
                visible_only=options["visible"],
            )
        except (LabError, ContentError) as error:
            self.stderr.write(str(error))
            sys.exit(2)
        if options["json"]:
            report = {**result.as_json(), "operator_output": result.operator_output}
            self.stdout.write(json.dumps(report, indent=2))
        else:
            self.stdout.write(f"{result.verdict.value}: {result.message}")
            for case in result.cases:
                self.stdout.write(f"  {case.verdict.value:13} {case.name}")
                if case.feedback:
                    self.stdout.write(f"                {case.feedback}")
            if result.learner_output:
                self.stdout.write(f"printed:\n{result.learner_output}")
        sys.exit(0 if result.verdict is Verdict.PASSED else 1)

    def _code(self, name: str) -> str:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise CommandError(f"{name} is not UTF-8: {error.reason}") from error
