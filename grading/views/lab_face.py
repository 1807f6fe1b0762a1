"""What a candidate may see of a lab before and while solving it."""

from typing import Any

from labs.runner import describe_lab
from questions.models import ItemVersion


def face_of(version: ItemVersion) -> dict[str, Any]:
    """Give a lab's starter, visible examples and hints; nothing of its tests."""
    return describe_lab(version.content["lab_files"])
