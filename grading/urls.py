"""Addresses of the candidate's pages."""

from django.urls import path

from grading.views import answer, browse, progress, submissions

app_name = "grading"

urlpatterns = [
    path("", browse.home, name="home"),
    path("about", browse.about, name="about"),
    path("modules/<slug:slug>", browse.module_detail, name="module-detail"),
    path("items", browse.item_list, name="item-list"),
    path("items/<slug:slug>", answer.item_detail, name="item-detail"),
    path("items/<slug:slug>/draft", answer.save_draft, name="draft-save"),
    path("items/<slug:slug>/try", answer.try_run, name="lab-try"),
    path("submissions", submissions.submission_list, name="submission-list"),
    path(
        "submissions/<uuid:submission_id>",
        submissions.submission_detail,
        name="submission-detail",
    ),
    path(
        "submissions/<uuid:submission_id>/retry",
        submissions.submission_retry,
        name="submission-retry",
    ),
    path("progress", progress.progress_detail, name="progress"),
]
