import pytest
from django.core import mail
from django.test import Client

from quizsite.accounts.models import ApiToken, User
from tests.factories import PASSWORD, carol, mallory

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    found = Client()
    found.force_login(carol())
    return found


def test_signing_up_signs_in() -> None:
    client = Client()
    form = {"email": "new@example.org", "password1": PASSWORD}

    page = client.post("/account/signup/", form, follow=True)

    assert User.objects.filter(email="new@example.org").exists()
    assert page.context["user"].email == "new@example.org"


def test_a_weak_password_is_refused_beside_its_field() -> None:
    page = Client().post(
        "/account/signup/", {"email": "n@example.org", "password1": "1"}
    )

    assert "too short" in page.content.decode()
    assert not User.objects.exists()


def test_a_forgotten_password_is_reset_by_mail() -> None:
    carol()

    page = Client().post(
        "/account/password/reset/", {"email": "carol@example.org"}, follow=True
    )

    assert page.status_code == 200
    assert "/account/password/reset/key/" in mail.outbox[0].body


@pytest.mark.parametrize(
    "address",
    ["/account/email/", "/account/password/change/", "/account/logout/", "/account/"],
)
def test_account_pages_have_the_sites_look(client: Client, address: str) -> None:
    page = client.get(address).content.decode()

    assert 'class="brand"' in page
    assert page.count("<h1") == 1


def test_a_token_is_shown_once_and_works(client: Client) -> None:
    form = {"name": "My script", "scope": "read", "days": "30"}

    made = client.post("/account/tokens", form)

    token = made.context["token"]
    assert made.status_code == 201
    assert token in made.content.decode()
    assert token not in client.get("/account/tokens").content.decode()
    headers = {"Authorization": f"Bearer {token}"}
    assert Client().get("/api/v1/items", headers=headers).status_code == 200


def test_a_token_without_a_name_is_refused(client: Client) -> None:
    page = client.post("/account/tokens", {"name": "", "scope": "read", "days": ""})

    assert page.status_code == 422
    assert "This field is required." in page.content.decode()


def test_a_revoked_token_is_gone(client: Client) -> None:
    made, _ = ApiToken.objects.create(user=carol(), name="old", scope="read")

    client.post(f"/account/tokens/{made.token_key}/revoke")

    assert not ApiToken.objects.exists()


def test_mallory_neither_sees_nor_revokes_carols_token() -> None:
    made, _ = ApiToken.objects.create(user=carol(), name="carols", scope="read")
    client = Client()
    client.force_login(mallory())

    assert "carols" not in client.get("/account/tokens").content.decode()
    gone = client.post(f"/account/tokens/{made.token_key}/revoke")
    assert gone.status_code == 404
    assert ApiToken.objects.exists()


def test_nobody_in_particular_is_sent_to_sign_in() -> None:
    for address in ("/account/", "/account/tokens"):
        assert Client().get(address).status_code == 302


def test_an_error_page_is_in_plain_words() -> None:
    page = Client().get("/nowhere")

    assert page.status_code == 404
    assert "There is no page at this address." in page.content.decode()
