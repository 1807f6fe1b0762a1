"""The folder of a test says which tier it is in."""

from pathlib import Path

import pytest

TIERS = ("pure", "db", "model", "sandbox", "services", "browser")
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        tier = item.path.relative_to(HERE).parts[0]
        if tier in TIERS:
            item.add_marker(getattr(pytest.mark, tier))
