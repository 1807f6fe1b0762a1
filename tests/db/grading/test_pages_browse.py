import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from grading.drafts import keep_draft
from questions.core.item import ItemKind, Section
from questions.models import Item
from questions.publish import publish_module
from tests.factories import (
    a_criterion,
    a_module,
    ada,
    an_item,
    carol,
    make_item,
    make_scored,
    mallory,
)

pytestmark = pytest.mark.django_db

HIDDEN = (
    "SECRET-MODEL-ANSWER",
    "Every layer keeps keys and values",
    "Each layer stores its own keys and values.",
    "Only the last layer stores anything.",
)
PAGES = ["/", "/items", "/items/cache-growth", "/modules/caching", "/about"]


def signed_in(person: object) -> Client:
    client = Client()
    client.force_login(person)  # type: ignore[arg-type]
    return client


@pytest.mark.parametrize("address", PAGES)
def test_nothing_of_the_rubric_or_model_answer_is_on_a_page(address: str) -> None:
    item = make_item()
    make_scored(candidate=carol(), item=item)

    for client in (Client(), signed_in(mallory())):
        page = client.get(address)

        assert page.status_code == 200
        for secret in HIDDEN:
            assert secret not in page.content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_pages_carry_a_strict_policy_and_nothing_inline(address: str) -> None:
    make_item()

    page = Client().get(address)

    policy = page.headers["Content-Security-Policy"]
    text = page.content.decode()
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert " style=" not in text
    assert " onclick=" not in text
    assert "<style" not in text
    assert text.count("<h1") == 1


def test_the_home_page_shows_drafts_and_scores_to_their_owner_only() -> None:
    item = make_item()
    make_scored(candidate=carol(), item=item, score=45.0)
    keep_draft(candidate=carol(), item=item, text="half an unfinished thought")

    mine = signed_in(carol()).get("/").content.decode()
    others = signed_in(mallory()).get("/").content.decode()

    assert "half an unfinished thought" in mine
    assert "middling" in mine
    assert "half an unfinished thought" not in others
    assert "middling" not in others


def test_reading_and_questions_stand_together_on_the_module_page() -> None:
    make_item()

    page = Client().get("/modules/caching").content.decode()

    assert "A cache <strong>keeps</strong> things." in page
    assert "How the cache grows" in page


def test_an_unknown_module_is_not_found() -> None:
    assert Client().get("/modules/nothing").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["First", "Second"]),
        ("?q=second", ["Second"]),
        ("?q=cache+first", ["First"]),
        ("?kind=checkpoint", ["Second"]),
        ("?module=caching&section=basics", ["First", "Second"]),
        ("?state=new", ["Second"]),
        ("?state=tried", ["First"]),
        ("?state=weak", ["First"]),
        ("?state=strong", []),
    ],
)
def test_items_are_filtered(query: str, found: list[str]) -> None:
    first = an_item(slug="first", title="First")
    second = an_item(slug="second", title="Second", kind=ItemKind.CHECKPOINT)
    publish_module(a_module([first, second]))
    make_scored(candidate=carol(), item=Item.objects.get(slug="first"), score=30.0)

    page = signed_in(carol()).get("/items" + query)

    assert [line.standing.item.current.title for line in page.context["lines"]] == found


def test_a_filter_that_does_not_exist_is_refused_by_name() -> None:
    make_item()

    page = Client().get("/items?kind=riddle")

    assert page.status_code == 422
    assert "riddle is not one of the available choices" in page.content.decode()


def test_htmx_gets_just_the_list() -> None:
    make_item()

    part = Client().get("/items", headers={"HX-Request": "true"}).content.decode()

    assert part.lstrip().startswith('<section id="items"')
    assert "<html" not in part


def test_going_back_in_history_gets_the_whole_page() -> None:
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}

    assert "<html" in Client().get("/items", headers=headers).content.decode()


@pytest.mark.parametrize(
    ("address", "queries"),
    [("/", 9), ("/items", 7), ("/modules/caching", 7), ("/progress", 8)],
)
def test_more_items_take_no_more_queries(
    address: str, queries: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    items = [an_item(slug=f"item-{n}", criteria=(a_criterion(),)) for n in range(12)]
    publish_module(a_module(items))
    for item in Item.objects.select_related("current", "current_rubric")[:8]:
        make_scored(candidate=carol(), item=item)
    client = signed_in(carol())

    with django_assert_max_num_queries(queries):
        assert client.get(address).status_code == 200


def test_authored_html_is_cleaned() -> None:
    reading = "<script>alert(1)</script> [x](javascript:alert(1)) **fine**"
    section = Section(slug="basics", title="Basics", reading=reading)
    publish_module(a_module([an_item()], sections=(section,)))

    page = Client().get("/modules/caching").content.decode()

    assert "<script>alert" not in page
    assert "javascript:alert" not in page.replace("[x](javascript:alert(1))", "")
    assert "<strong>fine</strong>" in page


def test_staff_see_the_way_to_the_admin() -> None:
    assert "/admin/" in signed_in(ada()).get("/").content.decode()
    assert "/admin/" not in signed_in(carol()).get("/").content.decode()
