"""Keep what somebody is typing, apart from what they have sent."""

from django.contrib.auth.models import AbstractBaseUser

from grading.core.answers import MOST_CODE_CHARACTERS
from grading.models import Draft
from questions.models import Item


def draft_of(candidate: AbstractBaseUser, item: Item) -> Draft | None:
    """Give somebody's draft for an item, if there is one."""
    return Draft.objects.filter(candidate_id=candidate.pk, item=item).first()


def keep_draft(*, candidate: AbstractBaseUser, item: Item, text: str) -> Draft:
    """Keep what was typed so far; the last one to save wins.

    A draft may be anything that the database can hold: what is too long to be
    scored is kept all the same, up to the length of the longest lab.
    """
    kept = text.replace("\r\n", "\n").replace("\0", "\ufffd")[:MOST_CODE_CHARACTERS]
    kept = kept.encode("utf-8", "replace").decode()
    draft, _ = Draft.objects.update_or_create(
        candidate_id=candidate.pk, item=item, defaults={"text": kept}
    )
    return draft


def drop_draft(*, candidate: AbstractBaseUser, item: Item) -> None:
    """Forget a draft."""
    Draft.objects.filter(candidate_id=candidate.pk, item=item).delete()
