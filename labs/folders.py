"""Lab folders on disk, for commands and tests that work without a database."""

from pathlib import Path

from labs.core.authored import ContentError

CONTENT_DIR = Path(__file__).resolve().parent.parent / "questions" / "content"


def lab_files(item: str) -> dict[str, str]:
    """Give a lab's files by name, for an item's slug or the path of a folder.

    Raises:
        ContentError: There is no such lab.
    """
    folder = Path(item)
    if not (folder / "lab.yaml").is_file():
        found = list(CONTENT_DIR.glob(f"*/items/{folder.name}/lab"))
        if not found:
            raise ContentError(item, 0, "there is no such lab")
        folder = found[0]
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix in (".yaml", ".py", ".md")
    }


def lab_slugs() -> list[str]:
    """Give the slugs of the bundled labs."""
    return sorted(path.parent.name for path in CONTENT_DIR.glob("*/items/*/lab"))
