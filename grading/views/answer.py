"""One item: read it, write an answer, keep it as a draft, send it, try code."""

import hashlib
import logging

from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST

from grading.drafts import DraftChangedError, draft_of, keep_draft, mark_of
from grading.forms import AnswerForm, field_not_utf8
from grading.models import Draft
from grading.submit import SubmissionRefusedError, submit_answer
from grading.try_lab import try_code
from grading.views.answer_page import AnswerPage, Fault, answer_page
from grading.views.kept import forget_kept, keep_in_session
from grading.views.people import candidate_of, is_htmx, sign_in_address
from labs.core.errors import LabError
from questions.models import Item

logger = logging.getLogger(__name__)

WITHDRAWN = {"item_withdrawn", "item_version_withdrawn"}
STORE_DOWN = "Nothing could be saved just now. Your text is below: send it again soon."
PAGE_TOO_OLD = (
    "This page was open for so long, or since before you signed in, that it could "
    "not be trusted any more. Nothing is lost: your text is below."
)
NOT_UTF8 = "The field “{field}” holds bytes that are not UTF-8 text."


def _item(slug: str) -> Item:
    rows = Item.objects.select_related("current", "module", "module__current")
    return get_object_or_404(rows, slug=slug)


def _show(
    request: HttpRequest, item: Item, page: AnswerPage, *, part: str = ""
) -> HttpResponse:
    """Show the item with what its page is to say."""
    context = answer_page(request, item, page)
    name = "grading/item_detail.html" + (f"#{part}" if part else "")
    return render(request, name, context, status=page.status)


def _kept_page(
    request: HttpRequest, *, title: str, sentence: str, text: str, again: str, code: int
) -> HttpResponse:
    """Show a text that could not be taken, asking the database for nothing."""
    context = {"title": title, "sentence": sentence, "text": text, "again": again}
    return render(request, "grading/answer_kept.html", context, status=code)


