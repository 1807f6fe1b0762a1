"""Tell a worker that a submission waits; the broker only rings, the database knows."""

import logging
import uuid

from celery import current_app
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def ring(submission_id: uuid.UUID, *, is_lab: bool) -> None:
    """Send a submission's id to its queue; a broker that is down is no error.

    The submission is stored already: the sweep rings again until it is done.
    """
    # By name: the tasks themselves ring, so importing them here would be a circle.
    task = "grading.tasks.grade_lab" if is_lab else "grading.tasks.grade_answer"
    try:
        current_app.send_task(task, args=[str(submission_id)])
    except (OperationalError, OSError):
        logger.warning("broker unreachable; the sweep will send %s", submission_id)
