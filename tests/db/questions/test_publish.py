import dataclasses

import pytest

from questions.models import Item, ItemVersion, ModuleVersion, RubricVersion
from questions.publish import publish_module
from tests.factories import a_criterion, a_module, an_item

pytestmark = pytest.mark.django_db


def counts() -> tuple[int, int, int]:
    return (
        ModuleVersion.objects.count(),
        ItemVersion.objects.count(),
        RubricVersion.objects.count(),
    )


def test_publishing_twice_changes_nothing() -> None:
    first = publish_module(a_module())
    before = counts()

    second = publish_module(a_module())

    assert first.changes
    assert second.changes == []
    assert counts() == before == (1, 1, 1)


def test_a_new_rubric_leaves_the_item_version_alone() -> None:
    publish_module(a_module())
    changed = an_item(criteria=(a_criterion(weight=2.0),))

    publish_module(a_module([changed]))

    assert counts() == (1, 1, 2)
    item = Item.objects.get()
    assert item.current_rubric is not None
    assert item.current_rubric.number == 2
    assert item.current_rubric.criteria[0]["weight"] == 2.0


def test_old_versions_stay_and_numbers_count_up() -> None:
    publish_module(a_module())

    publish_module(a_module([an_item(asks="How fast does it grow?")]))

    numbers = ItemVersion.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2]
    item = Item.objects.get()
    assert item.current is not None
    assert item.current.content["asks"] == "How fast does it grow?"


def test_content_that_comes_back_is_the_version_it_was() -> None:
    publish_module(a_module())
    publish_module(a_module([an_item(title="Other")]))

    publish_module(a_module())

    item = Item.objects.get()
    assert item.current is not None
    assert item.current.number == 1
    assert ItemVersion.objects.count() == 2


def test_an_item_that_is_gone_is_withdrawn_and_can_return() -> None:
    other = an_item(slug="other-item")
    publish_module(a_module([an_item(), other]))

    published = publish_module(a_module([an_item()]))

    assert "item other-item withdrawn" in published.changes
    assert Item.objects.get(slug="other-item").is_withdrawn
    publish_module(a_module([an_item(), other]))
    assert not Item.objects.get(slug="other-item").is_withdrawn


def test_moving_an_item_publishes_no_version() -> None:
    other = an_item(slug="other-item")
    publish_module(a_module([an_item(), other]))
    before = counts()

    publish_module(a_module([other, an_item()]))

    assert counts() == before
    assert list(Item.objects.values_list("slug", flat=True)) == [
        "other-item",
        "cache-growth",
    ]


def test_a_failing_publication_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    publish_module(a_module())
    broken = dataclasses.replace(an_item(slug="broken"), title="x" * 10)
    monkeypatch.setattr(
        "questions.publish._rubric_version", lambda *a: (_ for _ in ()).throw(OSError)
    )

    with pytest.raises(OSError):  # noqa: PT011 - the fault is ours
        publish_module(a_module([broken]))

    assert not Item.objects.filter(slug="broken").exists()
