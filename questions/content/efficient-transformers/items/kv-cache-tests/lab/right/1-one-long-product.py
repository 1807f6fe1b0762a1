import math


def kv_cache_gib(layers, kv_heads, head_dim, tokens, batch_size=1, bytes_per_value=2):
    for name, count, least in (
        ("layers", layers, 1),
        ("kv_heads", kv_heads, 1),
        ("head_dim", head_dim, 1),
        ("tokens", tokens, 0),
        ("batch_size", batch_size, 1),
    ):
        if isinstance(count, bool) or not isinstance(count, int):
            raise TypeError(name)
        if count < least:
            raise ValueError(name)
    if isinstance(bytes_per_value, bool) or not isinstance(bytes_per_value, (int, float)):
        raise TypeError("bytes_per_value")
    if not math.isfinite(bytes_per_value):
        raise ValueError("bytes_per_value")
    if bytes_per_value <= 0:
        raise ValueError("bytes_per_value")
    values = 2 * layers * kv_heads * head_dim * tokens * batch_size
    return values * bytes_per_value / 1024**3
