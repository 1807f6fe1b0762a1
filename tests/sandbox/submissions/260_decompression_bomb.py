# resource: a bomb of zeros
import zlib
d=zlib.compressobj(9); z=b''.join(d.compress(bytes(1<<20)) for _ in range(700))+d.flush()
def kv_cache_gib(*a, **k): return len(zlib.decompress(z))
