from hypothesis import given
from hypothesis import strategies as st

from grading.core.chart import HEIGHT, WIDTH, chart_of, means_by
from grading.core.practice import Practised, Stand, next_up, stand_of

STRONG = Practised(submissions=2, last=90.0)
FAIR = Practised(submissions=1, last=70.0)
WEAK = Practised(submissions=1, last=30.0)
WEAKER = Practised(submissions=1, last=10.0)
NEW = Practised(submissions=0, last=None)


def test_the_newest_score_says_how_an_item_stands() -> None:
    assert stand_of(submissions=0, last=None) is Stand.NEW
    assert stand_of(submissions=1, last=None) is Stand.WAITING
    assert stand_of(submissions=1, last=59.9) is Stand.WEAK
    assert stand_of(submissions=1, last=60.0) is Stand.FAIR
    assert stand_of(submissions=1, last=80.0) is Stand.STRONG


def test_the_worst_comes_first_and_new_items_fill_the_other_half() -> None:
    items = [STRONG, WEAK, NEW, WEAKER, NEW, FAIR, NEW]

    assert next_up(items, most=4) == (3, 1, 2, 4)


def test_without_new_items_all_places_go_to_what_is_not_strong() -> None:
    assert next_up([FAIR, STRONG, WEAK], most=4) == (2, 0)


def test_nothing_is_left_when_all_is_strong() -> None:
    assert next_up([STRONG], most=4) == ()


@given(st.lists(st.floats(0, 100), max_size=40))
def test_every_dot_is_on_the_chart_in_order(scores: list[float]) -> None:
    chart = chart_of(scores)

    assert [dot.index for dot in chart.dots] == list(range(len(scores)))
    assert all(0 <= dot.x <= WIDTH and 0 <= dot.y <= HEIGHT for dot in chart.dots)
    assert [dot.x for dot in chart.dots] == sorted(dot.x for dot in chart.dots)
    assert bool(chart.path) == (len(scores) > 1)


def test_the_line_is_the_mean_of_the_last_five() -> None:
    flat = chart_of([0, 100, 100, 100, 100, 100])

    # the sixth mean leaves the first 0 out: 100, at the top
    assert flat.path.split(" ")[-1].endswith(f",{flat.levels[-1].y:g}")


def test_means_are_by_group_in_order_of_appearance() -> None:
    means = means_by([("b", 10.0), ("a", 50.0), ("b", 30.0)])

    assert [(mean.name, mean.count, mean.mean) for mean in means] == [
        ("b", 2, 20.0),
        ("a", 1, 50.0),
    ]