@cache_control(private=True, no_cache=True)  # not no-store: Back brings the text back
@require_http_methods(["GET", "HEAD", "POST"])
def item_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an item; take an answer to it."""
    item = _item(slug)
    if request.method == "POST":
        return _submit(request, item)
    if item.current is None:
        candidate = candidate_of(request)
        draft = draft_of(candidate, item) if candidate else None
        return _kept_page(
            request,
            title="This item was withdrawn",
            sentence="It takes no answers any more. What you sent before is still yours.",
            text=draft.text if draft else "",
            again="",
            code=409,
        )
    return _show(request, item, AnswerPage())


def _posted(request: HttpRequest) -> tuple[AnswerForm, Fault | None]:
    """Read what was posted; the text as typed is in ``form["answer"].value()``."""
    form = AnswerForm(request.POST)
    if field := field_not_utf8(request):
        return form, Fault(field=field, message=NOT_UTF8.format(field=field))
    if not form.is_valid():
        field, errors = next(iter(form.errors.items()))
        return form, Fault(field=field, message=f"{field}: {errors[0]}")
    return form, None


def _text(form: AnswerForm) -> str:
    return str(form["answer"].value() or "")


def _submit(request: HttpRequest, item: Item) -> HttpResponse:
    form, fault = _posted(request)
    text = _text(form)
    if fault is not None:
        return _show(request, item, AnswerPage(status=422, text=text, fault=fault))
    candidate = candidate_of(request)
    if candidate is None:
        return _ask_to_sign_in(request, item, text)
    try:
        other = _newer_draft(candidate, item, form)
        submission = submit_answer(
            candidate=candidate,
            item=item,
            answer=text,
            version_number=form.cleaned_data["version"],
            idempotency_key=_key(form.cleaned_data["key"], text),
        )
        if other is not None:
            keep_draft(candidate=candidate, item=item, text=other.text)
        forget_kept(request, item.slug)
    except SubmissionRefusedError as error:
        return _refused(request, item, text, error)
    except DatabaseError:
        return _not_stored(request, text)
    return redirect(submission.get_absolute_url())


def _not_stored(request: HttpRequest, text: str) -> HttpResponse:
    logger.exception("database error on %s", request.path)
    return _kept_page(
        request,
        title="Not saved yet",
        sentence=STORE_DOWN,
        text=text,
        again=request.path,
        code=503,
    )


def _key(key: str, text: str) -> str:
    """Give the idempotency key: the page's own, for this very text.

    A double click sends the same text twice and is one submission; going back,
    changing the text and sending that is another.
    """
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
    return f"page-{key}-{digest}" if key else ""


def _newer_draft(
    candidate: AbstractBaseUser, item: Item, form: AnswerForm
) -> Draft | None:
    """Give a draft that another tab saved since this one last did."""
    draft = draft_of(candidate, item)
    if draft is None or not draft.text.strip():
        return None
    seen = form.cleaned_data["seen"]
    same = draft.text == _text(form).replace("\r\n", "\n")
    return None if same or mark_of(draft) == seen else draft


def _refused(
    request: HttpRequest, item: Item, text: str, error: SubmissionRefusedError
) -> HttpResponse:
    if item.current is None:
        return _kept_page(
            request,
            title="This item was withdrawn",
            sentence="It takes no answers any more. Your text was not sent; it is below.",
            text=text,
            again="",
            code=409,
        )
    message = str(error)
    if error.code == "item_version_withdrawn":
        message = (
            "The question was changed since you opened it. This is how it reads now; "
            "your text is still here. Read it once more, then send."
        )
    fault = Fault(field=error.field, message=message)
    status = 409 if error.code in WITHDRAWN else 422
    return _show(request, item, AnswerPage(status=status, text=text, fault=fault))


def _ask_to_sign_in(request: HttpRequest, item: Item, text: str) -> HttpResponse:
    keep_in_session(request, item.slug, text)
    messages.info(request, "Sign in to send it: what you wrote is kept.")
    return redirect(sign_in_address(reverse("grading:item-detail", args=[item.slug])))


@require_POST
def save_draft(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep what was typed so far; htmx calls it while somebody types."""
    item = _item(slug)
    form, fault = _posted(request)
    page = AnswerPage(text=_text(form), fault=fault, status=422 if fault else 200)
    candidate = candidate_of(request)
    if fault is None and candidate is None:
        if not is_htmx(request):
            return _ask_to_sign_in(request, item, page.text or "")
        keep_in_session(request, item.slug, page.text or "")
        page.status, page.signed_out = 401, True
    elif fault is None and candidate is not None:
        seen = None if form.cleaned_data["mine"] else form.cleaned_data["seen"]
        try:
            page.saved = keep_draft(
                candidate=candidate, item=item, text=page.text or "", seen=seen
            )
            forget_kept(request, item.slug)
        except DraftChangedError as clash:
            page.status, page.other = 409, clash.draft
        except DatabaseError:
            return _not_stored(request, page.text or "")
    if is_htmx(request):
        return _show(request, item, page, part="draft-state")
    if page.saved is not None:
        messages.success(request, "Your draft is saved.")
        return redirect("grading:item-detail", slug=slug)
    return _show(request, item, page)


@require_POST
def try_run(request: HttpRequest, slug: str) -> HttpResponse:
    """Run a lab's visible examples; it counts nothing and stores only the draft."""
    item = _item(slug)
    form, fault = _posted(request)
    page = AnswerPage(text=_text(form), fault=fault, status=422 if fault else 200)
    candidate = candidate_of(request)
    if candidate is None:
        answer = _ask_to_sign_in(request, item, page.text or "")
        if is_htmx(request):
            return HttpResponse(status=204, headers={"HX-Redirect": answer["Location"]})
        return answer
    if fault is None:
        try:
            page.run = try_code(candidate=candidate, item=item, code=page.text or "")
        except SubmissionRefusedError as error:
            page.fault, page.status = Fault(field="answer", message=str(error)), 422
        except LabError as error:
            # htmx shows the part with 409; what comes with 503 may be any page.
            page.status = 409 if is_htmx(request) else 503
            page.fault = Fault(field="run", message=str(error))
    return _show(request, item, page, part="try-result" if is_htmx(request) else "")


def page_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token no longer fits, without losing its text."""
    text = request.POST.get("answer", "")
    again = request.path if text and request.path.startswith("/items/") else ""
    if is_htmx(request):
        return HttpResponse(PAGE_TOO_OLD, status=403, content_type="text/plain")
    return _kept_page(
        request,
        title="Please send it once more",
        sentence=PAGE_TOO_OLD
        if text
        else "This page was open for too long. Go back, reload it, and try again.",
        text=text,
        again=again,
        code=403,
    )
