import math

import pytest

CASE = (32, 8, 128, 2048)


@pytest.mark.parametrize("tokens, batch, gib", [(2048, 8, 2.0), (16384, 8, 16.0), (4096, 64, 32.0)])
def test_cases_worked_by_hand(tokens, batch, gib):
    assert kv_cache_gib(32, 8, 128, tokens, batch_size=batch, bytes_per_value=2) == pytest.approx(gib)


def test_defaults_are_one_sequence_of_two_bytes():
    assert kv_cache_gib(*CASE) == pytest.approx(0.25)


def test_small_and_odd_sizes_are_not_rounded():
    assert kv_cache_gib(1, 1, 1, 1) == pytest.approx(4 / 2**30, rel=1e-9)
    assert kv_cache_gib(3, 5, 7, 11, batch_size=13) == pytest.approx(3 * 5 * 7 * 11 * 13 * 4 / 2**30, rel=1e-9)


def test_an_empty_cache_is_valid():
    assert kv_cache_gib(32, 8, 128, 0) == 0


def test_width_matters():
    assert kv_cache_gib(*CASE, bytes_per_value=1) == pytest.approx(0.125)
    assert kv_cache_gib(*CASE, bytes_per_value=0.5) == pytest.approx(0.0625)


def test_heads_matter():
    assert kv_cache_gib(32, 32, 128, 2048) == pytest.approx(1.0)
    assert kv_cache_gib(32, 1, 128, 2048) == pytest.approx(0.03125)


def test_head_size_and_layers_matter():
    assert kv_cache_gib(16, 8, 64, 2048) == pytest.approx(0.0625)


def test_huge_sizes_do_not_overflow():
    assert kv_cache_gib(4000, 3000, 4096, 10**8, batch_size=60000) == pytest.approx(
        2 * 4000 * 3000 * 4096 * 10**8 * 60000 * 2 / 2**30
    )


def test_the_same_call_gives_the_same():
    first = kv_cache_gib(*CASE, batch_size=3)
    kv_cache_gib(5, 5, 5, 5)
    assert kv_cache_gib(*CASE, batch_size=3) == first


@pytest.mark.parametrize("call", [(0, 8, 128, 1), (32, 0, 128, 1), (32, 8, 0, 1), (32, 8, 128, -1), (-1, 8, 128, 1)])
def test_counts_out_of_range_are_refused(call):
    with pytest.raises(ValueError):
        kv_cache_gib(*call)


@pytest.mark.parametrize("width", [0, -1, math.nan, math.inf])
def test_widths_out_of_range_are_refused(width):
    with pytest.raises(ValueError):
        kv_cache_gib(*CASE, bytes_per_value=width)


def test_no_sequences_are_refused():
    with pytest.raises(ValueError):
        kv_cache_gib(*CASE, batch_size=0)


@pytest.mark.parametrize("call", [(True, 8, 128, 1), ("32", 8, 128, 1), (32, 8.0, 128, 1), (32, 8, None, 1), (32, 8, 128, 2.0)])
def test_what_is_no_count_is_refused(call):
    with pytest.raises(TypeError):
        kv_cache_gib(*call)


def test_bools_and_strings_by_name_are_refused():
    with pytest.raises(TypeError):
        kv_cache_gib(*CASE, batch_size=True)
    with pytest.raises(TypeError):
        kv_cache_gib(*CASE, bytes_per_value="2")
    with pytest.raises(TypeError):
        kv_cache_gib(*CASE, bytes_per_value=True)
