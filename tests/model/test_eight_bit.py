"""Linear layers in whole numbers stay near what they were."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from grading.core.errors import ModelIntegrityError
from grading.eight_bit import EightBitLinear, round_layers
from grading.loading import SEEN, round_by, weights_in
from grading.network import Layer
from grading.training.ranges import Seen, watched


def run(layers: nn.ModuleList, states: torch.Tensor) -> torch.Tensor:
    for layer in layers:
        states = layer(states, lambda thirds: thirds[:, :384])
    return states


def measured(layers: nn.ModuleList, given: torch.Tensor) -> Seen:
    with torch.inference_mode(), watched(layers) as seen:
        run(layers, given)
    return seen


@pytest.fixture
def layers() -> nn.ModuleList:
    torch.manual_seed(0)
    return nn.ModuleList(Layer() for _ in range(2)).eval()


def test_rounded_layers_give_nearly_the_same_and_the_same_again(
    layers: nn.ModuleList,
) -> None:
    given = torch.randn(50, 384)
    seen = measured(layers, given)

    with torch.inference_mode():
        before = run(layers, given)
        round_layers(layers, seen)
        after, again = run(layers, given), run(layers, given)

    assert not torch.equal(before, after)
    assert torch.linalg.norm(before - after) < 0.03 * torch.linalg.norm(before)
    assert torch.equal(after, again)


def test_what_is_read_beside_it_moves_nothing(layers: nn.ModuleList) -> None:
    given = torch.randn(50, 384)
    round_layers(layers, measured(layers, given))

    with torch.inference_mode():
        alone = run(layers, given)
        beside = run(layers, torch.cat([given, 9 * torch.randn(30, 384)]))[:50]

    assert torch.allclose(alone, beside, atol=1e-5)


def test_a_column_of_large_numbers_spoils_no_other() -> None:
    torch.manual_seed(0)
    linear = nn.Linear(384, 384)
    given = torch.randn(50, 384)
    given[:, 7] *= 40
    seen = torch.stack(given.aminmax(dim=0))

    with torch.inference_mode():
        wanted = linear(given)
        found = EightBitLinear(linear, seen)(given)

    assert torch.linalg.norm(found - wanted) < 0.04 * torch.linalg.norm(wanted)


def test_twice_what_was_seen_has_room() -> None:
    torch.manual_seed(0)
    linear = nn.Linear(384, 1536)
    given = torch.randn(50, 384)
    rounded = EightBitLinear(linear, torch.stack(given.aminmax(dim=0)))

    with torch.inference_mode():
        wanted, found = linear(2 * given), rounded(2 * given)

    assert torch.linalg.norm(found - wanted) < 0.1 * torch.linalg.norm(wanted)


def test_what_was_seen_is_the_mean_of_extremes() -> None:
    only = nn.Linear(2, 1)
    layers = nn.ModuleList([nn.ModuleDict({"only": only})])

    with torch.inference_mode(), watched(layers) as seen:
        for rows in ([[0.0, -1.0], [4.0, 1.0]], [[2.0, -3.0]]):
            only(torch.tensor(rows))

    assert seen["0.only"].tolist() == [[1.0, -2.0], [3.0, -1.0]]


def test_without_the_kernel_layers_stay_as_they_are(
    layers: nn.ModuleList, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = torch.randn(5, 384)
    seen = measured(layers, given)
    with torch.inference_mode():
        before = run(layers, given)
    monkeypatch.setattr("grading.eight_bit.ENGINE", "another")

    round_layers(layers, seen)

    with torch.inference_mode():
        assert torch.equal(run(layers, given), before)


def test_packing_leaves_torch_as_it_was(layers: nn.ModuleList) -> None:
    before = torch.backends.quantized.engine

    round_layers(layers, measured(layers, torch.randn(5, 384)))

    assert torch.backends.quantized.engine == before


def test_weights_of_which_nothing_was_measured_are_refused(
    layers: nn.ModuleList, tmp_path: Path
) -> None:
    path = tmp_path / "some.safetensors"
    save_file({"up": torch.ones(2), f"{SEEN}9.up": torch.ones(2)}, path)

    with pytest.raises(ModelIntegrityError, match=r"some\.safetensors .*0\.qkv"):
        round_by(layers, path)
    assert list(weights_in(path)) == ["up"]
