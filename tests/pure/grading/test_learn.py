"""Fitting by stages."""

import random
from dataclasses import dataclass

import pytest
import torch
from django.core.management import CommandError, call_command
from torch import Tensor, nn

from grading.reading import moved
from grading.training.learn import (
    REPORTED,
    Stage,
    disagreement,
    go_back_halfway,
    learn,
    side_by_side,
)

Group = list[float]


class Line(nn.Module):
    """A straight line through 0 whose slope is to be found."""

    def __init__(self) -> None:
        super().__init__()
        self.slope = nn.Parameter(torch.tensor(0.0))


def fitted(stages: list[Stage[Group]], seed: int = 1) -> tuple[float, list[str]]:
    line, told = Line(), list[str]()

    def loss_of(group: Group) -> Tensor:
        xs = torch.tensor(group)
        return ((line.slope * xs - 0.02 * xs) ** 2).mean()

    learn(nn.ModuleList([line]), stages, loss_of, seed, told.append)
    assert not line.training
    return float(line.slope.detach()), told


def some(chance: random.Random) -> list[Group]:
    return [[chance.random() for _ in range(4)] for _ in range(30)]


def test_it_comes_near_and_the_same_seed_gives_the_same() -> None:
    stages = [Stage(name="lines", make=some, passes=2)]

    slope, _ = fitted(stages)

    assert 0.01 < slope < 0.03
    assert fitted(stages)[0] == slope
    assert fitted(stages, seed=2)[0] != slope


def test_lower_rates_move_less() -> None:
    usual, _ = fitted([Stage(name="lines", make=some)])
    lower, _ = fitted([Stage(name="lines", make=some, rates=0.3)])

    assert 0 < lower < usual


def test_what_is_kept_is_the_mean_of_the_weights_on_the_way() -> None:
    class Watched(Line):
        """Remembers its slope at every step."""

        def __init__(self) -> None:
            super().__init__()
            self.slopes: list[float] = []

    line = Watched()

    def loss_of(group: Group) -> Tensor:
        line.slopes.append(float(line.slope.detach()))
        return -line.slope  # ever larger

    stage = Stage(name="up", make=some)
    learn(nn.ModuleList([line]), [stage], loss_of, 1, lambda told: None)

    assert line.slopes == sorted(line.slopes)
    assert line.slopes[5] < float(line.slope.detach()) < line.slopes[-1]


def test_networks_that_learn_side_by_side_are_drawn_to_each_other() -> None:
    mine = torch.tensor([[2.0, 0.0]], requires_grad=True)
    other = torch.tensor([[0.0, 1.0]], requires_grad=True)

    apart = disagreement([mine, other], torch.ones(1))
    apart.backward()  # type: ignore[no-untyped-call]

    assert float(apart.detach()) > 0
    assert mine.grad is not None
    assert other.grad is not None
    assert mine.grad[0, 0] > 0 > mine.grad[0, 1]  # downhill is towards the other
    assert other.grad[0, 0] < 0 < other.grad[0, 1]


def test_nobody_disagrees_with_itself() -> None:
    alone, heavy = torch.tensor([[2.0, 0.0], [1.0, 1.0]]), torch.tensor([1.0, 0.0])

    assert float(disagreement([alone], heavy)) == 0
    assert float(disagreement([alone, alone], heavy)) == pytest.approx(0, abs=1e-6)
    # What counts for nothing may be disputed.
    disputed = torch.tensor([[2.0, 0.0], [9.0, 0.0]])
    assert float(disagreement([alone, disputed], heavy)) == pytest.approx(0, abs=1e-6)


def test_several_are_fitted_as_each_would_be_alone() -> None:
    lines = [Line(), Line()]

    def loss_of(group: Group) -> Tensor:
        xs = torch.tensor(group)
        losses = [((line.slope * xs - 0.02 * xs) ** 2).mean() for line in lines]
        return torch.stack(losses).sum()

    told = list[str]()
    stage = Stage(name="lines", make=some, passes=2)
    learn(nn.ModuleList(lines), [stage], loss_of, 1, told.append)

    slope, alone = fitted([Stage(name="lines", make=some, passes=2)])
    assert [float(line.slope.detach()) for line in lines] == [slope, slope]
    assert told == alone


def test_every_pass_of_every_stage_is_made_anew_and_reported() -> None:
    made: list[list[Group]] = []

    def make(chance: random.Random) -> list[Group]:
        made.append(some(chance))
        return made[-1]

    _, told = fitted(
        [
            Stage(name="first", make=make),
            Stage(name="then", make=make, passes=2),
        ]
    )

    assert len(made) == 3
    assert made[1] != made[2]
    assert [line.split(" loss")[0] for line in told] == [
        f"first: step {REPORTED} of 30",
        f"then: step {REPORTED} of 60",
        f"then: step {2 * REPORTED} of 60",
    ]


class Piece:
    def __init__(self, tokens: int) -> None:
        self.tokens = tokens


def test_groups_hold_what_is_of_like_length_and_no_more_than_they_may() -> None:
    chance = random.Random(1)  # noqa: S311
    pieces = [Piece(tokens) for tokens in (1, 9, 2, 8, 3, 30)]

    groups = side_by_side(list(pieces), together=6, most=12, chance=chance)

    assert sorted(sorted(p.tokens for p in group) for group in groups) == [
        [1, 2, 3],
        [8],
        [9],
        [30],
    ]


def test_halfway_is_the_mean_of_before_and_after_and_before_stays() -> None:
    line = Line()
    before = {k: v.clone() for k, v in line.state_dict().items()}
    with torch.no_grad():
        line.slope.fill_(3.0)

    go_back_halfway(line, before)

    assert (float(line.slope.detach()), float(before["slope"])) == (1.5, 0.0)


def test_there_is_no_halfway_from_nowhere() -> None:
    with pytest.raises(CommandError, match="--halfway: needs --start"):
        call_command("train_judge", "--halfway")


@dataclass
class Inner:
    near: Tensor


@dataclass
class Outer:
    inner: Inner
    target: Tensor


def test_what_is_moved_is_moved_whole_and_stays_where_it_was() -> None:
    whole = Outer(inner=Inner(near=torch.zeros(2)), target=torch.ones(3))

    there = moved(whole, torch.device("meta"))

    assert {there.inner.near.device.type, there.target.device.type} == {"meta"}
    assert (there.inner.near.shape, there.target.shape) == ((2,), (3,))
    assert {whole.inner.near.device.type, whole.target.device.type} == {"cpu"}
