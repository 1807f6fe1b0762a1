# channel: returns a very long text
def kv_cache_gib(*a, **k): return '9' * 50_000_000
