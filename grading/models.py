"""Answers as they were sent, and what was said of them."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse


class State(models.TextChoices):
    """Where a submission is on its way to a score."""

    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Being scored"
    DONE = "done", "Scored"
    FAILED = "failed", "Failed on our side"
    UNGRADABLE = "ungradable", "Could not be scored"


OPEN_STATES = (State.QUEUED, State.RUNNING)


class Draft(models.Model):
    """What a candidate has typed so far for one item; replaced as they type."""

    candidate = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts"
    )
    item = models.ForeignKey(
        "questions.Item", on_delete=models.CASCADE, related_name="+"
    )
    text = models.TextField()
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        """One draft for each person and item."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["candidate", "item"], name="draft_once_per_item"
            ),
        ]

    def __str__(self) -> str:
        """Show whose draft it is, not what it says."""
        return f"draft of {self.candidate_id} for {self.item_id}"


class Submission(models.Model):
    """One answer by one person to one item version; its text never changes.

    ``state``, the lease and the counters are the queue: the broker only rings.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    candidate = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="submissions"
    )
    item_version = models.ForeignKey(
        "questions.ItemVersion", on_delete=models.PROTECT, related_name="submissions"
    )
    answer = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
    idempotency_key = models.CharField(max_length=200, blank=True)
    answer_hash = models.CharField(max_length=64)

    state = models.CharField(max_length=12, choices=State, default=State.QUEUED)
    tries = models.PositiveSmallIntegerField(default=0)
    lease_token = models.UUIDField(null=True, editable=False)
    lease_expires_at = models.DateTimeField(null=True, editable=False)
    claimed_at = models.DateTimeField(null=True, editable=False)
    rung_at = models.DateTimeField(
        auto_now_add=True, help_text="When a worker was last told of it."
    )
    rings = models.PositiveSmallIntegerField(default=1)
    finished_at = models.DateTimeField(null=True)
    failure = models.JSONField(
        null=True, help_text="code and sentence, once failed or ungradable."
    )
    lab_run = models.OneToOneField(
        "labs.LabRun", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        """Newest first; the sweep finds open ones without a scan."""

        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=State.values), name="submission_state"
            ),
            models.CheckConstraint(
                condition=~models.Q(state=State.RUNNING)
                | models.Q(lease_token__isnull=False, lease_expires_at__isnull=False),
                name="submission_running_has_lease",
            ),
            models.UniqueConstraint(
                fields=["candidate", "idempotency_key"],
                condition=~models.Q(idempotency_key=""),
                name="submission_idempotency_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["state", "rung_at"],
                condition=models.Q(state__in=OPEN_STATES),
                name="submission_open",
            ),
            models.Index(fields=["candidate", "-created_at"], name="submission_mine"),
        ]

    def __str__(self) -> str:
        """Show the id, not what it says."""
        return str(self.pk)

    def get_absolute_url(self) -> str:
        """Give the page that shows state and score."""
        return reverse("grading:submission-detail", args=[self.pk])

    @property
    def is_waiting(self) -> bool:
        """Say whether a score is still to come."""
        return self.state in OPEN_STATES


class ScoreRecord(models.Model):
    """What one grader version with one rubric version says of one submission.

    Appended, never edited: a regrade adds a record.
    """

    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, related_name="score_records"
    )
    rubric_version = models.ForeignKey(
        "questions.RubricVersion",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Empty for labs: the item version holds their tests.",
    )
    grader_version = models.CharField(max_length=80)
    grader = models.JSONField(help_text="Versions and hashes of all that scored.")
    score = models.FloatField()
    band = models.CharField(max_length=20)
    confidence = models.FloatField()
    needs_review = models.BooleanField(default=False)
    criteria = models.JSONField()
    timings = models.JSONField(
        default=dict, help_text="Milliseconds of each stage, by name."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """One record for each submission, rubric version and grader version."""

        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["submission", "rubric_version", "grader_version"],
                name="score_record_once_per_versions",
            ),
            models.UniqueConstraint(
                fields=["submission", "grader_version"],
                condition=models.Q(rubric_version__isnull=True),
                name="score_record_once_per_lab",
            ),
            models.CheckConstraint(
                condition=models.Q(score__gte=0, score__lte=100),
                name="score_record_score_range",
            ),
            models.CheckConstraint(
                condition=models.Q(confidence__gte=0, confidence__lte=1),
                name="score_record_confidence_range",
            ),
        ]

    def __str__(self) -> str:
        """Show submission and score."""
        return f"{self.submission_id}: {self.score:.1f}"
