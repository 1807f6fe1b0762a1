"""What the page of one item shows."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from grading.core.answers import MOST_CHARACTERS, MOST_CODE_CHARACTERS
from grading.drafts import draft_of, keep_draft, mark_of
from grading.models import Draft, Submission
from grading.queries import tries_at
from grading.views.kept import forget_kept, kept_in_session
from grading.views.lab_face import face_of
from grading.views.people import candidate_of
from questions.models import Item

MOST_TRIES_SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with what was posted, and with which field."""

    field: str
    message: str


@dataclass(slots=True, kw_only=True)
class AnswerPage:
    """What a request adds to an item's page.

    Attributes:
        text: What was posted; None takes draft, kept text or starter.
        fault: Why it was not taken.
        saved: The draft that was just stored.
        other: A draft from another tab that differs from the text.
        notice: A sentence about where the text comes from.
        run: The outcome of a try-run.
    """

    status: int = 200
    text: str | None = None
    fault: Fault | None = None
    saved: Draft | None = None
    other: Draft | None = None
    notice: str = ""
    signed_out: bool = False
    run: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """The text a page begins with and the draft state it goes with."""

    text: str
    seen: str
    notice: str = ""
    other: Draft | None = None
    saved: Draft | None = None


def answer_page(request: HttpRequest, item: Item, page: AnswerPage) -> dict[str, Any]:
    """Give the context of an item's page."""
    version = item.current
    assert version is not None  # noqa: S101 - withdrawn items have a page of their own
    candidate = candidate_of(request)
    face = face_of(version) if version.is_lab else None
    start = _start(request, item, page, starter=face["starter"] if face else "")
    most = MOST_CODE_CHARACTERS if version.is_lab else MOST_CHARACTERS
    tries = list(tries_at(candidate, item)[:MOST_TRIES_SHOWN]) if candidate else []
    return {
        "item": item,
        "version": version,
        "content": version.content,
        "module_title": _module_title(item),
        "face": face,
        "text": start.text,
        "seen": start.seen,
        "notice": start.notice,
        "other": start.other,
        "saved": start.saved,
        "fault": page.fault,
        "signed_out": page.signed_out,
        "run": page.run,
        "key": request.POST.get("key") or uuid.uuid4().hex,
        "most": most,
        "most_shown": f"{most:,}",
        "length": f"{len(start.text):,}",
        "words": len(start.text.split()),
        "tries": tries,
    }


def _module_title(item: Item) -> str:
    current = item.module.current
    return str(current.content["title"]) if current else item.module.slug


def _start(
    request: HttpRequest, item: Item, page: AnswerPage, *, starter: str
) -> Start:
    if page.saved is not None:
        seen = mark_of(page.saved)
        return Start(text=page.text or "", seen=seen, saved=page.saved)
    if page.text is not None:
        seen = request.POST.get("seen", "")
        return Start(text=page.text, seen=seen, notice=page.notice, other=page.other)
    candidate = candidate_of(request)
    kept = kept_in_session(request, item.slug)
    if candidate is None:
        return Start(text=kept or starter, seen="")
    draft = draft_of(candidate, item)
    earlier = _earlier_text(request, item)
    if kept is not None:
        return _with_kept(request, item, kept, draft)
    if earlier is not None and not (draft and draft.text.strip()):
        return Start(
            text=earlier,
            seen=mark_of(draft),
            notice="It starts from your earlier answer.",
        )
    if earlier is not None:
        return Start(
            text=earlier,
            seen="",
            other=draft,
            notice="It starts from your earlier answer.",
        )
    if draft is not None and draft.text.strip():
        return Start(text=draft.text, seen=mark_of(draft), saved=draft)
    return Start(text=starter, seen=mark_of(draft))


def _with_kept(
    request: HttpRequest, item: Item, kept: str, draft: Draft | None
) -> Start:
    """Bring back what was typed while signed out; a different draft stays."""
    candidate = candidate_of(request)
    if draft is not None and draft.text.strip() and draft.text != kept:
        notice = "This is what you typed before you signed in. It is not saved yet."
        return Start(text=kept, seen="", other=draft, notice=notice)
    assert candidate is not None  # noqa: S101 - there is a draft only for somebody
    saved = keep_draft(candidate=candidate, item=item, text=kept)
    forget_kept(request, item.slug)
    notice = "What you typed before you signed in is back, and saved as a draft."
    return Start(text=kept, seen=mark_of(saved), notice=notice, saved=saved)


def _earlier_text(request: HttpRequest, item: Item) -> str | None:
    """Give the text of one's own earlier try that ``?from=`` names."""
    candidate = candidate_of(request)
    try:
        wanted = uuid.UUID(request.GET.get("from", ""))
    except ValueError:
        return None
    if candidate is None:
        return None
    mine = Submission.objects.filter(
        candidate_id=candidate.pk, item_version__item=item, pk=wanted
    )
    return mine.values_list("answer", flat=True).first()
