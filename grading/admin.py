"""Submissions and scores for staff: to read; what is appended is never edited."""

from django.contrib import admin

from grading.models import Draft, ScoreRecord, Submission
from questions.admin import ReadOnlyAdmin


@admin.register(Submission)
class SubmissionAdmin(ReadOnlyAdmin):
    """What was sent and where it is on its way."""

    list_display = ("id", "candidate", "item_version", "state", "tries", "created_at")
    list_filter = ("state", "item_version__item__module")
    list_select_related = ("candidate", "item_version__item")
    search_fields = ("id", "candidate__email", "item_version__title")
    date_hierarchy = "created_at"


@admin.register(ScoreRecord)
class ScoreRecordAdmin(ReadOnlyAdmin):
    """What each grader version said."""

    list_display = (
        "submission", "score", "band", "confidence", "needs_review", "grader_version",
        "created_at",
    )  # fmt: skip
    list_filter = ("needs_review", "band", "grader_version")
    list_select_related = ("submission",)
    search_fields = ("submission__id", "submission__candidate__email")


@admin.register(Draft)
class DraftAdmin(ReadOnlyAdmin):
    """Whose drafts there are; what they say stays the candidate's."""

    list_display = ("candidate", "item", "saved_at")
    list_select_related = ("candidate", "item")
    fields = ("candidate", "item", "saved_at")
