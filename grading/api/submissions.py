"""Send answers, watch them, read their scores and runs."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from grading.api.paging import NewestFirst
from grading.api.serializers import (
    LabRunSerializer,
    ProgressSerializer,
    ScoreRecordSerializer,
    SubmissionDetailSerializer,
    SubmissionSerializer,
    SubmitSerializer,
)
from grading.api.who import caller
from grading.core.progress import progress_by_item
from grading.models import ScoreRecord, State, Submission
from grading.queries import progress_of, submission_of, submissions_of
from grading.submit import send_again, submit_answer
from labs.models import LabRun
from questions.models import Item

RETRY_AFTER_SECONDS = 1  # most answers are scored within it


class NotFailedError(APIException):
    """Only a failed submission can be sent again."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "not_failed"
    default_detail = "Only a submission that failed can be sent again."


class SubmissionFilter(filters.FilterSet):
    """Which of one's submissions to list."""

    item = filters.CharFilter(field_name="item_version__item__slug")
    module = filters.CharFilter(field_name="item_version__item__module__slug")
    state = filters.ChoiceFilter(choices=State.choices)
    created_after = filters.IsoDateTimeFilter(
        field_name="created_at", lookup_expr="gte"
    )
    created_before = filters.IsoDateTimeFilter(
        field_name="created_at", lookup_expr="lt"
    )


class RecordFilter(filters.FilterSet):
    """Which of one's score records to list."""

    submission = filters.UUIDFilter(field_name="submission")
    item = filters.CharFilter(field_name="submission__item_version__item__slug")


class SubmissionList(generics.ListAPIView[Any]):
    """One's own submissions; a new one is taken with 202 and scored soon."""

    serializer_class = SubmissionSerializer
    pagination_class = NewestFirst
    filterset_class = SubmissionFilter

    def get_queryset(self) -> Any:
        """Give the caller's own."""
        if getattr(self, "swagger_fake_view", False):
            return Submission.objects.none()
        return submissions_of(caller(self.request))

    def get_throttles(self) -> Any:
        """Limit how fast answers are sent, not how fast they are read."""
        if self.request.method == "POST":
            self.throttle_scope = "submit"
        return super().get_throttles()

    @extend_schema(
        request=SubmitSerializer,
        responses={202: SubmissionSerializer},
        parameters=[
            OpenApiParameter(
                "Idempotency-Key",
                str,
                OpenApiParameter.HEADER,
                description="The same key and answer again give the first submission.",
            )
        ],
    )
    def post(self, request: Request) -> Response:
        """Take an answer and say where its state can be read."""
        given = SubmitSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        slug = given.validated_data["item"]
        item = Item.objects.select_related("current").filter(slug=slug).first()
        if item is None:
            message = f"There is no item {slug!r}."
            raise ValidationError({"item": [message]}, code="item_unknown")
        made = submit_answer(
            candidate=caller(request),
            item=item,
            answer=given.validated_data["answer"],
            version_number=given.validated_data.get("item_version"),
            idempotency_key=request.headers.get("Idempotency-Key", ""),
        )
        body = SubmissionSerializer(
            submissions_of(caller(request)).get(pk=made.pk)
        ).data
        headers = {"Location": body["url"], "Retry-After": str(RETRY_AFTER_SECONDS)}
        return Response(body, status=status.HTTP_202_ACCEPTED, headers=headers)


def _mine(request: Request, submission_id: UUID) -> Submission:
    try:
        return submission_of(caller(request), submission_id)
    except Submission.DoesNotExist:
        raise Http404 from None


class SubmissionDetail(APIView):
    """One of one's own submissions, with its score records."""

    @extend_schema(responses=SubmissionDetailSerializer)
    def get(self, request: Request, submission_id: UUID) -> Response:
        """Give it; while it waits, ``Retry-After`` says when to ask again."""
        submission = _mine(request, submission_id)
        headers = {}
        if submission.is_waiting:
            headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return Response(SubmissionDetailSerializer(submission).data, headers=headers)


class SubmissionRetry(APIView):
    """Send a failed submission once more."""

    throttle_scope = "submit"

    @extend_schema(request=None, responses={202: SubmissionSerializer})
    def post(self, request: Request, submission_id: UUID) -> Response:
        """Queue it again; 409 when it has not failed."""
        submission = _mine(request, submission_id)
        if not send_again(submission):
            raise NotFailedError
        submission.refresh_from_db()
        body = SubmissionSerializer(submission).data
        return Response(body, status=status.HTTP_202_ACCEPTED)


class OwnScoreRecords(generics.GenericAPIView[Any]):
    """Score records of the caller's own submissions."""

    serializer_class = ScoreRecordSerializer

    def get_queryset(self) -> Any:
        """Give the caller's own."""
        return ScoreRecord.objects.filter(
            submission__candidate_id=self.request.user.pk
        ).select_related("rubric_version")


class ScoreRecordList(OwnScoreRecords, generics.ListAPIView[Any]):
    """One's own score records, newest first."""

    pagination_class = NewestFirst
    filterset_class = RecordFilter


class ScoreRecordDetail(OwnScoreRecords, generics.RetrieveAPIView[Any]):
    """One of one's own score records."""


class OwnLabRuns(generics.GenericAPIView[Any]):
    """Runs of the caller's own lab submissions."""

    serializer_class = LabRunSerializer

    def get_queryset(self) -> Any:
        """Give the caller's own."""
        mine = Submission.objects.filter(candidate_id=self.request.user.pk)
        return LabRun.objects.filter(pk__in=mine.values("lab_run"))


class LabRunList(OwnLabRuns, generics.ListAPIView[Any]):
    """The runs of one's own lab submissions, newest first."""

    pagination_class = NewestFirst


class LabRunDetail(OwnLabRuns, generics.RetrieveAPIView[Any]):
    """One run of one's own."""


class Progress(APIView):
    """How the caller's scores went over time."""

    @extend_schema(
        responses=ProgressSerializer,
        parameters=[
            OpenApiParameter("item", str, description="Only this item."),
            OpenApiParameter("kind", str, description="Only this kind."),
        ],
    )
    def get(self, request: Request) -> Response:
        """Give every scored answer, oldest first, and a line for each item."""
        points = progress_of(caller(request))
        for name, field in (("item", "item_slug"), ("kind", "kind")):
            wanted = request.query_params.get(name)
            if wanted:
                points = [p for p in points if getattr(p, field) == wanted]
        lines = progress_by_item((p.item_slug, p.score) for p in points)
        body = {"points": points, "items": lines}
        return Response(ProgressSerializer(body).data)
