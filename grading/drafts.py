"""Keep what somebody is typing, apart from what they have sent."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from grading.core.answers import MOST_CODE_CHARACTERS
from grading.models import Draft
from questions.models import Item


class DraftChangedError(Exception):
    """The draft was changed elsewhere since it was read; nothing was stored.

    Attributes:
        draft: As it is stored now.
    """

    def __init__(self, draft: Draft) -> None:
        """Keep the other draft."""
        self.draft = draft
        super().__init__("the draft was changed elsewhere")


def draft_of(candidate: AbstractBaseUser, item: Item) -> Draft | None:
    """Give somebody's draft for an item, if there is one."""
    return Draft.objects.filter(candidate_id=candidate.pk, item=item).first()


def mark_of(draft: Draft | None) -> str:
    """Give what tells one state of a draft from another; empty without a draft."""
    return "" if draft is None else draft.saved_at.isoformat()


def as_kept(text: str) -> str:
    """Give a text as a draft can hold it.

    A draft may be anything that the database can hold: what is too long to be
    scored is kept all the same, up to the length of the longest lab.
    """
    kept = text.replace("\r\n", "\n").replace("\0", "\ufffd")[:MOST_CODE_CHARACTERS]
    return kept.encode("utf-8", "replace").decode()


def keep_draft(
    *, candidate: AbstractBaseUser, item: Item, text: str, seen: str | None = None
) -> Draft:
    """Keep what was typed so far.

    Args:
        candidate: Who types.
        item: What they answer.
        text: All of it.
        seen: The mark of the draft that the typing started from; None overwrites
            whatever is there.

    Raises:
        DraftChangedError: Another tab or device saved something else since.
    """
    kept = as_kept(text)
    with transaction.atomic():
        found = (
            Draft.objects.select_for_update()
            .filter(candidate_id=candidate.pk, item=item)
            .first()
        )
        if seen is not None and found is not None and _clashes(found, kept, seen):
            raise DraftChangedError(found)
        draft, _ = Draft.objects.update_or_create(
            candidate_id=candidate.pk, item=item, defaults={"text": kept}
        )
    return draft


def _clashes(found: Draft, kept: str, seen: str) -> bool:
    says_something_else = bool(found.text.strip()) and found.text != kept
    return says_something_else and mark_of(found) != seen


def drop_draft(*, candidate: AbstractBaseUser, item: Item) -> None:
    """Forget a draft."""
    Draft.objects.filter(candidate_id=candidate.pk, item=item).delete()
