# resource: prints without end in a call
def kv_cache_gib(*a, **k):
    while True: print('y' * 1000)
