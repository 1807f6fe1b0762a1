# wrong: infinity
import math
def _chk(layers, kv_heads, head_dim, tokens, batch_size, bytes_per_value):
    for n, v in (("layers", layers), ("kv_heads", kv_heads), ("head_dim", head_dim), ("tokens", tokens), ("batch_size", batch_size)):
        if isinstance(v, bool) or not isinstance(v, int):
            raise TypeError(n)
        if v < (0 if n == "tokens" else 1):
            raise ValueError(n)
    if isinstance(bytes_per_value, bool) or not isinstance(bytes_per_value, (int, float)):
        raise TypeError("bytes_per_value")
    if not math.isfinite(bytes_per_value) or bytes_per_value <= 0:
        raise ValueError("bytes_per_value")

def kv_cache_gib(layers, kv_heads, head_dim, tokens, batch_size=1, bytes_per_value=2):
    _chk(layers, kv_heads, head_dim, tokens, batch_size, bytes_per_value)
    return 2 * layers * kv_heads * head_dim * tokens * batch_size * bytes_per_value / 2**30
_plain = kv_cache_gib
def kv_cache_gib(*a, **k): _plain(*a, **k); return float('inf')
