from collections.abc import Callable

import pytest

from grading import grade as grade_module
from grading.core.errors import UngradableError
from grading.core.evidence import Evidence, Signal, Span
from grading.core.finding import Finding
from grading.core.rubric import Rubric
from grading.core.score import JudgedCriterion, Score, add_up
from grading.grade import grade
from grading.lease import MOST_TRIES, claim
from grading.models import ScoreRecord, State, Submission
from labs.core.errors import SandboxUnavailableError
from tests.factories import make_submission

pytestmark = pytest.mark.django_db(transaction=True)


class FakeGrader:
    """Gives each criterion full credit; counts how often it is asked."""

    version = "fake-1"
    identity = {"code": "fake"}  # noqa: RUF012 - a fake

    def __init__(self, before: Callable[[], None] = lambda: None) -> None:
        self.before = before
        self.asked = 0

    def score(self, rubric: Rubric, answer: str) -> Score:
        self.asked += 1
        self.before()
        whole = Evidence(
            span=Span(start=0, end=len(answer)), signal=Signal.JUDGE, strength=1.0
        )
        criteria = [
            JudgedCriterion(
                id=c.id, says=c.says, weight=c.weight, finding=Finding.MET, credit=1.0,
                evidence=(whole,), signals={}, feedback="",
            )
            for c in rubric.criteria
        ]  # fmt: skip
        return add_up(criteria, confidence=0.9, review_below=0.5)


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[[FakeGrader], FakeGrader]:
    def install(grader: FakeGrader) -> FakeGrader:
        monkeypatch.setattr(grade_module, "load_grader", lambda: grader)
        return grader

    return install


def test_a_submission_ends_with_one_record(
    use: Callable[[FakeGrader], FakeGrader],
) -> None:
    use(FakeGrader())
    submission = make_submission()

    assert grade(submission.pk)

    submission.refresh_from_db()
    record = ScoreRecord.objects.get()
    assert submission.state == State.DONE
    assert submission.finished_at is not None
    assert (record.score, record.band, record.grader_version) == (
        100.0,
        "strong",
        "fake-1",
    )
    assert record.rubric_version == submission.item_version.item.current_rubric


def test_grading_twice_changes_nothing(
    use: Callable[[FakeGrader], FakeGrader],
) -> None:
    grader = use(FakeGrader())
    submission = make_submission()

    grade(submission.pk)

    assert not grade(submission.pk)
    assert grader.asked == 1
    assert ScoreRecord.objects.count() == 1


def test_a_worker_that_lost_its_lease_stores_nothing(
    use: Callable[[FakeGrader], FakeGrader],
) -> None:
    submission = make_submission()

    def somebody_else_takes_over() -> None:
        Submission.objects.filter(pk=submission.pk).update(state=State.QUEUED)
        assert claim(submission.pk) is not None

    use(FakeGrader(before=somebody_else_takes_over))

    assert not grade(submission.pk)
    submission.refresh_from_db()
    assert submission.state == State.RUNNING
    assert not ScoreRecord.objects.exists()


def test_what_cannot_be_scored_says_why(
    use: Callable[[FakeGrader], FakeGrader],
) -> None:
    def refuse() -> None:
        raise UngradableError("The answer has no words.")

    use(FakeGrader(before=refuse))
    submission = make_submission()

    grade(submission.pk)

    submission.refresh_from_db()
    assert submission.state == State.UNGRADABLE
    assert submission.failure == {
        "code": "answer_ungradable",
        "message": "The answer has no words.",
    }


def test_a_fault_of_ours_goes_back_to_the_queue_and_fails_after_the_last_try(
    use: Callable[[FakeGrader], FakeGrader],
) -> None:
    def break_down() -> None:
        raise OSError("disk")

    use(FakeGrader(before=break_down))
    submission = make_submission()

    for number in range(MOST_TRIES):
        with pytest.raises(OSError, match="disk"):
            grade(submission.pk)
        submission.refresh_from_db()
        expected = State.QUEUED if number < MOST_TRIES - 1 else State.FAILED
        assert submission.state == expected

    assert submission.failure is not None
    assert "disk" not in submission.failure["message"]
    assert not grade(submission.pk)


def test_without_isolation_the_reason_is_shown(
    use: Callable[[FakeGrader], FakeGrader],
) -> None:
    def refuse() -> None:
        raise SandboxUnavailableError("bubblewrap (bwrap) is not installed")

    use(FakeGrader(before=refuse))
    submission = make_submission()

    grade(submission.pk)

    submission.refresh_from_db()
    assert submission.state == State.FAILED
    assert submission.failure is not None
    assert "bubblewrap" in submission.failure["message"]
