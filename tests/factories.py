"""A fixed cast and the things they make: plain functions with keyword defaults."""

from collections.abc import Mapping, Sequence

from django.contrib.auth import get_user_model

from grading.core.bands import band_of
from grading.core.rubric import Criterion
from grading.models import ScoreRecord, State, Submission
from grading.submit import submit_answer
from questions.core.item import CourseModule, Item, ItemKind, Section
from questions.models import Item as ItemRow
from questions.publish import publish_module
from quizsite.accounts.models import User

PASSWORD = "correct horse battery"


def person(name: str, **extra: object) -> User:
    """Give somebody of the cast, made on first use."""
    email = f"{name}@example.org"
    found = get_user_model().objects.filter(email=email).first()
    return found or get_user_model().objects.create_user(email, PASSWORD, **extra)


def ada() -> User:
    """Ada writes items and has the admin."""
    return person("ada", is_staff=True, is_superuser=True)


def carol() -> User:
    """Carol is the candidate."""
    return person("carol")


def mallory() -> User:
    """Mallory may see nothing of Carol's."""
    return person("mallory")


def a_criterion(**changes: object) -> Criterion:
    """Give a criterion with everything that it may have."""
    fields: dict[str, object] = {
        "id": "grows-linearly",
        "says": "The cache grows in proportion to the number of tokens",
        "weight": 1.0,
        "keywords": (("cache",), ("linear", "proportion")),
        "references": ("Twice the tokens, twice the cache.",),
        "misconceptions": ("The cache stays the same however long the prompt is.",),
        "feedback": "Say how the cache grows with the context.",
    }
    return Criterion(**{**fields, **changes})  # type: ignore[arg-type]


def an_item(**changes: object) -> Item:
    """Give an authored item."""
    fields: dict[str, object] = {
        "slug": "cache-growth",
        "section": "basics",
        "kind": ItemKind.CONCEPT,
        "title": "How the cache grows",
        "asks": "How does a KV cache grow with the context?",
        "prompt": "",
        "model_answer": "It grows linearly with the tokens. SECRET-MODEL-ANSWER",
        "minutes": 3,
        "criteria": (
            a_criterion(),
            a_criterion(
                id="every-layer",
                says="Every layer keeps keys and values",
                keywords=(("layer",),),
                references=("Each layer stores its own keys and values.",),
                misconceptions=("Only the last layer stores anything.",),
            ),
        ),
        "lab_files": {},
    }
    return Item(**{**fields, **changes})  # type: ignore[arg-type]


def a_module(items: Sequence[Item] = (), **changes: object) -> CourseModule:
    """Give an authored module."""
    fields: dict[str, object] = {
        "slug": "caching",
        "title": "Caching",
        "position": 1,
        "summary": "What a cache costs.",
        "sections": (
            Section(slug="basics", title="Basics", reading="A cache **keeps** things."),
        ),
        "items": tuple(items) or (an_item(),),
    }
    return CourseModule(**{**fields, **changes})  # type: ignore[arg-type]


def make_item(item: Item | None = None) -> ItemRow:
    """Publish a module with just this item and give its row."""
    authored = item or an_item()
    publish_module(a_module([authored]))
    return ItemRow.objects.select_related("current", "current_rubric").get(
        slug=authored.slug
    )


def make_submission(
    *,
    candidate: User | None = None,
    item: ItemRow | None = None,
    answer: str = "The cache grows linearly with the tokens.",
    state: State = State.QUEUED,
) -> Submission:
    """Send an answer as its candidate would."""
    submission = submit_answer(
        candidate=candidate or carol(), item=item or make_item(), answer=answer
    )
    if state is not State.QUEUED:
        Submission.objects.filter(pk=submission.pk).update(state=state)
        submission.refresh_from_db()
    return submission


def criterion_json(**changes: object) -> Mapping[str, object]:
    """Give one criterion of a score record, as it is stored."""
    fields: dict[str, object] = {
        "id": "grows-linearly",
        "says": "The cache grows in proportion to the number of tokens",
        "finding": "met",
        "probability": 0.9,
        "weight": 1.0,
        "points": 0.9,
        "deduction": 0.0,
        "evidence": [
            {"start": 0, "end": 41, "signal": "judge", "strength": 0.9},
        ],
        "signals": {"judge_met": 0.9},
        "feedback": "",
    }
    return {**fields, **changes}


def make_scored(
    *,
    candidate: User | None = None,
    item: ItemRow | None = None,
    answer: str = "The cache grows linearly with the tokens.",
    score: float = 45.0,
    criteria: Sequence[Mapping[str, object]] | None = None,
) -> Submission:
    """Give a submission that has its score record."""
    submission = make_submission(candidate=candidate, item=item, answer=answer)
    return score_submission(submission, score=score, criteria=criteria)


def score_submission(
    submission: Submission,
    *,
    score: float = 45.0,
    criteria: Sequence[Mapping[str, object]] | None = None,
) -> Submission:
    """Store a score record for a submission that waits, as a worker would."""
    missing = criterion_json(
        id="every-layer",
        says="Every layer keeps keys and values",
        finding="missing",
        probability=0.0,
        points=0.0,
        evidence=[],
        feedback="Say what a layer keeps.",
    )
    ScoreRecord.objects.create(
        submission=submission,
        rubric_version=submission.item_version.item.current_rubric,
        grader_version="test-1",
        grader={"code": "test"},
        score=score,
        band=band_of(score).value,
        confidence=0.8,
        criteria=list(criteria or (criterion_json(), missing)),
    )
    Submission.objects.filter(pk=submission.pk).update(
        state=State.DONE, finished_at=submission.created_at
    )
    submission.refresh_from_db()
    return submission
