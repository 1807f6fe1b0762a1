"""Text of somebody who is not signed in (any more), kept until they are."""

from django.http import HttpRequest

from grading.drafts import as_kept

SESSION_KEY = "kept_answers"
MOST_KEPT = 5  # items; the session is one row


def keep_in_session(request: HttpRequest, slug: str, text: str) -> None:
    """Keep a text in the visitor's own session."""
    kept: dict[str, str] = request.session.get(SESSION_KEY, {})
    kept.pop(slug, None)
    newest = list(kept.items())[-(MOST_KEPT - 1) :]
    request.session[SESSION_KEY] = {**dict(newest), slug: as_kept(text)}


def kept_in_session(request: HttpRequest, slug: str) -> str | None:
    """Give the text kept for an item."""
    text = request.session.get(SESSION_KEY, {}).get(slug)
    return text if isinstance(text, str) else None


def forget_kept(request: HttpRequest, slug: str) -> None:
    """Drop it, once it is stored elsewhere."""
    kept = request.session.get(SESSION_KEY, {})
    if slug in kept:
        del kept[slug]
        request.session[SESSION_KEY] = kept
