"""Find what the broker forgot: ring again, free dead leases, give up in the open."""

import logging
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F, Q
from django.utils import timezone

from grading.doorbell import ring
from grading.lease import GAVE_UP, MOST_TRIES
from grading.models import State, Submission

logger = logging.getLogger(__name__)

RING_AFTER = timedelta(seconds=10)  # a queued submission is told of again after this
MOST_RING_DOUBLINGS = 5  # ... then after 20, 40 ... at most 320 seconds
BATCH = 500  # submissions a sweep sends at most


@dataclass(slots=True, kw_only=True)
class Swept:
    """How many submissions a sweep freed, gave up and sent again."""

    freed: int = 0
    given_up: int = 0
    rung: int = 0


def sweep() -> Swept:
    """Put right whatever a lost message or a dead worker left behind.

    Any number of sweeps may run at once: each step is a conditional update.
    """
    now = timezone.now()
    swept = Swept()
    dead = Submission.objects.filter(state=State.RUNNING, lease_expires_at__lt=now)
    swept.given_up = dead.filter(tries__gte=MOST_TRIES).update(
        state=State.FAILED,
        lease_token=None,
        lease_expires_at=None,
        finished_at=now,
        failure={"code": "gave_up", "message": GAVE_UP},
    )
    swept.freed = dead.filter(tries__lt=MOST_TRIES).update(
        state=State.QUEUED,
        lease_token=None,
        lease_expires_at=None,
        # Due at once: its candidate has waited for a whole lease already.
        rung_at=now - RING_AFTER,
        rings=1,
    )
    swept.rung = _ring_again()
    if swept.freed or swept.given_up:
        logger.warning("swept %s", swept)
    return swept


def _ring_again() -> int:
    now = timezone.now()
    due = Q()
    for rings in range(1, MOST_RING_DOUBLINGS + 2):
        wait = RING_AFTER * 2 ** (rings - 1)
        last = rings == MOST_RING_DOUBLINGS + 1
        counted = Q(rings__gte=rings) if last else Q(rings=rings)
        due |= counted & Q(rung_at__lte=now - wait)
    waiting = Submission.objects.filter(due, state=State.QUEUED).select_related(
        "item_version"
    )
    rung = 0
    for submission in waiting.order_by("created_at")[:BATCH]:
        told = Submission.objects.filter(
            pk=submission.pk, state=State.QUEUED, rung_at=submission.rung_at
        ).update(rung_at=now, rings=F("rings") + 1)
        if told:
            ring(submission.pk, is_lab=submission.item_version.is_lab)
            rung += 1
    return rung
