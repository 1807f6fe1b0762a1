# resource: one operation that does not end
def kv_cache_gib(*a, **k): return 9 ** 9 ** 9
