"""The right of one worker to work on one submission, for a while.

A claim is one conditional update whose row count says who won. The lease is
short and renewed while the work goes on, so a killed worker's submission is
free again within seconds; the token keeps a worker that lost its lease (paused,
or cut off from the database) from storing a second result.
"""

import logging
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import DatabaseError, connections
from django.db.models import F
from django.utils import timezone

from grading.models import State, Submission

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=12)
RENEW_EVERY_SECONDS = 4.0  # two renewals may fail before the lease runs out
MOST_TRIES = 4  # workers that may die on a submission before a person has to look
GAVE_UP = "We could not score this answer. It is saved, and can be sent again."


class LeaseLostError(Exception):
    """Somebody else holds the submission now: drop what was worked out."""


def claim(submission_id: uuid.UUID) -> uuid.UUID | None:
    """Take a waiting submission; None when it is taken, done or unknown."""
    token = uuid.uuid4()
    now = timezone.now()
    claimed = Submission.objects.filter(
        pk=submission_id, state=State.QUEUED, tries__lt=MOST_TRIES
    ).update(
        state=State.RUNNING,
        tries=F("tries") + 1,
        lease_token=token,
        lease_expires_at=now + LEASE,
        claimed_at=now,
    )
    return token if claimed else None


def give_back(submission_id: uuid.UUID, token: uuid.UUID) -> None:
    """Put a claimed submission back in the queue, for the sweep to send again."""
    Submission.objects.filter(
        pk=submission_id, state=State.RUNNING, lease_token=token
    ).update(
        state=State.QUEUED,
        lease_token=None,
        lease_expires_at=None,
        rung_at=timezone.now(),
    )


@contextmanager
def renewed(submission_id: uuid.UUID, token: uuid.UUID) -> Iterator[None]:
    """Renew a lease from a second thread for as long as the block runs."""
    done = threading.Event()

    def keep() -> None:
        try:
            while not done.wait(RENEW_EVERY_SECONDS):
                _renew(submission_id, token)
        finally:
            connections.close_all()

    thread = threading.Thread(target=keep, name=f"lease-{submission_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _renew(submission_id: uuid.UUID, token: uuid.UUID) -> None:
    try:
        Submission.objects.filter(
            pk=submission_id, state=State.RUNNING, lease_token=token
        ).update(lease_expires_at=timezone.now() + LEASE)
    except DatabaseError:
        # A lease that cannot be renewed runs out, and another worker takes over.
        logger.warning("lease of %s not renewed", submission_id, exc_info=True)
