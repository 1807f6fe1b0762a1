import uuid
from typing import Any

import pytest

from grading.models import Draft, State, Submission
from grading.submit import SubmissionRefusedError, send_again, submit_answer
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


@pytest.mark.parametrize(
    ("answer", "code", "said"),
    [
        ("", "answer_empty", "empty"),
        (" \n\t ", "answer_empty", "empty"),
        ("x" * 20_001, "answer_too_long", "20,001 characters"),
        ("cache\0grows", "answer_has_nul", "Character 6"),
        ("half \ud83d pair", "answer_not_unicode", "U+D83D"),
    ],
)
def test_a_bad_answer_is_refused_by_field_and_value(
    answer: str, code: str, said: str
) -> None:
    item = make_item()

    with pytest.raises(SubmissionRefusedError) as refused:
        submit_answer(candidate=carol(), item=item, answer=answer)

    assert refused.value.field == "answer"
    assert refused.value.code == code
    assert said in str(refused.value)
    assert not Submission.objects.exists()


def test_the_longest_answer_is_taken_whole() -> None:
    submission = make_submission(answer="x" * 20_000)

    assert len(submission.answer) == 20_000
    assert submission.state == State.QUEUED


def test_a_withdrawn_item_takes_no_answers() -> None:
    item = make_item()
    publish_module(a_module([an_item(slug="another")]))
    item.refresh_from_db()

    with pytest.raises(SubmissionRefusedError, match="withdrawn") as refused:
        submit_answer(candidate=carol(), item=item, answer="An answer.")

    assert refused.value.code == "item_withdrawn"


def test_an_older_version_is_refused_with_the_current_number() -> None:
    make_item()
    item = make_item(an_item(asks="What else?"))

    with pytest.raises(SubmissionRefusedError, match="current one is 2") as refused:
        submit_answer(candidate=carol(), item=item, answer="So.", version_number=1)

    assert refused.value.code == "item_version_withdrawn"


def test_an_unknown_version_is_refused() -> None:
    with pytest.raises(SubmissionRefusedError) as refused:
        submit_answer(
            candidate=carol(), item=make_item(), answer="So.", version_number=9
        )

    assert refused.value.code == "item_version_unknown"


def test_the_same_key_and_answer_is_one_submission() -> None:
    item, key = make_item(), str(uuid.uuid4())

    first = submit_answer(
        candidate=carol(), item=item, answer="So.", idempotency_key=key
    )
    second = submit_answer(
        candidate=carol(), item=item, answer="So.", idempotency_key=key
    )

    assert first.pk == second.pk
    assert Submission.objects.count() == 1


def test_the_same_key_with_another_answer_is_a_conflict() -> None:
    item = make_item()
    submit_answer(candidate=carol(), item=item, answer="So.", idempotency_key="k")

    with pytest.raises(SubmissionRefusedError) as refused:
        submit_answer(candidate=carol(), item=item, answer="No.", idempotency_key="k")

    assert refused.value.code == "idempotency_conflict"


def test_two_people_may_use_the_same_key() -> None:
    item = make_item()

    submit_answer(candidate=carol(), item=item, answer="So.", idempotency_key="k")
    submit_answer(candidate=mallory(), item=item, answer="So.", idempotency_key="k")

    assert Submission.objects.count() == 2


def test_sending_drops_the_draft_of_that_item_only() -> None:
    item = make_item()
    Draft.objects.create(candidate=carol(), item=item, text="so far")
    Draft.objects.create(candidate=mallory(), item=item, text="hers")

    make_submission(item=item)

    assert list(Draft.objects.values_list("text", flat=True)) == ["hers"]


def test_a_worker_is_told_only_after_commit(
    django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[uuid.UUID] = []
    monkeypatch.setattr("grading.submit.ring", lambda pk, *, is_lab: told.append(pk))

    with django_capture_on_commit_callbacks(execute=True):
        submission = make_submission()
        assert told == []

    assert told == [submission.pk]


def test_a_broker_that_is_down_refuses_nothing(
    django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("celery.current_app.send_task", broken)

    with django_capture_on_commit_callbacks(execute=True):
        submission = make_submission()

    assert Submission.objects.get(pk=submission.pk).state == State.QUEUED


def test_windows_line_ends_become_one_form() -> None:
    submission = make_submission(answer="one\r\ntwo")

    assert submission.answer == "one\ntwo"


def test_only_a_failed_submission_can_be_sent_again() -> None:
    submission = make_submission()

    assert not send_again(submission)
    Submission.objects.filter(pk=submission.pk).update(state=State.FAILED, tries=4)
    assert send_again(submission)

    submission.refresh_from_db()
    assert (submission.state, submission.tries) == (State.QUEUED, 0)
