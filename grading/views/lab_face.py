"""What a candidate may see of a lab before and while solving it."""

from functools import lru_cache
from typing import Any

from labs.runner import describe_lab
from questions.models import ItemVersion


def face_of(version: ItemVersion) -> dict[str, Any]:
    """Give a lab's starter, visible examples and hints; nothing of its tests."""
    return _face(tuple(sorted(version.content["lab_files"].items())))


@lru_cache(maxsize=64)
def _face(files: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    return describe_lab(dict(files))
