"""One run of a lab and how it ended: appended, never edited."""

import uuid
from typing import ClassVar

from django.db import models


class Verdict(models.TextChoices):
    """How a run, or one test case of it, ended."""

    PASSED = "passed", "Passed"
    FAILED = "failed", "Failed"
    TIME_LIMIT = "time limit", "Time limit"
    MEMORY_LIMIT = "memory limit", "Memory limit"
    OUTPUT_LIMIT = "output limit", "Output limit"
    CRASHED = "crashed", "Crashed"
    REJECTED = "rejected", "Rejected"
    INTERNAL_ERROR = "internal error", "Internal error"


class LabRun(models.Model):
    """One run of somebody's code against a lab's tests.

    ``result`` is what the person may see. ``operator_output`` is kept apart: it
    holds what the code printed during hidden calls.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lab = models.SlugField(help_text="The item's slug.")
    spec_hash = models.CharField(max_length=64)
    seed = models.BigIntegerField()
    verdict = models.CharField(max_length=16, choices=Verdict)
    result = models.JSONField()
    operator_output = models.TextField(blank=True)
    wall_ms = models.FloatField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-created_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(verdict__in=Verdict.values), name="lab_run_verdict"
            ),
        ]

    def __str__(self) -> str:
        """Show lab and verdict."""
        return f"{self.lab}: {self.verdict}"
