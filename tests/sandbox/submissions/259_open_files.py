# resource: opens files until it may not
import os
fds=[]
try:
    while len(fds) < 4000: fds.append(os.open('/dev/null', 0))
except OSError: pass
if len(fds) > 100: print('ESCAPED: fds')
def kv_cache_gib(*a, **k): return 0.0
