import pytest


def test_short_chat():
    assert kv_cache_gib(32, 8, 128, 2048, batch_size=8) == pytest.approx(2.0)
