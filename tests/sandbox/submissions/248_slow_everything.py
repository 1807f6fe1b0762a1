# channel: every call takes 1.5 seconds
import time
def kv_cache_gib(*a, **k): time.sleep(1.5); return 0.0
