"""Check the authored modules and publish what changed."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from labs.core.authored import ContentError
from questions.content_files import CONTENT_DIR, module_folders, read_module
from questions.publish import publish_module


class Command(BaseCommand):
    """Publish content folders into immutable versions; harmless when repeated."""

    help = "Check authored modules and publish what changed as new versions."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take a content folder, and whether to check only."""
        parser.add_argument("--content", type=Path, default=CONTENT_DIR)
        parser.add_argument(
            "--check", action="store_true", help="read and check, publish nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read every module before the first is published."""
        try:
            modules = [read_module(path) for path in module_folders(options["content"])]
        except ContentError as error:
            raise CommandError(str(error)) from error
        if not modules:
            raise CommandError(f"no module below {options['content']}")
        for module in modules:
            count = len(module.items)
            if options["check"]:
                self.stdout.write(f"{module.slug}: {count} items, nothing wrong")
                continue
            changes = publish_module(module).changes
            for change in changes:
                self.stdout.write(change)
            if not changes:
                self.stdout.write(f"{module.slug}: {count} items, nothing changed")
