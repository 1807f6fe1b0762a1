"""Celery entries: ids in, nothing out; a task that fails is sent again by the sweep."""

import uuid

from celery import shared_task

from grading.grade import grade
from grading.sweep import sweep as sweep_once


@shared_task(name="grading.tasks.grade_answer")
def grade_answer(submission_id: str) -> None:
    """Score one free-text submission."""
    grade(uuid.UUID(submission_id))


@shared_task(name="grading.tasks.grade_lab")
def grade_lab(submission_id: str) -> None:
    """Run and score one lab submission."""
    grade(uuid.UUID(submission_id))


@shared_task(name="grading.tasks.sweep")
def sweep() -> None:
    """Put right whatever a lost message or a dead worker left behind."""
    sweep_once()
