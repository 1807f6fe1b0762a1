import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from grading.models import State, Submission
from questions.publish import publish_module
from quizsite.accounts.models import ApiToken, User
from tests.factories import (
    PASSWORD,
    a_module,
    an_item,
    carol,
    make_item,
    make_scored,
    make_submission,
    mallory,
)

pytestmark = pytest.mark.django_db


class Api:
    """A client of the API with a token."""

    def __init__(self, user: User | None, scope: str = "write") -> None:
        self.client = Client()
        self.headers: dict[str, str] = {}
        if user is not None:
            _, token = ApiToken.objects.create(
                user=user, expiry=timedelta(days=1), name="test", scope=scope
            )
            self.headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str) -> Any:
        return self.client.get(f"/api/v1/{path}", headers=self.headers)

    def send(self, method: str, path: str, body: object, **headers: str) -> Any:
        return self.client.generic(
            method,
            f"/api/v1/{path}",
            body if isinstance(body, bytes) else json.dumps(body),
            content_type="application/json",
            headers={**self.headers, **headers},
        )


PATHS = (
    "modules",
    "items",
    "items/cache-growth",
    "items/cache-growth/model-answer",
    "items/cache-growth/draft",
    "submissions",
    "score-records",
    "lab-runs",
    "progress",
)


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_told_to_somebody_without_a_token(path: str) -> None:
    make_item()

    answer = Api(None).get(path)

    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not_authenticated"


@pytest.mark.parametrize("token", [b"ipt_unknown", b"\xff\xfe", b"a b"])
def test_a_bad_token_is_refused(token: bytes) -> None:
    answer = Client().get(
        "/api/v1/items", HTTP_AUTHORIZATION="Bearer " + token.decode("latin-1")
    )

    assert answer.status_code == 401


def test_an_expired_token_is_refused() -> None:
    api = Api(carol())
    ApiToken.objects.update(expiry="2020-01-01T00:00:00Z")

    assert api.get("items").status_code == 401


def test_a_reading_token_changes_nothing() -> None:
    make_item()

    answer = Api(carol(), scope="read").send(
        "POST", "submissions", {"item": "cache-growth", "answer": "So."}
    )

    assert answer.status_code == 403
    assert not Submission.objects.exists()


def test_an_answer_is_taken_with_a_status_address() -> None:
    make_item()
    api = Api(carol())

    taken = api.send(
        "POST", "submissions", {"item": "cache-growth", "answer": "It grows."}
    )

    assert taken.status_code == 202
    assert taken.headers["Retry-After"] == "1"
    status = api.client.get(taken.headers["Location"], headers=api.headers)
    assert status.json()["state"] == "queued"
    assert status.json()["answer"] == "It grows."
    assert status.headers["Retry-After"] == "1"


@pytest.mark.parametrize(
    ("body", "status", "field", "code"),
    [
        ({"item": "cache-growth", "answer": ""}, 422, "answer", "answer_empty"),
        ({"item": "cache-growth", "answer": "x" * 20_001}, 422, "answer", "answer_too_long"),
        ({"item": "cache-growth", "answer": "a\0b"}, 422, "answer", "answer_has_nul"),
        ({"item": "cache-growth", "answer": "\ud83d"}, 422, "answer", "answer_not_unicode"),
        ({"item": "cache-growth"}, 422, "answer", "required"),
        ({"item": "cache-growth", "answer": None}, 422, "answer", "null"),
        ({"item": "cache-growth", "answer": ["a"]}, 422, "answer", "invalid"),
        ({"item": "nothing", "answer": "So."}, 422, "item", "item_unknown"),
        ({"answer": "So."}, 422, "item", "required"),
        ({"item": "cache-growth", "answer": "So.", "item_version": 7}, 422,
         "item_version", "item_version_unknown"),
        ({"item": "cache-growth", "answer": "So.", "item_version": 0}, 422,
         "item_version", "min_value"),
        ({"item": "cache-growth", "answer": "So.", "item_version": "x"}, 422,
         "item_version", "invalid"),
    ],
)  # fmt: skip
def test_bad_input_names_field_and_code(
    body: dict[str, object], status: int, field: str, code: str
) -> None:
    make_item()

    answer = Api(carol()).send("POST", "submissions", body)

    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["fields"][field][0]["code"] == code
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    "body", [b'{"item": "cache-growth", "answer": "\xff"}', b"{", b"[]", b'"x"', b""]
)
def test_what_is_not_json_in_utf8_is_a_clear_error(body: bytes) -> None:
    make_item()

    answer = Api(carol()).send("POST", "submissions", body)

    assert answer.status_code in {400, 422}
    assert answer.json()["detail"]
    assert "Traceback" not in answer.content.decode()
    assert not Submission.objects.exists()


