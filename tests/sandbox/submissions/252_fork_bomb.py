# resource: forks without end
import os
n=0
for _ in range(300):
    try:
        if os.fork() == 0: n += 1
    except OSError: pass
if n: print('ESCAPED: fork')
def kv_cache_gib(*a, **k): return 0.0
