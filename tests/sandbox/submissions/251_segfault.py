# resource: crashes the interpreter
import ctypes
def kv_cache_gib(*a, **k): ctypes.string_at(0)
