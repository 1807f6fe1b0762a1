"""How soon a page that waits for a score asks again."""

from dataclasses import dataclass

from django.utils import timezone

from grading.models import Submission

# Seconds since it was sent, and milliseconds until the page asks again: most
# answers are scored within half a second, and a long queue should not be asked
# about twice a second by everybody in it.
PACE = ((4, 400), (30, 1_000), (120, 3_000))
SLOWEST_MS = 8_000
LATE_SECONDS = 20  # after it the page says that it takes longer than usual


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """When to ask again, and whether to apologise."""

    ask_again_ms: int
    is_late: bool


def wait_of(submission: Submission) -> Wait | None:
    """Give the pace for a submission that still waits; None once it is settled."""
    if not submission.is_waiting:
        return None
    age = (timezone.now() - submission.created_at).total_seconds()
    pace = next((ms for below, ms in PACE if age < below), SLOWEST_MS)
    return Wait(ask_again_ms=pace, is_late=age > LATE_SECONDS)
