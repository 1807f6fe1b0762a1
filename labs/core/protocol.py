"""What crosses between the trusted side and a box: small, typed, bounded text.

A frame is a decimal length, a ``|`` and that many bytes of JSON. Values are
tagged: ``["i", "1f"]`` an int in hexadecimal, ``["f", "0x1.8p+0"]`` a float by
``float.hex``, and so on. Nothing is unpickled, nothing is compared by a method
that learner code could have written, and every decoder has a bound.
"""

import builtins
import json
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

LONGEST_FRAME = 64 * 1024  # bytes: above any honest answer of a lab
LONGEST_HEX = 1100  # characters of an int or float in hexadecimal
LONGEST_TEXT = 4000  # characters of a string
LARGEST_EXPONENT = 400  # of a Decimal: 1e999999999 would be a number of gigabytes
DEEPEST = 6  # levels of lists and dicts
MOST_ENTRIES = 2000  # of a list or dict

BUILT_IN = frozenset(
    name
    for name, thing in vars(builtins).items()
    if isinstance(thing, type) and issubclass(thing, BaseException)
)

_HEADER = re.compile(rb"([1-9][0-9]{0,5})\|")
_HEX_INT = re.compile(r"-?[0-9a-f]{1,1100}")
_HEX_FLOAT = re.compile(r"-?0x[01]\.[0-9a-f]{1,13}p[+-][0-9]{1,4}|-?0x0\.0p\+0")
_DECIMAL = re.compile(
    r"([+-]?)([0-9]{1,400})(?:\.([0-9]{0,400}))?(?:[eE]([+-]?[0-9]{1,4}))?"
)


class ProtocolError(Exception):
    """The other side sent what no honest shim sends."""


