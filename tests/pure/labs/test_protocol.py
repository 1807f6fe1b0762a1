"""What crosses the channel is bounded, typed and read back exactly."""

import json
import math
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labs.core.protocol import (
    Other,
    ProtocolError,
    decode,
    decode_raised,
    encode,
    frame,
    split_frame,
)

plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**200), 2**200)
    | st.floats(allow_nan=False)
    | st.fractions()
    | st.text(max_size=50),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(plain)
def test_a_value_comes_back_as_it_went(value: Any) -> None:
    assert decode(encode(value)) == value
    assert type(decode(encode(value))) is type(value)


@given(st.binary(max_size=60))
def test_any_bytes_are_a_frame_or_refused(data: bytes) -> None:
    try:
        whole = split_frame(data)
    except ProtocolError:
        return
    assert whole is None or isinstance(whole[0], dict)


def test_a_frame_is_taken_off_whole() -> None:
    data = frame({"n": "ab"})

    assert split_frame(data[:-1]) is None
    assert split_frame(data + b"1") == ({"n": "ab"}, b"1")


@pytest.mark.parametrize(
    "data",
    [
        b"99999999|", b"x", b"0|", b"-1|{}", b"2|[]", b"3|{]}", b'9|{"n":1.5}',
        b'9|{"n":NaN}', b"70000|", b"\xff" * 9, b"60000|" + b"[" * 60000,
    ],
)  # fmt: skip
def test_what_is_no_frame_is_refused(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        split_frame(data)


@pytest.mark.parametrize(
    "tagged",
    [
        None, [], ["x", "1"], ["i", 5], ["i", "zz"], ["i", "f" * 1101], ["f", "1.5"],
        ["f", "0x1.0p+99999"], ["q", "1", "0"], ["m", "1e999999999"], ["m", "1e401"],
        ["m", "x"], ["s", "y" * 4001], ["l", ["n"] * 3], ["d", [[["l", []], ["n"]]]],
        ["d", [[["n"]]]], ["b", 2], ["n", 1], ["l", [["n"]] * 2001],
        ["l", [["l", [["l", [["l", [["l", [["l", [["l", [["n"]]]]]]]]]]]]]]],
    ],
)  # fmt: skip
def test_what_is_no_value_is_refused(tagged: Any) -> None:
    with pytest.raises(ProtocolError):
        decode(tagged)


def test_decimals_come_as_exact_fractions() -> None:
    assert decode(["m", "0.1"]) == Fraction(1, 10)
    assert decode(["m", "1E-7"]) == Fraction(1, 10**7)
    nan = decode(["m", "NaN"])
    assert isinstance(nan, float)
    assert math.isnan(nan)


def test_other_types_cross_by_name_only() -> None:
    assert decode(["o", "Thing"]) == Other("Thing")
    assert encode(Other("Thing")) == ["o", "Thing"]


def test_an_exception_of_no_built_in_name_is_just_an_exception() -> None:
    said = {
        "type": "kv_heads=8",
        "own": 1,
        "message": "m" * 900,
        "lines": [3, "4", True],
    }

    raised = decode_raised(said)

    assert raised.type_name == "Exception"
    assert len(raised.message) == 500
    assert raised.lines == (3,)


@pytest.mark.parametrize(
    "said", [None, {}, {"type": 1, "own": 0, "message": "", "lines": []}]
)
def test_what_is_no_exception_is_refused(said: Any) -> None:
    with pytest.raises(ProtocolError):
        decode_raised(said)


def test_a_message_too_long_is_not_sent() -> None:
    with pytest.raises(ProtocolError):
        frame({"n": "x" * 70_000})
    assert json.loads(frame({"n": "x" * 70_000}, bounded=False).split(b"|", 1)[1])
