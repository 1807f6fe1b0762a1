# channel: writes NaN literals and big exponents
import os
def kv_cache_gib(*a, **k):
    b = b'{"n":NaN,"v":1e400}'; os.write(4, b'%d|%s' % (len(b), b)); return 0.0
