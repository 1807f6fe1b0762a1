"""Reads for pages and API; each gives what one page needs in a fixed number of queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Count, Max, Min, OuterRef, Prefetch, QuerySet, Subquery
from django.utils import timezone

from grading.models import Draft, ScoreRecord, State, Submission
from questions.models import Item, Module


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemStanding:
    """Where one candidate stands with one item.

    Attributes:
        item: With its current version loaded.
        submissions: How many answers they sent.
        best: Their best latest score, None before the first.
        last: The score of their newest scored answer.
        last_at: When they last sent an answer.
        has_draft: Whether something typed waits to be sent.
    """

    item: Item
    submissions: int
    best: float | None
    last: float | None
    last_at: datetime | None
    has_draft: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressPoint:
    """One scored answer on a candidate's way."""

    submission_id: UUID
    item_slug: str
    item_title: str
    kind: str
    score: float
    band: str
    submitted_at: datetime


def latest_score(field: str = "score") -> Subquery:
    """Give a subquery with one column of a submission's newest score record."""
    records = ScoreRecord.objects.filter(submission=OuterRef("pk"))
    return Subquery(records.order_by("-created_at", "-id").values(field)[:1])


def submissions_of(candidate: AbstractBaseUser) -> QuerySet[Submission]:
    """Give a candidate's own submissions, newest first, ready to be listed."""
    return (
        Submission.objects.filter(candidate_id=candidate.pk)
        .select_related("item_version", "item_version__item", "lab_run")
        .annotate(score=latest_score(), band=latest_score("band"))
        .order_by("-created_at", "-id")
    )


def submission_of(candidate: AbstractBaseUser, submission_id: UUID) -> Submission:
    """Give one of a candidate's own submissions with its score records.

    Raises:
        Submission.DoesNotExist: Unknown, or somebody else's.
    """
    records = ScoreRecord.objects.select_related("rubric_version").order_by(
        "-created_at", "-id"
    )
    return (
        submissions_of(candidate)
        .prefetch_related(Prefetch("score_records", queryset=records))
        .get(pk=submission_id)
    )


def tries_at(candidate: AbstractBaseUser, item: Item) -> QuerySet[Submission]:
    """Give all of a candidate's submissions to one item, newest first."""
    return submissions_of(candidate).filter(item_version__item=item)


def answered_items(candidate: AbstractBaseUser) -> list[tuple[str, str]]:
    """Give slug and title of every item a candidate sent an answer to."""
    rows = (
        Submission.objects.filter(candidate_id=candidate.pk)
        .order_by("item_version__title")
        .values_list("item_version__item__slug", "item_version__title")
        .distinct()
    )
    return list(dict(rows).items())


def has_submitted(candidate: AbstractBaseUser, item: Item) -> bool:
    """Say whether the model answer may be shown: something was sent before."""
    return Submission.objects.filter(
        candidate_id=candidate.pk, item_version__item=item
    ).exists()


def open_items() -> QuerySet[Item]:
    """Give the items that take answers, with version and module loaded."""
    return (
        Item.objects.exclude(current=None)
        .select_related("current", "module", "module__current")
        .order_by("module__position", "position")
    )


def standings(
    candidate: AbstractBaseUser | None, items: QuerySet[Item]
) -> list[ItemStanding]:
    """Give where a candidate stands with each item: three queries, however many.

    Without a candidate (nobody signed in) every item stands at its beginning.
    """
    rows = list(items)
    sums: dict[int, Mapping[str, object]] = {}
    lasts: dict[int, float] = {}
    drafts: set[int] = set()
    if candidate is not None and candidate.pk is not None:
        mine = Submission.objects.filter(candidate_id=candidate.pk)
        scored = mine.annotate(score=latest_score())
        for row in scored.values("item_version__item").annotate(
            best=Max("score"), count=Count("pk"), at=Max("created_at")
        ):
            sums[row["item_version__item"]] = row
        lasts = dict(
            scored.filter(state=State.DONE)
            .order_by("created_at")
            .values_list("item_version__item", "score")
        )
        drafts = set(
            Draft.objects.filter(candidate_id=candidate.pk)
            .exclude(text="")
            .values_list("item_id", flat=True)
        )
    return [_standing(item, sums.get(item.pk), lasts, drafts) for item in rows]


def _standing(
    item: Item,
    row: Mapping[str, object] | None,
    lasts: dict[int, float],
    drafts: set[int],
) -> ItemStanding:
    found = row or {}
    count, best, at = found.get("count"), found.get("best"), found.get("at")
    return ItemStanding(
        item=item,
        submissions=count if isinstance(count, int) else 0,
        best=best if isinstance(best, float) else None,
        last=lasts.get(item.pk),
        last_at=at if isinstance(at, datetime) else None,
        has_draft=item.pk in drafts,
    )


def progress_of(candidate: AbstractBaseUser) -> list[ProgressPoint]:
    """Give every scored answer of a candidate, oldest first: one query."""
    rows = (
        Submission.objects.filter(candidate_id=candidate.pk, state=State.DONE)
        .annotate(score=latest_score(), band=latest_score("band"))
        .order_by("created_at", "id")
        .values_list(
            "pk",
            "item_version__item__slug",
            "item_version__title",
            "item_version__kind",
            "score",
            "band",
            "created_at",
        )
    )
    return [
        ProgressPoint(
            submission_id=pk,
            item_slug=slug,
            item_title=title,
            kind=kind,
            score=score,
            band=band,
            submitted_at=at,
        )
        for pk, slug, title, kind, score, band, at in rows
        if score is not None
    ]


def modules() -> QuerySet[Module]:
    """Give the published modules in course order."""
    return Module.objects.exclude(current=None).select_related("current")


def oldest_waiting_seconds() -> float | None:
    """Give how long the oldest queued submission has waited; None if none waits."""
    oldest = Submission.objects.filter(state=State.QUEUED).aggregate(
        oldest=Min("created_at")
    )["oldest"]
    return None if oldest is None else (timezone.now() - oldest).total_seconds()
