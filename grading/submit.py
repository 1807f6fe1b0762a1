"""Take an answer: check it, store it, tell a worker once it is stored."""

import hashlib
from functools import partial

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction

from grading.core.answers import MOST_CHARACTERS, MOST_CODE_CHARACTERS, fault_of
from grading.doorbell import ring
from grading.models import Draft, State, Submission
from questions.models import Item, ItemVersion


class SubmissionRefusedError(Exception):
    """The answer was not taken; nothing was stored.

    Attributes:
        field: The part of the request that is wrong.
        code: Stable, for clients.
    """

    def __init__(self, *, field: str, code: str, message: str) -> None:
        """Keep the field and code beside the sentence."""
        self.field = field
        self.code = code
        super().__init__(message)


def submit_answer(
    *,
    candidate: AbstractBaseUser,
    item: Item,
    answer: str,
    version_number: int | None = None,
    idempotency_key: str = "",
) -> Submission:
    """Store one answer, queue its scoring on commit, drop the draft it came from.

    Args:
        candidate: Who answers.
        item: What is answered.
        answer: As typed; never edited afterwards.
        version_number: The item version that was read; None takes the current.
        idempotency_key: The same key and answer again give the first submission.

    Raises:
        SubmissionRefusedError: Names the field and what is wrong with its value.
    """
    version = _open_version(item, version_number)
    most = MOST_CODE_CHARACTERS if version.is_lab else MOST_CHARACTERS
    # Browsers send CRLF; one form of line end keeps offsets the same everywhere.
    answer = answer.replace("\r\n", "\n")
    fault = fault_of(answer, most=most)
    if fault is not None:
        raise SubmissionRefusedError(
            field="answer", code=fault.code, message=fault.message
        )
    if len(idempotency_key) > 200:
        raise SubmissionRefusedError(
            field="idempotency_key",
            code="idempotency_key_too_long",
            message=f"The key has {len(idempotency_key)} characters; 200 at most.",
        )
    digest = hashlib.sha256(answer.encode()).hexdigest()
    try:
        with transaction.atomic():
            submission = Submission.objects.create(
                candidate_id=candidate.pk,
                item_version=version,
                answer=answer,
                answer_hash=digest,
                idempotency_key=idempotency_key,
            )
            Draft.objects.filter(candidate_id=candidate.pk, item=item).delete()
            transaction.on_commit(partial(ring, submission.pk, is_lab=version.is_lab))
    except IntegrityError:
        return _sent_before(candidate, idempotency_key, version, digest)
    return submission


def send_again(submission: Submission) -> bool:
    """Queue a failed submission once more, by hand; says whether it was failed."""
    changed = Submission.objects.filter(pk=submission.pk, state=State.FAILED).update(
        state=State.QUEUED, tries=0, rings=1, failure=None, finished_at=None
    )
    if changed:
        ring(submission.pk, is_lab=submission.item_version.is_lab)
    return changed == 1


def _open_version(item: Item, number: int | None) -> ItemVersion:
    """Give the version that may be answered."""
    current = item.current
    if current is None:
        raise SubmissionRefusedError(
            field="item",
            code="item_withdrawn",
            message=f"The item {item.slug!r} was withdrawn and takes no answers.",
        )
    if number is not None and number != current.number:
        known = item.versions.filter(number=number).exists()
        said = "was withdrawn" if known else "does not exist"
        raise SubmissionRefusedError(
            field="item_version",
            code="item_version_withdrawn" if known else "item_version_unknown",
            message=f"Version {number} of {item.slug!r} {said}; "
            f"the current one is {current.number}.",
        )
    return current


def _sent_before(
    candidate: AbstractBaseUser, key: str, version: ItemVersion, digest: str
) -> Submission:
    """Give the submission that the same key made, if it says the same."""
    first = Submission.objects.get(candidate_id=candidate.pk, idempotency_key=key)
    if first.item_version.item_id != version.item_id or first.answer_hash != digest:
        raise SubmissionRefusedError(
            field="idempotency_key",
            code="idempotency_conflict",
            message=f"The key {key!r} was used for another answer.",
        )
    return first
