def kv_cache_gib(layers, kv_heads, head_dim, tokens, batch_size=1, bytes_per_value=2):
    """Give the size of a KV cache in GiB."""
    raise NotImplementedError