@dataclass(frozen=True, slots=True)
class Other:
    """A value of a type that cannot cross, by the name of its type."""

    type_name: str


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception, by its built-in type; ``message`` is the learner's own text.

    Attributes:
        type_name: The nearest built-in exception class.
        own_class: Whether the class itself was the learner's, not built in.
        message: Its text, clipped.
        lines: Line numbers of the learner's own code, outermost first.
    """

    type_name: str
    own_class: bool
    message: str
    lines: tuple[int, ...]


Value = None | bool | int | float | Fraction | str | list[Any] | dict[Any, Any] | Other


def frame(message: dict[str, Any], *, bounded: bool = True) -> bytes:
    """Give a message as bytes on the wire.

    Args:
        message: What JSON can hold, without floats.
        bounded: False for the one message that carries somebody's whole code.

    Raises:
        ProtocolError: It is longer than a frame may be.
    """
    body = json.dumps(message, allow_nan=False, separators=(",", ":")).encode()
    if bounded and len(body) > LONGEST_FRAME:
        raise ProtocolError(f"a frame of {len(body)} bytes")
    return b"%d|%s" % (len(body), body)


def split_frame(buffer: bytes) -> tuple[dict[str, Any], bytes] | None:
    """Take the first frame off a buffer, or None while it is not whole.

    Raises:
        ProtocolError: What is there can never become a frame.
    """
    head = _HEADER.match(buffer)
    if head is None:
        if len(buffer) > 7 or not re.fullmatch(rb"(?:[1-9][0-9]{0,5})?", buffer):
            raise ProtocolError("no frame header")
        return None
    length = int(head.group(1))
    if length > LONGEST_FRAME:
        raise ProtocolError(f"a frame of {length} bytes")
    end = head.end() + length
    if len(buffer) < end:
        return None
    return _message(buffer[head.end() : end]), buffer[end:]


def _message(body: bytes) -> dict[str, Any]:
    def refuse(text: str) -> Any:
        raise ProtocolError(f"number {text[:20]!r} outside a tag")

    try:
        message = json.loads(body, parse_float=refuse, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise ProtocolError("not JSON") from error
    if not isinstance(message, dict):
        raise ProtocolError("not an object")
    return message


def encode(value: Any) -> list[Any]:
    """Tag a value that the trusted side made (inputs of calls)."""
    if value is None:
        return ["n"]
    if isinstance(value, bool | int):
        return (
            ["b", int(value)]
            if value is True or value is False
            else ["i", f"{value:x}"]
        )
    if isinstance(value, float):
        return ["f", value.hex()]
    if isinstance(value, Fraction):
        return ["q", f"{value.numerator:x}", f"{value.denominator:x}"]
    if isinstance(value, str):
        return ["s", value]
    return _encode_other(value)


def _encode_other(value: Any) -> list[Any]:
    if isinstance(value, list | tuple):
        return ["l", [encode(entry) for entry in value]]
    if isinstance(value, dict):
        return ["d", [[encode(k), encode(v)] for k, v in value.items()]]
    if isinstance(value, Other):
        return ["o", value.type_name]
    raise ProtocolError(f"cannot send a {type(value).__name__}")


def decode(tagged: Any, depth: int = 0) -> Value:
    """Give a value that came out of a box; Decimals come as exact fractions.

    Raises:
        ProtocolError: Not a tagged value, or beyond a bound.
    """
    if not isinstance(tagged, list) or not tagged or depth > DEEPEST:
        raise ProtocolError("not a tagged value")
    tag, *parts = tagged
    if tag in ("l", "d"):
        return _decode_entries(tag, parts, depth)
    if tag == "n" and not parts:
        return None
    if tag == "b" and parts in ([0], [1]):
        return bool(parts[0])
    if not parts or not all(isinstance(part, str) for part in parts):
        raise ProtocolError("not a tagged value")
    return _decode_scalar(tag, parts)


def _decode_scalar(tag: Any, parts: list[str]) -> Value:
    text = parts[0]
    if tag == "i" and len(parts) == 1:
        return _hex_int(text)
    if tag == "f" and len(parts) == 1:
        return _hex_float(text)
    if tag == "q" and len(parts) == 2:
        below = _hex_int(parts[1])
        if below == 0:
            raise ProtocolError("a fraction over zero")
        return Fraction(_hex_int(text), below)
    if tag == "m" and len(parts) == 1:
        return _decimal(text)
    if tag == "s" and len(parts) == 1 and len(text) <= LONGEST_TEXT:
        return text
    if tag == "o" and len(parts) == 1:
        return Other(text[:60])
    raise ProtocolError(f"unknown tag {str(tag)[:10]!r}")


def _decode_entries(tag: str, parts: list[Any], depth: int) -> Value:
    if len(parts) != 1 or not isinstance(parts[0], list):
        raise ProtocolError("not a tagged value")
    entries = parts[0]
    if len(entries) > MOST_ENTRIES:
        raise ProtocolError(f"{len(entries)} entries")
    if tag == "l":
        return [decode(entry, depth + 1) for entry in entries]
    pairs: dict[Any, Any] = {}
    for entry in entries:
        if not isinstance(entry, list) or len(entry) != 2:
            raise ProtocolError("not a pair")
        key = decode(entry[0], depth + 1)
        if isinstance(key, list | dict):
            raise ProtocolError("a key that cannot be one")
        pairs[key] = decode(entry[1], depth + 1)
    return pairs


def _hex_int(text: str) -> int:
    if not _HEX_INT.fullmatch(text):
        raise ProtocolError("not an int")
    return int(text, 16)


def _hex_float(text: str) -> float:
    if text in ("nan", "inf", "-inf"):
        return float(text)
    if not _HEX_FLOAT.fullmatch(text):
        raise ProtocolError("not a float")
    try:
        return float.fromhex(text)
    except (ValueError, OverflowError) as error:
        raise ProtocolError("not a float") from error


def _decimal(text: str) -> Value:
    if text in ("NaN", "sNaN", "Infinity", "-Infinity"):
        return float(text.replace("sNaN", "nan"))
    found = _DECIMAL.fullmatch(text)
    if not found or abs(int(found.group(4) or 0)) > LARGEST_EXPONENT:
        raise ProtocolError("not a Decimal")
    return Fraction(text.rstrip(".") if text.endswith(".") else text)


def decode_raised(tagged: Any) -> Raised:
    """Give an exception that came out of a box.

    Raises:
        ProtocolError: Not the shape of one.
    """
    keys = {"type": str, "own": int, "message": str, "lines": list}
    if not isinstance(tagged, dict) or set(tagged) != set(keys):
        raise ProtocolError("not an exception")
    if any(not isinstance(tagged[key], kind) for key, kind in keys.items()):
        raise ProtocolError("not an exception")
    return Raised(
        # Any other word could carry what a hidden call was to where it is shown.
        type_name=tagged["type"] if tagged["type"] in BUILT_IN else "Exception",
        own_class=bool(tagged["own"]),
        message=tagged["message"][:500],
        lines=tuple(n for n in tagged["lines"][:12] if type(n) is int),
    )
