# wrong: imports what is not there
import numpy as np
def kv_cache_gib(*a): return 0
