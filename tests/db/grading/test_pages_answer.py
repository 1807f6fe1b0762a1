import pytest
from django.db import OperationalError
from django.test import Client

from grading.drafts import keep_draft, mark_of
from grading.models import Draft, Submission
from questions.publish import publish_module
from tests.factories import (
    a_module,
    an_item,
    carol,
    make_item,
    make_submission,
    mallory,
)

pytestmark = pytest.mark.django_db

ITEM = "/items/cache-growth"
DRAFT = f"{ITEM}/draft"
URLENCODED = "application/x-www-form-urlencoded"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def client() -> Client:
    found = Client()
    found.force_login(carol())
    return found


def test_an_answer_is_taken_and_its_page_shown(client: Client) -> None:
    make_item()

    sent = client.post(ITEM, {"answer": "It grows.", "version": 1, "key": "k"})

    submission = Submission.objects.get()
    assert submission.answer == "It grows."
    assert submission.candidate == carol()
    assert sent.status_code == 302
    assert sent.headers["Location"] == submission.get_absolute_url()


def test_a_double_click_is_one_submission(client: Client) -> None:
    make_item()
    form = {"answer": "It grows.", "version": 1, "key": "same"}

    first, second = client.post(ITEM, form), client.post(ITEM, form)

    assert first.headers["Location"] == second.headers["Location"]
    assert Submission.objects.count() == 1


def test_going_back_to_change_the_text_is_another_submission(client: Client) -> None:
    make_item()

    client.post(ITEM, {"answer": "It grows.", "version": 1, "key": "same"})
    client.post(ITEM, {"answer": "It grows a lot.", "version": 1, "key": "same"})

    assert Submission.objects.count() == 2


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("", "The answer is empty."),
        ("   ", "The answer is empty."),
        ("x" * 20_001, "20,001 characters"),
        ("cache\0grows", "NUL byte"),
    ],
)
def test_a_bad_answer_comes_back_with_the_reason_and_the_text(
    client: Client, answer: str, said: str
) -> None:
    make_item()

    page = client.post(ITEM, {"answer": answer, "version": 1})

    assert page.status_code == 422
    assert said in page.content.decode()
    assert page.context["text"] == answer
    assert not Submission.objects.exists()


def test_bytes_that_are_not_utf8_are_refused_by_field(client: Client) -> None:
    make_item()

    page = client.post(ITEM, b"version=1&answer=it+gr%ffows", URLENCODED)

    assert page.status_code == 422
    assert "The field “answer” holds bytes that are not UTF-8" in page.content.decode()
    assert "it gr" in page.context["text"]
    assert not Submission.objects.exists()


def test_other_encodings_of_a_form_are_no_way_around_it(client: Client) -> None:
    make_item()
    body = (
        b'--x\r\nContent-Disposition: form-data; name="answer"\r\n\r\n'
        b"it gr\xffows\r\n--x--\r\n"
    )

    page = client.post(ITEM, body, "multipart/form-data; boundary=x")

    assert page.status_code == 422
    assert "The field “answer” holds bytes" in page.content.decode()


def test_a_version_that_is_no_number_is_refused_by_field(client: Client) -> None:
    make_item()

    page = client.post(ITEM, {"answer": "It grows.", "version": "newest"})

    assert page.status_code == 422
    assert "version:" in page.content.decode()


def test_an_unknown_item_is_not_found(client: Client) -> None:
    for address in ("/items/nothing", "/items/nothing/draft", "/items/nothing/try"):
        assert client.post(address, {"answer": "x"}).status_code == 404


def test_a_withdrawn_item_gives_the_text_back(client: Client) -> None:
    make_item()
    publish_module(a_module([an_item(slug="another")]))

    page = client.post(ITEM, {"answer": "It grows.", "version": 1})

    assert page.status_code == 409
    assert "was withdrawn" in page.content.decode()
    assert "It grows." in page.content.decode()
    assert client.get(ITEM).status_code == 409


def test_a_withdrawn_version_gives_the_text_back_beside_the_new_one(
    client: Client,
) -> None:
    make_item()
    publish_module(a_module([an_item(asks="How does it grow now?")]))

    page = client.post(ITEM, {"answer": "It grows.", "version": 1})

    assert page.status_code == 409
    assert "How does it grow now?" in page.content.decode()
    assert page.context["text"] == "It grows."
    assert page.context["version"].number == 2


