# channel: returns a list that holds itself
def kv_cache_gib(*a, **k):
    l = []; l.append(l); return l
