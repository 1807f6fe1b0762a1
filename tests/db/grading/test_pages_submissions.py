import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from grading.models import State, Submission
from tests.factories import (
    carol,
    criterion_json,
    make_item,
    make_scored,
    make_submission,
    mallory,
)

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def client() -> Client:
    found = Client()
    found.force_login(carol())
    return found


def test_a_waiting_page_asks_for_itself_again(client: Client) -> None:
    submission = make_submission()

    page = client.get(submission.get_absolute_url()).content.decode()

    assert "Waiting" in page
    assert 'hx-trigger="load delay:400ms, every 10s"' in page
    assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in page


@pytest.mark.parametrize(("seconds", "pause"), [(10, 1000), (60, 3000), (900, 8000)])
def test_a_page_that_waits_long_asks_less_often(
    client: Client, seconds: int, pause: int
) -> None:
    submission = make_submission()
    sent = timezone.now() - timedelta(seconds=seconds)
    Submission.objects.filter(pk=submission.pk).update(created_at=sent)

    page = client.get(submission.get_absolute_url()).content.decode()

    assert f"load delay:{pause}ms" in page


def test_a_scored_answer_stops_asking_and_shows_everything(client: Client) -> None:
    submission = make_scored()

    part = client.get(submission.get_absolute_url(), headers=HTMX).content.decode()

    assert "<html" not in part
    assert "hx-trigger" not in part
    assert "Scored: 45 of 100, middling." in part
    assert "The cache grows in proportion to the number of tokens" in part
    assert '<mark data-marks="1" data-finding="met">' in part
    assert "Say what a layer keeps." in part
    assert "SECRET-MODEL-ANSWER" in part
    assert "fairly sure" in part


def test_the_rule_can_be_redone_from_the_page(client: Client) -> None:
    submission = make_scored()

    page = client.get(submission.get_absolute_url()).content.decode()

    # (0.9 + 0.0) / 2 = 45
    assert "0.90 of 2 points is 45.00 of 100" in page
    assert "<b>45.0</b>" in page


def test_an_answer_is_text_whatever_it_says(client: Client) -> None:
    submission = make_scored(answer="<script>alert('x')</script> & the cache grows on")

    page = client.get(submission.get_absolute_url()).content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_overlapping_evidence_is_marked_for_both(client: Client) -> None:
    first = criterion_json(
        evidence=[{"start": 0, "end": 9, "signal": "judge", "strength": 0.9}]
    )
    second = criterion_json(
        id="every-layer",
        finding="contradicted",
        deduction=8.0,
        evidence=[{"start": 4, "end": 15, "signal": "judge", "strength": 0.9}],
    )
    submission = make_scored(criteria=(first, second))

    page = client.get(submission.get_absolute_url()).content.decode()

    assert '<mark data-marks="1 2" data-finding="met contradicted">cache</mark>' in page
    assert 'href="#criterion-2"' in page
    assert 'href="#words-2-1"' in page
    assert 'id="words-2-1"' in page
    assert "Said the wrong way round" in page


def test_a_failed_one_can_be_sent_again(client: Client) -> None:
    submission = make_submission(state=State.FAILED)
    address = submission.get_absolute_url()
    assert "Send it again" in client.get(address).content.decode()

    again = client.post(f"{address}/retry", follow=True)

    submission.refresh_from_db()
    assert submission.state == State.QUEUED
    assert "on its way again" in again.content.decode()


def test_one_that_did_not_fail_is_not_sent_again(client: Client) -> None:
    submission = make_scored()

    client.post(f"{submission.get_absolute_url()}/retry")

    submission.refresh_from_db()
    assert submission.state == State.DONE


def test_an_ungradable_one_says_why(client: Client) -> None:
    submission = make_submission(state=State.UNGRADABLE)
    failure = {"code": "no_rubric", "message": "This item has no rubric."}
    Submission.objects.filter(pk=submission.pk).update(failure=failure)

    page = client.get(submission.get_absolute_url()).content.decode()

    assert "This item has no rubric." in page
    assert f"?from={submission.pk}" in page


def test_mallory_finds_nothing_of_carols() -> None:
    submission = make_scored()
    client = Client()
    client.force_login(mallory())
    address = submission.get_absolute_url()

    assert client.get(address).status_code == 404
    assert client.get(address, headers=HTMX).status_code == 404
    assert client.post(f"{address}/retry").status_code == 404
    assert str(submission.pk) not in client.get("/submissions").content.decode()
    assert str(submission.pk) not in client.get("/progress").content.decode()


def test_nobody_in_particular_is_sent_to_sign_in() -> None:
    submission = make_scored()
    client = Client()

    for address in (submission.get_absolute_url(), "/submissions", "/progress"):
        page = client.get(address)
        assert page.status_code == 302
        assert page.headers["Location"].startswith("/account/login/")
        part = client.get(address, headers=HTMX)
        assert part.status_code == 204
        assert part.headers["HX-Redirect"].startswith("/account/login/")


def test_an_unknown_submission_is_not_found(client: Client) -> None:
    assert client.get(f"/submissions/{uuid.uuid4()}").status_code == 404


def test_the_list_is_filtered_and_cut_into_pages(client: Client) -> None:
    item = make_item()
    for number in range(21):
        make_submission(item=item, answer=f"answer {number}")
    make_scored(item=item, answer="the scored one")

    everything = client.get("/submissions")
    second = client.get("/submissions?page=2")
    scored = client.get("/submissions?state=done&item=cache-growth")

    assert len(everything.context["page"]) == 20
    assert len(second.context["page"]) == 2
    assert len(scored.context["page"]) == 1
    assert client.get("/submissions?state=lost").status_code == 422
    assert "<html" not in client.get("/submissions", headers=HTMX).content.decode()


def test_progress_shows_first_best_and_last(client: Client) -> None:
    item = make_item()
    for score in (20.0, 80.0, 60.0):
        make_scored(item=item, score=score)

    page = client.get("/progress")

    row = page.context["items"][0].progress
    assert (row.first, row.best, row.last) == (20.0, 80.0, 60.0)
    assert [group.count for group in page.context["sections"]] == [1]
    assert [mean.count for _, mean in page.context["weeks"]] == [3]
    assert "<polyline" in page.content.decode()


def test_progress_before_the_first_answer_says_so(client: Client) -> None:
    make_item()

    assert "Nothing is scored yet" in client.get("/progress").content.decode()


def test_more_tries_take_no_more_queries(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    item = make_item()
    sent = [make_scored(item=item, score=float(score)) for score in range(0, 100, 10)]

    with django_assert_max_num_queries(6):
        assert client.get(sent[0].get_absolute_url()).status_code == 200
    with django_assert_max_num_queries(7):
        assert client.get("/submissions").status_code == 200
    with django_assert_max_num_queries(6):
        assert client.get("/items/cache-growth").status_code == 200
