"""Submit to scored, through the API of a running service.

    ./start &                                   # in another terminal
    python benchmarks/bench_service.py TOKEN [http://localhost:8000]

TOKEN is an API token that may write. Prints medians over 20 submissions each.
"""

import json
import statistics
import sys
import time
import urllib.request
from pathlib import Path

ROUNDS = 20
CONTENT = (
    Path(__file__).resolve().parents[1]
    / "questions/content/efficient-transformers/items"
)


def main() -> None:
    """Measure answers, then lab runs."""
    token = sys.argv[1]
    base = (sys.argv[2] if len(sys.argv) > 2 else "http://localhost:8000").rstrip("/")

    def ask(method: str, path: str, body: object = None) -> dict:
        request = urllib.request.Request(
            base + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {token}",
                "Content-Type": "application/json",
            },
        )
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def timed(item: str, answer: str) -> tuple[float, float]:
        began = time.perf_counter()
        sent = ask("POST", "/api/v1/submissions", {"item": item, "answer": answer})
        taken = time.perf_counter()
        while sent["state"] in {"queued", "running"}:
            time.sleep(0.01)
            sent = ask("GET", f"/api/v1/submissions/{sent['id']}")
        assert sent["state"] == "done", sent
        return 1000 * (taken - began), 1000 * (time.perf_counter() - began)

    words = (CONTENT / "kv-cache-monitoring/model_answer.md").read_text().split()[:120]
    code = (CONTENT / "kv-cache-estimate/lab/reference.py").read_text()
    for name, item, text in (
        ("120-word answer", "kv-cache-monitoring", " ".join(words)),
        ("lab run", "kv-cache-estimate", code),
    ):
        timed(item, text)
        rows = [
            timed(
                item, f"{text}\n# {n}" if item.endswith("estimate") else f"{text} {n}"
            )
            for n in range(ROUNDS)
        ]
        print(
            f"{name:16} taken {statistics.median(r[0] for r in rows):6.0f} ms, "
            f"scored {statistics.median(r[1] for r in rows):6.0f} ms (median of {ROUNDS})"
        )


if __name__ == "__main__":
    main()
