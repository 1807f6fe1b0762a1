"""What was sent and what became of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from grading.forms import SubmissionFilterForm
from grading.models import Submission
from grading.queries import answered_items, submission_of, submissions_of, tries_at
from grading.submit import send_again
from grading.views.people import is_htmx, me, signed_in
from grading.views.result import result_of
from grading.views.waiting import wait_of

PAGE_SIZE = 20


def _mine(request: HttpRequest, submission_id: UUID) -> Submission:
    try:
        return submission_of(me(request), submission_id)
    except Submission.DoesNotExist:
        raise Http404 from None


@never_cache
@vary_on_headers("HX-Request")
@require_safe
@signed_in
def submission_detail(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """Show the state of a submission, then its score; htmx asks for it again."""
    submission = _mine(request, submission_id)
    version = submission.item_version
    context: dict[str, Any] = {
        "submission": submission,
        "version": version,
        "wait": wait_of(submission),
        "result": result_of(submission),
        "announce": is_htmx(request) and not submission.is_waiting,
    }
    if not submission.is_waiting:
        context["tries"] = list(tries_at(me(request), version.item))
    name = "grading/submission_detail.html"
    if is_htmx(request):
        name += "#outcome"
    return render(request, name, context)


@require_POST
@signed_in
def submission_retry(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """Send a failed submission again."""
    submission = _mine(request, submission_id)
    if send_again(submission):
        messages.success(request, "Your answer is on its way again.")
    else:
        messages.info(request, "There was nothing to send again.")
    return redirect(submission.get_absolute_url())


@vary_on_headers("HX-Request")
@require_safe
@signed_in
def submission_list(request: HttpRequest) -> HttpResponse:
    """List one's submissions, newest first, filtered, page by page."""
    form = SubmissionFilterForm(request.GET, items=answered_items(me(request)))
    form.full_clean()
    rows = submissions_of(me(request))
    if form.cleaned_data.get("item"):
        rows = rows.filter(item_version__item__slug=form.cleaned_data["item"])
    if form.cleaned_data.get("state"):
        rows = rows.filter(state=form.cleaned_data["state"])
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "filters": kept.urlencode(),
        "filtered": any(form.cleaned_data.values()),
    }
    name = "grading/submission_list.html"
    if is_htmx(request):
        name += "#submissions"
    return render(request, name, context, status=200 if form.is_valid() else 422)
