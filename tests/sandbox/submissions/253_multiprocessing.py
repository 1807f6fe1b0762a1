# resource: starts processes the usual ways
import os, subprocess, multiprocessing
for act in (lambda: subprocess.run(["/usr/bin/python3", "-c", "1"]), lambda: os.posix_spawn("/usr/bin/python3", ["x"], {}), lambda: multiprocessing.Process(target=print).start(), lambda: os.system("true") and None or 1/0):
    try: act(); print("ESCAPED: process", flush=True)
    except Exception: pass
def kv_cache_gib(*a, **k): return 0.0
