def _count(value, least):
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("a count is an int")
    if value < least:
        raise ValueError("a count is too small")
    return value


def kv_cache_gib(layers, kv_heads, head_dim, tokens, batch_size=1, bytes_per_value=2):
    per_head = 2 * _count(head_dim, 1)
    per_layer = per_head * _count(kv_heads, 1)
    per_token = per_layer * _count(layers, 1)
    sequences = _count(batch_size, 1) * _count(tokens, 0)
    if isinstance(bytes_per_value, (bool, str)) or not hasattr(bytes_per_value, "__float__"):
        raise TypeError("bytes_per_value is a number")
    if not bytes_per_value > 0 or bytes_per_value == float("inf"):
        raise ValueError("bytes_per_value is above zero and finite")
    return per_token * sequences * bytes_per_value / (1 << 30)
