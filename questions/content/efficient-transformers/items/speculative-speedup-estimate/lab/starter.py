def speculative_speedup(acceptance, draft_tokens, draft_cost, verify_overhead=0.0):
    """Give how many times faster decoding gets; below 1 it gets slower."""
    raise NotImplementedError
