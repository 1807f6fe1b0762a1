"""Writes a trained judge to its weights file: trained layers only, in half precision."""

import hashlib
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

from grading.network import JudgeNetwork

UNTRAINED = ("words.", "places.", "kinds.", "norm.")


def write_weights(state: dict[str, Tensor], path: Path, *, frozen: int) -> str:
    """Store what the encoder does not have, beside its SHA-256; gives the hash.

    Args:
        state: Of a fitted :class:`JudgeNetwork`.
        path: The ``.safetensors`` file.
        frozen: Bottom layers that were not trained.
    """
    left_out = (*UNTRAINED, *(f"layers.{number}." for number in range(frozen)))
    kept = {
        name: value.to(torch.float16).contiguous()
        for name, value in state.items()
        if not name.startswith(left_out)
    }
    JudgeNetwork().load_state_dict({k: v.float() for k, v in kept.items()}, strict=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(kept, path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    path.with_suffix(".sha256").write_text(f"{digest}  {path.name}\n", "ascii")
    return digest
