# channel: returns an int of a million digits
def kv_cache_gib(*a, **k): return 1 << 4_000_000
