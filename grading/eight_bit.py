"""Linear layers in whole numbers of eight bits: near the same result in less time.

Weights are rounded once, each row on its own scale; what goes in is rounded anew each
time, all of it on one scale. torch's own kernels do the sums.
"""

import warnings

import torch
from torch import Tensor, nn

MOST = 127  # of a whole number of eight bits


class EightBitLinear(nn.Module):
    """A linear layer whose weights are whole numbers."""

    def __init__(self, linear: nn.Linear) -> None:
        """Round a layer's weights."""
        super().__init__()
        weight = linear.weight.detach()
        scales = (weight.abs().amax(dim=1) / MOST).clamp(min=1e-8).double()
        zeros = torch.zeros(len(weight), dtype=torch.int64)
        with warnings.catch_warnings():  # torch means to drop them: decisions/0009
            warnings.filterwarnings("ignore", "torch.quantize_per", UserWarning)
            rounded = torch.quantize_per_channel(weight, scales, zeros, 0, torch.qint8)
        self._packed = torch.ops.quantized.linear_prepack(rounded, linear.bias.detach())

    def forward(self, given: Tensor) -> Tensor:
        """Give (rows, out) from (rows, in)."""
        # One bit less for what goes in: without it sums of 16 bits overflow on CPUs
        # that have no instruction for this.
        result: Tensor = torch.ops.quantized.linear_dynamic(given, self._packed, True)
        return result


def round_layers(layers: nn.ModuleList) -> None:
    """Put eight-bit layers in the place of all linear ones."""
    for layer in layers:
        for name, part in list(layer.named_children()):
            if isinstance(part, nn.Linear):
                setattr(layer, name, EightBitLinear(part))