def test_a_store_that_is_down_gives_the_text_back(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_item()

    def locked(**_: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("grading.views.answer.submit_answer", locked)
    monkeypatch.setattr("grading.views.answer.keep_draft", locked)

    for address in (ITEM, DRAFT):
        page = client.post(address, {"answer": "It grows.", "version": 1})

        assert page.status_code == 503
        assert "It grows." in page.content.decode()
        assert f'action="{address}"' in page.content.decode()


def test_a_draft_is_kept_and_comes_back(client: Client) -> None:
    make_item()

    part = client.post(DRAFT, {"answer": "half a", "seen": ""}, headers=HTMX)

    assert part.status_code == 200
    assert "Draft saved" in part.content.decode()
    assert "<html" not in part.content.decode()
    assert client.get(ITEM).context["text"] == "half a"


def test_a_draft_is_kept_without_javascript_too(client: Client) -> None:
    make_item()

    page = client.post(DRAFT, {"answer": "half a"}, follow=True)

    assert "Your draft is saved." in page.content.decode()
    assert "half a" in page.content.decode()


def test_a_draft_of_another_tab_is_not_overwritten(client: Client) -> None:
    item = make_item()
    mark = mark_of(keep_draft(candidate=carol(), item=item, text="old"))
    keep_draft(candidate=carol(), item=item, text="from the other tab")
    form = {"answer": "from this tab", "seen": mark}

    clash = client.post(DRAFT, form, headers=HTMX)

    assert clash.status_code == 409
    assert "from the other tab" in clash.content.decode()
    assert Draft.objects.get().text == "from the other tab"
    assert client.post(DRAFT, {**form, "mine": "1"}, headers=HTMX).status_code == 200
    assert Draft.objects.get().text == "from this tab"


def test_without_javascript_a_clash_shows_both_texts(client: Client) -> None:
    item = make_item()
    keep_draft(candidate=carol(), item=item, text="from the other tab")

    page = client.post(DRAFT, {"answer": "from this tab", "seen": ""})

    assert page.status_code == 409
    assert "from the other tab" in page.content.decode()
    assert page.context["text"] == "from this tab"


def test_submitting_leaves_a_newer_draft_of_another_tab(client: Client) -> None:
    item = make_item()
    mark = mark_of(keep_draft(candidate=carol(), item=item, text="sent"))
    keep_draft(candidate=carol(), item=item, text="newer thought")

    client.post(ITEM, {"answer": "sent", "version": 1, "seen": mark})

    assert Draft.objects.get().text == "newer thought"


def test_submitting_drops_the_draft_it_came_from(client: Client) -> None:
    item = make_item()
    mark = mark_of(keep_draft(candidate=carol(), item=item, text="sent"))

    client.post(ITEM, {"answer": "sent!", "version": 1, "seen": mark})

    assert not Draft.objects.exists()


@pytest.mark.parametrize("address", [ITEM, DRAFT])
def test_a_signed_out_post_keeps_the_text_through_sign_in(address: str) -> None:
    make_item()
    client = Client()

    sent = client.post(address, {"answer": "typed while signed out", "version": 1})

    assert sent.status_code == 302
    assert sent.headers["Location"].startswith("/account/login/?next=%2Fitems")
    carol()
    page = client.post(
        sent.headers["Location"],
        {"login": "carol@example.org", "password": "correct horse battery"},
        follow=True,
    )
    assert page.redirect_chain[-1][0] == ITEM
    assert page.context["text"] == "typed while signed out"
    assert Draft.objects.get(candidate=carol()).text == "typed while signed out"
    assert "kept_answers" not in client.session or not client.session["kept_answers"]


def test_text_kept_through_sign_in_does_not_replace_a_draft() -> None:
    item = make_item()
    keep_draft(candidate=carol(), item=item, text="the draft")
    client = Client()
    client.post(ITEM, {"answer": "typed while signed out"})
    client.force_login(carol())

    page = client.get(ITEM)

    assert page.context["text"] == "typed while signed out"
    assert "the draft" in page.content.decode()
    assert Draft.objects.get().text == "the draft"


def test_htmx_is_told_that_nobody_is_signed_in() -> None:
    make_item()
    client = Client()

    part = client.post(DRAFT, {"answer": "half a"}, headers=HTMX)

    assert part.status_code == 401
    assert "You are signed out" in part.content.decode()
    assert client.get(ITEM).context["text"] == "half a"


def test_trying_again_starts_from_the_earlier_text(client: Client) -> None:
    item = make_item()
    earlier = make_submission(candidate=carol(), item=item, answer="my first words")

    page = client.get(f"{ITEM}?from={earlier.pk}")

    assert page.context["text"] == "my first words"


@pytest.mark.parametrize("name", ["nonsense", "7b0c1f62-6c0e-4a53-9a39-1c8c1c1f0a11"])
def test_nobody_starts_from_what_is_not_theirs(client: Client, name: str) -> None:
    make_item()

    assert client.get(f"{ITEM}?from={name}").context["text"] == ""


def test_mallory_gets_neither_text_nor_draft_nor_tries() -> None:
    item = make_item()
    sent = make_submission(candidate=carol(), item=item, answer="carols words")
    keep_draft(candidate=carol(), item=item, text="carols draft")
    client = Client()
    client.force_login(mallory())

    page = client.get(f"{ITEM}?from={sent.pk}").content.decode()

    assert "carols" not in page
    assert str(sent.pk) not in page
    client.post(DRAFT, {"answer": "mallorys"})
    assert Draft.objects.get(candidate=carol()).text == "carols draft"


def test_a_stale_form_token_gives_the_text_back() -> None:
    make_item()
    client = Client(enforce_csrf_checks=True)

    page = client.post(ITEM, {"answer": "a long text"})

    assert page.status_code == 403
    assert "a long text" in page.content.decode()
    assert f'action="{ITEM}"' in page.content.decode()
