"""Fitted weights into the network that they belong to."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from safetensors.torch import load_file
from torch import Tensor, nn

from grading.core.errors import ModelIntegrityError
from grading.eight_bit import round_layers

SEEN = "seen."  # before the names of what was seen to go into layers


def fill(network: nn.Module, weights: Path, *, rounded: bool) -> None:
    """Make a network with transformer layers ready to be asked.

    Args:
        network: Its ``layers`` are what is rounded.
        weights: The file.
        rounded: Whether layers work in whole numbers of eight bits, as scores do.

    Raises:
        ModelIntegrityError: They are another network's, or what goes into its layers
            was not measured.
    """
    told = load_file(weights)
    try:
        network.load_state_dict(_weights_of(told))
    except RuntimeError as error:  # names or shapes of another network
        raise ModelIntegrityError(f"{weights.name} does not fit") from error
    network.eval()
    if rounded:
        layers = network.layers
        assert isinstance(layers, nn.ModuleList)  # noqa: S101 - tells the type checker
        _round(layers, told, weights.name)


def fill_each(
    networks: Sequence[nn.Module], weights: Sequence[Path], *, rounded: bool
) -> None:
    """Make several networks ready, each with a file of its own, as :func:`fill` does.

    Raises:
        ModelIntegrityError: A file has another network's weights.
    """
    for network, own in zip(networks, weights, strict=True):
        fill(network, own, rounded=rounded)


def round_by(layers: nn.ModuleList, seen: Path) -> None:
    """Round layers by what a file says was seen to go into them.

    Raises:
        ModelIntegrityError: It says nothing of them.
    """
    _round(layers, load_file(seen), seen.name)


def weights_in(path: Path) -> dict[str, Tensor]:
    """Give the weights of a file, in full precision, without what was measured."""
    return _weights_of(load_file(path))


def _weights_of(told: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {k: v.float() for k, v in told.items() if not k.startswith(SEEN)}


def _round(layers: nn.ModuleList, told: Mapping[str, Tensor], source: str) -> None:
    seen = {k.removeprefix(SEEN): v for k, v in told.items() if k.startswith(SEEN)}
    try:
        round_layers(layers, seen)
    except KeyError as error:
        raise ModelIntegrityError(
            f"{source} does not say what goes into {error}: manage.py measure_ranges"
        ) from error
