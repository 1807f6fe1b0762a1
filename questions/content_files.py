"""Read authored modules from their folders."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from labs.core.authored import ContentError
from questions.core.item import CourseModule, Item
from questions.core.load import load_module

CONTENT_DIR = Path(__file__).resolve().parent / "content"
LARGEST_FILE = 1_000_000  # bytes: an authored text beyond it is a mistake


def read_folder(folder: Path) -> dict[str, str]:
    """Give every text file below a folder, by its path with ``/``.

    Raises:
        ContentError: A file is not UTF-8, or larger than a megabyte.
    """
    files: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not path.is_file() or "__pycache__" in path.parts or path.name[0] == ".":
            continue
        if path.stat().st_size > LARGEST_FILE:
            raise ContentError(name, 0, f"larger than {LARGEST_FILE} bytes")
        try:
            files[name] = path.read_text("utf-8")
        except UnicodeDecodeError as error:
            raise ContentError(name, 0, f"not UTF-8: {error.reason}") from error
    return files


def module_folders(content_dir: Path = CONTENT_DIR) -> Iterator[Path]:
    """Give the folders that hold a module."""
    for marker in sorted(content_dir.glob("*/module.yaml")):
        yield marker.parent


def read_module(folder: Path) -> CourseModule:
    """Read and check one module.

    Raises:
        ContentError: With file and line.
    """
    return load_module(read_folder(folder))


@cache
def bundled_items() -> dict[str, Item]:
    """Give the bundled items by slug, read once per process; no database."""
    return {
        item.slug: item
        for folder in module_folders()
        for item in read_module(folder).items
    }
