# wrong: is not Python
def kv_cache_gib(:
    pass
