import math


def number(value):
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{value!r} is no number")
    if not math.isfinite(value) or value < 0:
        raise ValueError(f"{value!r} is out of range")
    return value


def speculative_speedup(acceptance, draft_tokens, draft_cost, verify_overhead=0.0):
    """Give how many times faster decoding gets; below 1 it gets slower."""
    if isinstance(draft_tokens, bool) or not isinstance(draft_tokens, int):
        raise TypeError("draft_tokens must be an int")
    if draft_tokens < 0 or number(acceptance) > 1:
        raise ValueError("out of range")
    tokens = sum(acceptance**i for i in range(draft_tokens + 1))
    cost = draft_tokens * number(draft_cost) + 1 + number(verify_overhead)
    return tokens / cost
