"""Shapes of the API: what goes in is checked here, what comes out is written here."""

from typing import Any

from rest_framework import serializers

from grading.core.answers import MOST_CODE_CHARACTERS
from grading.core.bands import Band
from grading.core.finding import Finding
from grading.models import State
from labs.models import Verdict
from questions.models import Kind


class SectionSerializer(serializers.Serializer[Any]):
    """A section of a module with its text."""

    slug = serializers.SlugField()
    title = serializers.CharField()
    reading = serializers.CharField(help_text="Markdown.")


class ModuleSerializer(serializers.Serializer[Any]):
    """A published module."""

    slug = serializers.SlugField()
    title = serializers.CharField(source="current.content.title")
    summary = serializers.CharField(source="current.content.summary")
    version = serializers.IntegerField(source="current.number")


class ModuleDetailSerializer(ModuleSerializer):
    """A published module with its text."""

    sections = SectionSerializer(many=True, source="current.content.sections")


class StandingSerializer(serializers.Serializer[Any]):
    """Where the caller stands with an item."""

    submissions = serializers.IntegerField()
    best = serializers.FloatField(allow_null=True)
    last = serializers.FloatField(allow_null=True)
    last_at = serializers.DateTimeField(allow_null=True)
    has_draft = serializers.BooleanField()


class ItemSerializer(serializers.Serializer[Any]):
    """An item that takes answers, and where the caller stands with it."""

    slug = serializers.SlugField(source="item.slug")
    module = serializers.SlugField(source="item.module.slug")
    section = serializers.SlugField(source="item.section")
    kind = serializers.ChoiceField(choices=Kind.choices, source="item.current.kind")
    title = serializers.CharField(source="item.current.title")
    version = serializers.IntegerField(source="item.current.number")
    minutes = serializers.IntegerField(source="item.current.content.minutes")
    standing = StandingSerializer(source="*")


class ItemDetailSerializer(ItemSerializer):
    """An item with its prompt; the model answer has an address of its own."""

    asks = serializers.CharField(source="item.current.content.asks")
    prompt = serializers.CharField(
        source="item.current.content.prompt", help_text="Markdown; may be empty."
    )


class ModelAnswerSerializer(serializers.Serializer[Any]):
    """The hidden answer, once the caller has submitted their own."""

    item = serializers.SlugField()
    version = serializers.IntegerField()
    model_answer = serializers.CharField(help_text="Markdown.")


class DraftSerializer(serializers.Serializer[Any]):
    """What was typed so far."""

    text = serializers.CharField(
        allow_blank=True, trim_whitespace=False, max_length=MOST_CODE_CHARACTERS
    )
    saved_at = serializers.DateTimeField(read_only=True)


class CodeSerializer(serializers.Serializer[Any]):
    """Code to try on a lab's visible examples."""

    code = serializers.CharField(trim_whitespace=False, max_length=MOST_CODE_CHARACTERS)


class AnswerField(serializers.CharField):
    """Text as it comes: blank, NUL and length have one check, in submit.py."""

    def __init__(self, **kwargs: Any) -> None:
        """Take off DRF's own checks, whose sentences name no value."""
        super().__init__(allow_blank=True, trim_whitespace=False, **kwargs)
        self.validators = []


class SubmitSerializer(serializers.Serializer[Any]):
    """An answer to an item; its text is checked where it is taken."""

    item = serializers.CharField(max_length=200, help_text="The item's slug.")
    item_version = serializers.IntegerField(
        required=False, min_value=1, help_text="The version that was read."
    )
    answer = AnswerField()


class FailureSerializer(serializers.Serializer[Any]):
    """Why there is no score."""

    code = serializers.CharField()
    message = serializers.CharField()


class EvidenceSerializer(serializers.Serializer[Any]):
    """Words of the answer, by code points, end excluded."""

    start = serializers.IntegerField()
    end = serializers.IntegerField()
    signal = serializers.CharField()
    strength = serializers.FloatField()


class CriterionScoreSerializer(serializers.Serializer[Any]):
    """What one criterion earned and why."""

    id = serializers.CharField()
    says = serializers.CharField()
    finding = serializers.ChoiceField(choices=[(f.value, f.value) for f in Finding])
    probability = serializers.FloatField()
    weight = serializers.FloatField()
    points = serializers.FloatField()
    deduction = serializers.FloatField()
    evidence = EvidenceSerializer(many=True)
    signals = serializers.DictField(child=serializers.FloatField())
    feedback = serializers.CharField(allow_blank=True)


class ScoreRecordSerializer(serializers.Serializer[Any]):
    """What one grader version said of one submission."""

    id = serializers.IntegerField()
    submission = serializers.UUIDField(source="submission_id")
    rubric_version = serializers.IntegerField(
        source="rubric_version.number", allow_null=True, default=None
    )
    grader_version = serializers.CharField()
    grader = serializers.DictField()
    score = serializers.FloatField()
    band = serializers.ChoiceField(choices=[(b.value, b.value) for b in Band])
    confidence = serializers.FloatField()
    needs_review = serializers.BooleanField()
    criteria = CriterionScoreSerializer(many=True)
    created_at = serializers.DateTimeField()


class SubmissionSerializer(serializers.Serializer[Any]):
    """One answer and where it is on its way to a score."""

    id = serializers.UUIDField()
    item = serializers.SlugField(source="item_version.item.slug")
    item_version = serializers.IntegerField(source="item_version.number")
    state = serializers.ChoiceField(choices=State.choices)
    score = serializers.FloatField(allow_null=True)
    band = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    failure = FailureSerializer(allow_null=True)
    lab_run = serializers.UUIDField(source="lab_run_id", allow_null=True)
    url = serializers.SerializerMethodField()

    def get_url(self, submission: Any) -> str:
        """Give the status address."""
        return f"/api/v1/submissions/{submission.pk}"


class SubmissionDetailSerializer(SubmissionSerializer):
    """One answer with its text and its score records, newest first."""

    answer = serializers.CharField()
    score_records = ScoreRecordSerializer(many=True)


class LabRunSerializer(serializers.Serializer[Any]):
    """One run of the caller's code against a lab's tests."""

    id = serializers.UUIDField()
    lab = serializers.SlugField()
    verdict = serializers.ChoiceField(choices=Verdict.choices)
    result = serializers.DictField()
    wall_ms = serializers.FloatField()
    created_at = serializers.DateTimeField()


class ProgressPointSerializer(serializers.Serializer[Any]):
    """One scored answer on the caller's way."""

    submission = serializers.UUIDField(source="submission_id")
    item = serializers.SlugField(source="item_slug")
    title = serializers.CharField(source="item_title")
    kind = serializers.ChoiceField(choices=Kind.choices)
    score = serializers.FloatField()
    band = serializers.CharField()
    submitted_at = serializers.DateTimeField()


class ItemProgressSerializer(serializers.Serializer[Any]):
    """How one item went, first to last."""

    item = serializers.SlugField()
    submissions = serializers.IntegerField()
    first = serializers.FloatField()
    best = serializers.FloatField()
    last = serializers.FloatField()


class ProgressSerializer(serializers.Serializer[Any]):
    """Every scored answer of the caller, oldest first, and a line for each item."""

    points = ProgressPointSerializer(many=True)
    items = ItemProgressSerializer(many=True)
