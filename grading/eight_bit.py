"""Linear layers in whole numbers of eight bits: near the same result in less time.

Weights are rounded once, each row on its own scale. What goes in is rounded by what
was seen to go in when it was measured (``manage.py measure_ranges``), so nothing that
is read beside it moves a digit. Columns in which large numbers come are evened out
first: what comes in is made smaller and its weights larger, or the reverse (Xiao et al.
2023, SmoothQuant). torch's own kernels do the sums.
"""

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import torch
from torch import Tensor, nn

MOST = 127  # of a whole number of eight bits
EVENED = 0.75  # how far what comes in is evened out at its weights' expense
LEAST_SEEN = 1e-4  # by any column, so that none is made infinitely large
# What fills seven bits, in multiples of what is usually seen; chosen by how far chances
# of the judge and cosines were from those in full precision. There is room for twice as
# much; but beyond seven bits sums of 16 bits may overflow on CPUs that have no
# instruction for this.
ROOM = 1.4
ENGINE = "fbgemm"  # the one that rounds by a fixed range; on x86 alone


class EightBitLinear(nn.Module):
    """A linear layer whose weights are whole numbers."""

    def __init__(self, linear: nn.Linear, seen: Tensor) -> None:
        """Round a layer's weights.

        Args:
            linear: The layer.
            seen: (2, in) the least and the most that is usually seen in each column.
        """
        super().__init__()
        least, most = ROOM * seen.float()
        weight = linear.weight.detach()
        reach = torch.maximum(most, -least).clamp(min=LEAST_SEEN)
        spread = reach**EVENED / weight.abs().amax(0).clamp(min=1e-8) ** (1 - EVENED)
        spread = spread / spread.mean()
        weight = weight * spread
        scales = (weight.abs().amax(dim=1) / MOST).clamp(min=1e-8).double()
        zeros = torch.zeros(len(weight), dtype=torch.int64)
        with warnings.catch_warnings():  # torch means to drop them: decisions/0009
            warnings.filterwarnings("ignore", "torch.quantize_per", UserWarning)
            rounded = torch.quantize_per_channel(weight, scales, zeros, 0, torch.qint8)
        with _packing_for(ENGINE):
            self._packed = torch.ops.quantized.linear_prepack(
                rounded, linear.bias.detach()
            )
        self._evened = 1 / spread
        low = min(0.0, float((least / spread).min()))
        high = max(0.0, float((most / spread).max()))
        self._scale = max((high - low) / MOST, 1e-8)
        self._zero = round(-low / self._scale)

    def forward(self, given: Tensor) -> Tensor:
        """Give (rows, out) from (rows, in)."""
        result: Tensor = (
            torch.ops.quantized.linear_with_input_q_dq_qweight_dq_output_fp32(
                given * self._evened, self._scale, self._zero, self._packed
            )
        )
        return result


@contextmanager
def _packing_for(engine: str) -> Iterator[None]:
    """Have weights packed for one of torch's kernels."""
    before = torch.backends.quantized.engine
    torch.backends.quantized.engine = engine
    try:
        yield
    finally:
        torch.backends.quantized.engine = before


def round_layers(layers: nn.ModuleList, seen: Mapping[str, Tensor]) -> None:
    """Put eight-bit layers in the place of all linear ones, where they can be.

    Without the kernel, as on ARM, layers stay in full precision: that is slower, and
    scores differ by what rounding would have moved.

    Args:
        layers: Whose parts are replaced.
        seen: By number and name of a part ("0.qkv"), as :class:`EightBitLinear` has it.

    Raises:
        KeyError: A part was not measured.
    """
    if ENGINE not in torch.backends.quantized.supported_engines:
        return
    for number, layer in enumerate(layers):
        for name, part in list(layer.named_children()):
            if isinstance(part, nn.Linear):
                setattr(layer, name, EightBitLinear(part, seen[f"{number}.{name}"]))
