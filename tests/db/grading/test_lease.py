import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from grading.lease import LEASE, MOST_TRIES, claim, give_back
from grading.models import State, Submission
from grading.sweep import RING_AFTER, sweep
from tests.factories import make_submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[uuid.UUID]:
    told: list[uuid.UUID] = []
    monkeypatch.setattr("grading.sweep.ring", lambda pk, *, is_lab: told.append(pk))
    return told


def age(submission: Submission, **changes: object) -> None:
    Submission.objects.filter(pk=submission.pk).update(**changes)


def test_one_of_two_claims_wins() -> None:
    submission = make_submission()

    first, second = claim(submission.pk), claim(submission.pk)

    assert first is not None
    assert second is None
    submission.refresh_from_db()
    assert (submission.state, submission.tries) == (State.RUNNING, 1)


@pytest.mark.parametrize("state", [State.DONE, State.FAILED, State.UNGRADABLE])
def test_what_has_ended_cannot_be_claimed(state: State) -> None:
    assert claim(make_submission(state=state).pk) is None


def test_an_unknown_submission_cannot_be_claimed() -> None:
    assert claim(uuid.uuid4()) is None


def test_only_the_holder_gives_back() -> None:
    submission = make_submission()
    token = claim(submission.pk)
    assert token is not None

    give_back(submission.pk, uuid.uuid4())
    submission.refresh_from_db()
    assert submission.state == State.RUNNING

    give_back(submission.pk, token)
    submission.refresh_from_db()
    assert submission.state == State.QUEUED


def test_a_sweep_leaves_fresh_work_alone(rung: list[uuid.UUID]) -> None:
    make_submission()
    claim(make_submission().pk)

    swept = sweep()

    assert (swept.freed, swept.given_up, swept.rung) == (0, 0, 0)
    assert rung == []


def test_a_forgotten_submission_is_sent_again_once(rung: list[uuid.UUID]) -> None:
    submission = make_submission()
    age(submission, rung_at=timezone.now() - RING_AFTER)

    sweep()
    sweep()

    assert rung == [submission.pk]


def test_each_further_ring_waits_twice_as_long(rung: list[uuid.UUID]) -> None:
    submission = make_submission()
    age(submission, rings=3, rung_at=timezone.now() - 3 * RING_AFTER)

    sweep()
    assert rung == []

    age(submission, rung_at=timezone.now() - 4 * RING_AFTER)
    sweep()
    assert rung == [submission.pk]


def test_a_dead_workers_submission_is_freed_and_sent(rung: list[uuid.UUID]) -> None:
    submission = make_submission()
    claim(submission.pk)
    age(submission, lease_expires_at=timezone.now() - timedelta(seconds=1))

    swept = sweep()

    submission.refresh_from_db()
    assert (swept.freed, swept.rung) == (1, 1)
    assert submission.state == State.QUEUED
    assert rung == [submission.pk]
    assert claim(submission.pk) is not None


def test_after_the_last_try_it_has_failed_in_the_open(rung: list[uuid.UUID]) -> None:
    submission = make_submission()
    age(
        submission,
        state=State.RUNNING,
        tries=MOST_TRIES,
        lease_token=uuid.uuid4(),
        lease_expires_at=timezone.now() - LEASE,
    )

    swept = sweep()

    submission.refresh_from_db()
    assert swept.given_up == 1
    assert submission.state == State.FAILED
    assert submission.failure is not None
    assert submission.failure["code"] == "gave_up"
    assert rung == []
