import pytest
from kv_cache import kv_cache_gib

GIB = 2**30
GOOD = {"layers": 3, "kv_heads": 5, "head_dim": 7, "tokens": 11}


def size(**changed):
    return kv_cache_gib(**{**GOOD, **changed})


@pytest.mark.parametrize(
    "tokens, batch, gib", [(2048, 8, 2), (16384, 8, 16), (4096, 64, 32)]
)
def test_cases_worked_by_hand(tokens, batch, gib):
    assert kv_cache_gib(32, 8, 128, tokens, batch_size=batch) == pytest.approx(gib)


@pytest.mark.parametrize("name", ["layers", "kv_heads", "head_dim", "tokens"])
def test_each_factor_counts_once(name):
    assert size(**{name: GOOD[name] * 6}) == pytest.approx(6 * size(), rel=1e-9)


def test_batch_and_width_count():
    assert size(batch_size=13) == pytest.approx(13 * size(), rel=1e-9)
    assert size(bytes_per_value=1) == pytest.approx(size() / 2, rel=1e-9)
    assert size(bytes_per_value=0.5) == pytest.approx(size() / 4, rel=1e-9)
    assert size(bytes_per_value=1.5) == pytest.approx(size() * 0.75, rel=1e-9)


def test_more_query_heads_change_nothing_but_kv_heads_do():
    mha = kv_cache_gib(32, 32, 128, 4096)
    gqa = kv_cache_gib(32, 8, 128, 4096)
    assert mha == pytest.approx(2.0)
    assert gqa == pytest.approx(0.5)


def test_small_sizes_are_not_rounded():
    expected = 2 * 2 / GIB
    assert kv_cache_gib(1, 1, 1, 1) == pytest.approx(expected, rel=1e-9, abs=0)


def test_defaults():
    assert size() == pytest.approx(2 * 3 * 5 * 7 * 11 * 2 / GIB, rel=1e-9, abs=0)


def test_zero_tokens():
    assert size(tokens=0) == 0


def test_enormous_sizes():
    expected = 2 * 1000 * 1000 * 1024 * 10**9 * 4096 * 2 / GIB
    got = kv_cache_gib(1000, 1000, 1024, 10**9, batch_size=4096)
    assert got == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("bad", [True, False, "3", 3.0, 2.5, None, float("nan")])
@pytest.mark.parametrize(
    "name", ["layers", "kv_heads", "head_dim", "tokens", "batch_size"]
)
def test_counts_are_ints(name, bad):
    with pytest.raises(TypeError):
        size(**{name: bad})


@pytest.mark.parametrize("bad", [0, -1])
@pytest.mark.parametrize("name", ["layers", "kv_heads", "head_dim", "batch_size"])
def test_counts_are_at_least_one(name, bad):
    with pytest.raises(ValueError):
        size(**{name: bad})


def test_tokens_are_not_negative():
    with pytest.raises(ValueError):
        size(tokens=-1)


@pytest.mark.parametrize("bad", [0, -2, -0.5, float("nan"), float("inf"), float("-inf")])
def test_width_is_finite_and_positive(bad):
    with pytest.raises(ValueError):
        size(bytes_per_value=bad)


@pytest.mark.parametrize("bad", [True, "2", None])
def test_width_is_a_number(bad):
    with pytest.raises(TypeError):
        size(bytes_per_value=bad)


def test_calls_do_not_touch_each_other():
    first = size()
    for tokens in (5, 500, 50000):
        size(tokens=tokens, batch_size=3, bytes_per_value=4)
    assert size() == first
    assert size(batch_size=2) == pytest.approx(2 * first, rel=1e-9)
