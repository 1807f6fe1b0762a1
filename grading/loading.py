"""Fitted weights into the network that they belong to."""

from collections.abc import Sequence
from pathlib import Path

from safetensors.torch import load_file
from torch import nn

from grading.core.errors import ModelIntegrityError
from grading.eight_bit import round_layers


def fill(network: nn.Module, weights: Path, *, rounded: bool) -> None:
    """Make a network with transformer layers ready to be asked.

    Args:
        network: Its ``layers`` are what is rounded.
        weights: The file.
        rounded: Whether layers work in whole numbers of eight bits, as scores do.

    Raises:
        ModelIntegrityError: They are another network's.
    """
    try:
        network.load_state_dict(
            {name: tensor.float() for name, tensor in load_file(weights).items()}
        )
    except RuntimeError as error:  # names or shapes of another network
        raise ModelIntegrityError(f"{weights.name} does not fit") from error
    network.eval()
    if rounded:
        layers = network.layers
        assert isinstance(layers, nn.ModuleList)  # noqa: S101 - tells the type checker
        round_layers(layers)


def fill_each(
    networks: Sequence[nn.Module], weights: Sequence[Path], *, rounded: bool
) -> None:
    """Make several networks ready, each with a file of its own, as :func:`fill` does.

    Raises:
        ModelIntegrityError: A file has another network's weights.
    """
    for network, own in zip(networks, weights, strict=True):
        fill(network, own, rounded=rounded)
