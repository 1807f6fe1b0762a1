"""Addresses of the REST API, version 1."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from grading.api import content, docs, submissions

app_name = "api"

urlpatterns = [
    path("", docs.Root.as_view(), name="root"),
    path("schema", SpectacularAPIView.as_view(), name="schema"),
    path("docs", docs.SchemaPage.as_view(), name="docs"),
    path("modules", content.ModuleList.as_view(), name="module-list"),
    path("modules/<slug:slug>", content.ModuleDetail.as_view(), name="module-detail"),
    path("items", content.ItemList.as_view(), name="item-list"),
    path("items/<slug:slug>", content.ItemDetail.as_view(), name="item-detail"),
    path(
        "items/<slug:slug>/model-answer",
        content.ModelAnswer.as_view(),
        name="item-model-answer",
    ),
    path("items/<slug:slug>/draft", content.DraftDetail.as_view(), name="item-draft"),
    path("items/<slug:slug>/try", content.TryLab.as_view(), name="item-try"),
    path("submissions", submissions.SubmissionList.as_view(), name="submission-list"),
    path(
        "submissions/<uuid:submission_id>",
        submissions.SubmissionDetail.as_view(),
        name="submission-detail",
    ),
    path(
        "submissions/<uuid:submission_id>/retry",
        submissions.SubmissionRetry.as_view(),
        name="submission-retry",
    ),
    path(
        "score-records", submissions.ScoreRecordList.as_view(), name="score-record-list"
    ),
    path(
        "score-records/<int:pk>",
        submissions.ScoreRecordDetail.as_view(),
        name="score-record-detail",
    ),
    path("lab-runs", submissions.LabRunList.as_view(), name="lab-run-list"),
    path(
        "lab-runs/<uuid:pk>", submissions.LabRunDetail.as_view(), name="lab-run-detail"
    ),
    path("progress", submissions.Progress.as_view(), name="progress"),
]
