from fractions import Fraction


def kv_cache_gib(layers, kv_heads, head_dim, tokens, batch_size=1, bytes_per_value=2):
    counts = [layers, kv_heads, head_dim, tokens, batch_size]
    if any(type(count) is not int for count in counts):
        raise TypeError("counts are ints")
    if type(bytes_per_value) not in (int, float):
        raise TypeError("a width is a number")
    if tokens < 0 or min(layers, kv_heads, head_dim, batch_size) < 1:
        raise ValueError("a count is too small")
    try:
        size = Fraction(bytes_per_value)
    except (ValueError, OverflowError) as error:
        raise ValueError("a width is finite") from error
    if size <= 0:
        raise ValueError("a width is positive")
    size *= 2
    for count in counts:
        size *= count
    return float(size / 2**30)
