import pytest
from kv_cache import kv_cache_gib


def test_something():
    # Replace this: it passes on every program, so it catches nothing.
    assert True