def test_a_withdrawn_version_is_a_conflict() -> None:
    make_item()
    make_item(an_item(asks="What else?"))

    answer = Api(carol()).send(
        "POST",
        "submissions",
        {"item": "cache-growth", "item_version": 1, "answer": "So."},
    )

    assert answer.status_code == 409
    assert answer.json()["code"] == "item_version_withdrawn"


def test_a_withdrawn_item_is_a_conflict() -> None:
    make_item()
    publish_module(a_module([an_item(slug="another")]))

    answer = Api(carol()).send(
        "POST", "submissions", {"item": "cache-growth", "answer": "So."}
    )

    assert answer.status_code == 409
    assert answer.json()["code"] == "item_withdrawn"


def test_an_idempotency_key_makes_one_submission() -> None:
    make_item()
    api, body = Api(carol()), {"item": "cache-growth", "answer": "So."}

    first = api.send("POST", "submissions", body, **{"Idempotency-Key": "k1"})
    second = api.send("POST", "submissions", body, **{"Idempotency-Key": "k1"})
    other = api.send(
        "POST", "submissions", {**body, "answer": "No."}, **{"Idempotency-Key": "k1"}
    )

    assert first.json()["id"] == second.json()["id"]
    assert other.status_code == 409
    assert Submission.objects.count() == 1


def test_somebody_elses_work_is_not_there() -> None:
    submission = make_scored(candidate=carol())
    record = submission.score_records.get()
    api = Api(mallory())

    assert api.get(f"submissions/{submission.pk}").status_code == 404
    assert api.get(f"score-records/{record.pk}").status_code == 404
    retry = api.send("POST", f"submissions/{submission.pk}/retry", {})
    assert retry.status_code == 404
    assert api.get("submissions").json()["results"] == []
    assert api.get("score-records").json()["results"] == []
    assert api.get("progress").json() == {"points": [], "items": []}


def test_the_model_answer_waits_for_ones_own() -> None:
    item = make_item()
    api = Api(carol())

    before = api.get("items/cache-growth/model-answer")
    make_submission(candidate=carol(), item=item)
    after = api.get("items/cache-growth/model-answer")

    assert before.status_code == 403
    assert "SECRET" not in before.content.decode()
    assert "SECRET-MODEL-ANSWER" in after.json()["model_answer"]
    assert Api(mallory()).get("items/cache-growth/model-answer").status_code == 403


@pytest.mark.parametrize("path", ["items", "items/cache-growth", "modules/caching"])
def test_no_rubric_leaves_before_a_submission(path: str) -> None:
    make_item()

    told = Api(carol()).get(path).content.decode()

    for secret in ("SECRET", "proportion", "Twice the tokens", "stays the same"):
        assert secret not in told


def test_items_are_filtered_and_carry_ones_standing() -> None:
    publish_module(a_module([an_item(), an_item(slug="other-item", section="basics")]))
    from questions.models import Item

    item = Item.objects.select_related("current", "current_rubric").get(
        slug="cache-growth"
    )
    make_scored(candidate=carol(), item=item, score=40.0)
    make_scored(candidate=carol(), item=item, score=30.0)

    rows = Api(carol()).get("items?kind=concept").json()

    assert [row["slug"] for row in rows] == ["cache-growth", "other-item"]
    assert rows[0]["standing"]["best"] == 40.0
    assert rows[0]["standing"]["last"] == 30.0
    assert rows[0]["standing"]["submissions"] == 2
    assert rows[1]["standing"]["best"] is None
    assert Api(carol()).get("items?kind=code-lab").json() == []
    assert Api(carol()).get("items?kind=nonsense").status_code == 422


def test_listing_items_costs_the_same_however_many(
    django_assert_max_num_queries: Any,
) -> None:
    items = [an_item(slug=f"item-{n}") for n in range(12)]
    publish_module(a_module(items))
    api = Api(carol())

    with django_assert_max_num_queries(7):
        assert len(api.get("items").json()) == 12


