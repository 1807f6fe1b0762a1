import math
from dataclasses import astuple, dataclass


@dataclass(frozen=True)
class Shape:
    layers: int
    kv_heads: int
    head_dim: int
    batch_size: int

    def __post_init__(self):
        for value in astuple(self):
            at_least(value, 1)


def at_least(value, least):
    if type(value) is bool or not isinstance(value, int):
        raise TypeError(f"{value!r} is no count")
    if value < least:
        raise ValueError(f"{value!r} is below {least}")


def width_of(value):
    if type(value) is bool or not isinstance(value, (int, float)):
        raise TypeError(f"{value!r} is no number of bytes")
    if not 0 < value < math.inf:
        raise ValueError(f"{value!r} is no number of bytes")
    return value


def kv_cache_gib(layers, kv_heads, head_dim, tokens, batch_size=1, bytes_per_value=2):
    shape = Shape(layers, kv_heads, head_dim, batch_size)
    at_least(tokens, 0)
    width = width_of(bytes_per_value)
    keys = math.prod(astuple(shape)) * tokens
    values = keys
    return (keys + values) * width / (1 << 30)
