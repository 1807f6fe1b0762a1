from fractions import Fraction


def kv_cache_gib(layers, kv_heads, head_dim, tokens, batch_size=1, bytes_per_value=2):
    size = Fraction(2)
    for count, least in ((layers, 1), (kv_heads, 1), (head_dim, 1), (tokens, 0), (batch_size, 1)):
        if type(count) is not int:
            raise TypeError(type(count).__name__)
        if count < least:
            raise ValueError(count)
        size *= count
    if type(bytes_per_value) not in (int, float):
        raise TypeError(type(bytes_per_value).__name__)
    if not 0 < bytes_per_value < float("inf"):
        raise ValueError(bytes_per_value)
    return float(size * Fraction(bytes_per_value) / 2**30)