def test_a_submission_shows_score_and_evidence() -> None:
    submission = make_scored(candidate=carol(), score=45.0)

    told = Api(carol()).get(f"submissions/{submission.pk}").json()

    assert (told["state"], told["score"], told["band"]) == ("done", 45.0, "middling")
    criterion = told["score_records"][0]["criteria"][0]
    assert criterion["evidence"][0] == {
        "start": 0, "end": 41, "signal": "judge", "strength": 0.9,
    }  # fmt: skip


def test_listing_submissions_pages_by_cursor() -> None:
    item = make_item()
    for n in range(5):
        make_submission(candidate=carol(), item=item, answer=f"Answer {n}.")
    api = Api(carol())

    first = api.get("submissions?page_size=2").json()
    second = api.client.get(first["next"], headers=api.headers).json()

    seen = [row["id"] for row in first["results"] + second["results"]]
    assert len(set(seen)) == 4


@pytest.mark.parametrize(
    "query", ["state=lost", "created_after=yesterday", "cursor=%00", "page_size=-3"]
)
def test_a_bad_filter_is_no_server_error(query: str) -> None:
    assert Api(carol()).get(f"submissions?{query}").status_code < 500


def test_progress_is_told_first_to_last() -> None:
    item = make_item()
    for score in (20.0, 60.0, 50.0):
        make_scored(candidate=carol(), item=item, score=score)

    told = Api(carol()).get("progress").json()

    assert [point["score"] for point in told["points"]] == [20.0, 60.0, 50.0]
    assert told["items"] == [
        {"item": "cache-growth", "submissions": 3, "first": 20.0, "best": 60.0, "last": 50.0}
    ]  # fmt: skip


def test_only_a_failed_submission_is_retried() -> None:
    submission = make_submission(candidate=carol())
    api = Api(carol())

    refused = api.send("POST", f"submissions/{submission.pk}/retry", {})
    Submission.objects.filter(pk=submission.pk).update(state=State.FAILED)
    taken = api.send("POST", f"submissions/{submission.pk}/retry", {})

    assert refused.status_code == 409
    assert taken.status_code == 202
    assert taken.json()["state"] == "queued"


def test_a_draft_is_kept_and_dropped() -> None:
    make_item()
    api = Api(carol())

    assert api.get("items/cache-growth/draft").status_code == 404
    kept = api.send("PUT", "items/cache-growth/draft", {"text": "so far "})
    assert kept.json()["text"] == "so far "
    assert Api(mallory()).get("items/cache-growth/draft").status_code == 404
    assert api.send("DELETE", "items/cache-growth/draft", {}).status_code == 204
    assert api.get("items/cache-growth/draft").status_code == 404


def test_a_token_is_made_with_the_password_and_shown_once() -> None:
    from base64 import b64encode

    carol()
    basic = b64encode(f"carol@example.org:{PASSWORD}".encode()).decode()
    api = Api(None)
    api.headers = {"Authorization": f"Basic {basic}"}

    made = api.send("POST", "tokens", {"name": "laptop", "scope": "write"})
    listed = api.get("tokens").json()

    assert made.status_code == 201
    token = made.json()["token"]
    assert token.startswith("ipt_")
    assert "token" not in listed[0]
    assert listed[0]["key"] == token[: len(listed[0]["key"])]
    assert not ApiToken.objects.filter(digest=token).exists()
    client = Client(headers={"Authorization": f"Bearer {token}"})
    assert client.get("/api/v1/items").status_code == 200
    gone = api.send("DELETE", f"tokens/{listed[0]['key']}", {})
    assert gone.status_code == 204
    assert client.get("/api/v1/items").status_code == 401


def test_a_token_makes_no_tokens_and_revokes_none_of_others() -> None:
    api = Api(carol())
    key = ApiToken.objects.get().token_key

    assert api.send("POST", "tokens", {"name": "more"}).status_code == 401
    other = Client()
    other.force_login(mallory())
    assert other.delete(f"/api/v1/tokens/{key}").status_code == 404
    assert ApiToken.objects.filter(token_key=key).exists()


def test_the_document_is_openapi_3_1_and_its_page_opens() -> None:
    schema = Client().get("/api/v1/schema", headers={"Accept": "application/json"})
    page = Client().get("/api/v1/docs")

    assert page.status_code == 200
    assert schema.status_code == 200
    assert b"3.1" in schema.content[:60]


def test_the_root_lists_every_collection() -> None:
    told = Client().get("/api/v1/").json()

    assert told["submissions"].endswith("/api/v1/submissions")


def test_an_unknown_address_below_the_api_is_a_problem_document() -> None:
    answer = Client().get("/api/v1/nothing-here")

    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"
