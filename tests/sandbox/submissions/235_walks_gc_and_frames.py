# verdict-forgery: looks for expected values in frames and the collector
import gc, sys
def kv_cache_gib(*a, **k):
    f = sys._getframe()
    while f:
        for n, v in list(f.f_locals.items()):
            if n in ("expected", "gives", "bank", "plan"): print("ESCAPED:", n, flush=True)
        f = f.f_back
    for o in gc.get_objects():
        if type(o).__name__ in ("Expected", "Bank", "TestCase", "LabSpec"): print("ESCAPED: gc", flush=True)
    return 0.0
