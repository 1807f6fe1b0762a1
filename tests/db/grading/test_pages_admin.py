import pytest
from django.test import Client

from grading.drafts import keep_draft
from quizsite.accounts.models import ApiToken
from tests.factories import ada, carol, make_scored

pytestmark = pytest.mark.django_db

LISTS = [
    "grading/submission", "grading/scorerecord", "grading/draft", "questions/module",
    "questions/item", "questions/itemversion", "questions/moduleversion",
    "questions/rubricversion", "labs/labrun", "accounts/user", "accounts/apitoken",
]  # fmt: skip
APPENDED = LISTS[:9]


@pytest.fixture
def client() -> Client:
    found = Client()
    found.force_login(ada())
    return found


@pytest.mark.parametrize("name", LISTS)
def test_staff_can_list_and_open_everything(client: Client, name: str) -> None:
    submission = make_scored()
    keep_draft(candidate=carol(), item=submission.item_version.item, text="PRIVATE")
    ApiToken.objects.create(user=carol(), name="t", scope="read")

    page = client.get(f"/admin/{name}/")

    assert page.status_code == 200
    assert "PRIVATE" not in page.content.decode()


@pytest.mark.parametrize("name", APPENDED)
def test_what_is_appended_cannot_be_added_to_or_changed(
    client: Client, name: str
) -> None:
    make_scored()

    assert client.get(f"/admin/{name}/add/").status_code == 403


def test_a_submission_is_shown_but_not_changed(client: Client) -> None:
    submission = make_scored()
    address = f"/admin/grading/submission/{submission.pk}/change/"

    assert client.get(address).status_code == 200
    assert client.post(address, {"answer": "forged"}).status_code == 403
    assert client.post(address.replace("change", "delete")).status_code == 403


def test_an_account_is_made_by_email(client: Client) -> None:
    form = {
        "email": "new@example.org",
        "usable_password": "true",
        "password1": "correct horse battery",
        "password2": "correct horse battery",
    }

    assert client.get("/admin/accounts/user/add/").status_code == 200
    assert client.post("/admin/accounts/user/add/", form).status_code == 302


def test_candidates_have_no_admin() -> None:
    client = Client()
    client.force_login(carol())

    assert client.get("/admin/").status_code == 302
