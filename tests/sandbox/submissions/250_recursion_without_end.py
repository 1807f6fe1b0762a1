# resource: recurses natively until the stack is gone
import sys
sys.setrecursionlimit(10**8)
def kv_cache_gib(*a, **k): return kv_cache_gib(*a, **k)
