import math


def kv_cache_gib(layers, kv_heads, head_dim, tokens, batch_size=1, bytes_per_value=2):
    """Give the size of a KV cache in GiB."""
    counts = {
        "layers": layers,
        "kv_heads": kv_heads,
        "head_dim": head_dim,
        "tokens": tokens,
        "batch_size": batch_size,
    }
    for name, count in counts.items():
        if isinstance(count, bool) or not isinstance(count, int):
            raise TypeError(f"{name} must be an int")
        if count < (0 if name == "tokens" else 1):
            raise ValueError(f"{name} is too small: {count}")
    if isinstance(bytes_per_value, bool) or not isinstance(bytes_per_value, int | float):
        raise TypeError("bytes_per_value must be a number")
    if not math.isfinite(bytes_per_value) or bytes_per_value <= 0:
        raise ValueError("bytes_per_value must be finite and above zero")
    values = 2 * layers * kv_heads * head_dim * tokens * batch_size
    return values * bytes_per_value / 1024**3
