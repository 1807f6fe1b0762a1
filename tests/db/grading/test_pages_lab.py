import pytest
from django.test import Client

from grading.submit import SubmissionRefusedError
from labs.core.errors import SandboxUnavailableError
from questions.core.item import Item, ItemKind
from tests.factories import an_item, carol, make_item

pytestmark = pytest.mark.django_db

LAB = """\
function: double
positional: [number]
hints: [Add it to itself.]
cases:
  - {name: two, call: {number: 2}, gives: 4, visible: true}
  - {name: secret case, call: {number: 1234567}, gives: 2469134, hint: SECRET-HINT}
"""
TRY = "/items/cache-growth/try"
HTMX = {"HX-Request": "true"}
PASSED = {
    "verdict": "passed",
    "message": "1 of 1 test cases passed.",
    "cases": [
        {
            "name": "two",
            "verdict": "passed",
            "passed": True,
            "hidden": False,
            "called": "double(2)",
            "returned": "4",
            "feedback": "",
        }
    ],
    "learner_output": "<b>printed</b>",
}


def a_lab() -> Item:
    return an_item(
        kind=ItemKind.CODE_LAB,
        criteria=(),
        lab_files={
            "lab.yaml": LAB,
            "starter.py": "def double(number):\n    ...\n",
            "reference.py": "def double(number):\n    return 2 * number  # SECRET-CODE\n",
        },
    )


@pytest.fixture
def client() -> Client:
    found = Client()
    found.force_login(carol())
    return found


def test_a_lab_shows_starter_examples_and_hints_and_nothing_hidden(
    client: Client,
) -> None:
    make_item(a_lab())

    page = client.get("/items/cache-growth").content.decode()

    assert "def double(number):" in page
    assert "double(2)" in page
    assert "Add it to itself." in page
    for secret in ("SECRET", "secret case", "1234567", "2469134"):
        assert secret not in page


def test_trying_shows_the_examples_verdicts(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_item(a_lab())
    monkeypatch.setattr("grading.views.answer.try_code", lambda **_: PASSED)

    part = client.post(TRY, {"answer": "def double(n): ..."}, headers=HTMX)
    page = client.post(TRY, {"answer": "def double(n): ..."})

    for answer in (part, page):
        assert answer.status_code == 200
        assert "Try-run: passed" in answer.content.decode()
        assert "&lt;b&gt;printed&lt;/b&gt;" in answer.content.decode()
    assert "<html" not in part.content.decode()
    assert page.context["text"] == "def double(n): ..."


def test_code_that_cannot_be_run_says_why(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_item(a_lab())

    def refuse(**_: object) -> None:
        raise SubmissionRefusedError(
            field="code", code="answer_empty", message="The answer is empty."
        )

    monkeypatch.setattr("grading.views.answer.try_code", refuse)

    part = client.post(TRY, {"answer": ""}, headers=HTMX)

    assert part.status_code == 422
    assert "The answer is empty." in part.content.decode()


def test_without_a_sandbox_nothing_is_run_and_the_page_says_so(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_item(a_lab())

    def refuse(**_: object) -> None:
        raise SandboxUnavailableError("no user namespaces")

    monkeypatch.setattr("grading.views.answer.try_code", refuse)

    page = client.post(TRY, {"answer": "def double(n): ..."})

    part = client.post(TRY, {"answer": "def double(n): ..."}, headers=HTMX)

    assert part.status_code == 409
    assert "no user namespaces" in part.content.decode()
    assert page.status_code == 503
    assert "no user namespaces" in page.content.decode()
    assert page.context["text"] == "def double(n): ..."


def test_a_signed_out_try_keeps_the_code() -> None:
    make_item(a_lab())
    client = Client()

    page = client.post(TRY, {"answer": "typed code"})
    part = client.post(TRY, {"answer": "typed code"}, headers=HTMX)

    assert page.status_code == 302
    assert part.headers["HX-Redirect"].startswith("/account/login/")
    assert client.get("/items/cache-growth").context["text"] == "typed code"


def test_an_item_that_is_no_lab_cannot_be_tried(client: Client) -> None:
    make_item()

    assert client.post(TRY, {"answer": "x"}).status_code == 422
