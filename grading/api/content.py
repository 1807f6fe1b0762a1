"""Modules and items to read, drafts to keep, code to try."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from grading.api.serializers import (
    CodeSerializer,
    DraftSerializer,
    ItemDetailSerializer,
    ItemSerializer,
    ModelAnswerSerializer,
    ModuleDetailSerializer,
    ModuleSerializer,
)
from grading.api.who import caller
from grading.drafts import draft_of, drop_draft, keep_draft
from grading.queries import has_submitted, modules, open_items, standings
from grading.try_lab import try_code
from questions.models import Item, Kind


class ItemFilter(filters.FilterSet):
    """Which items to list."""

    module = filters.CharFilter(field_name="module__slug")
    section = filters.CharFilter(field_name="section")
    kind = filters.ChoiceFilter(field_name="current__kind", choices=Kind.choices)
    q = filters.CharFilter(field_name="current__title", lookup_expr="icontains")


class ModuleList(generics.ListAPIView[Any]):
    """The published modules, in course order."""

    serializer_class = ModuleSerializer
    pagination_class = None
    filter_backends = ()

    def get_queryset(self) -> Any:
        """Give what is published."""
        return modules()


class ModuleDetail(generics.RetrieveAPIView[Any]):
    """One module with its text."""

    serializer_class = ModuleDetailSerializer
    lookup_field = "slug"

    def get_queryset(self) -> Any:
        """Give what is published."""
        return modules()


class ItemList(generics.GenericAPIView[Any]):
    """The items that take answers, in course order, with one's standing on each."""

    serializer_class = ItemSerializer
    filterset_class = ItemFilter
    pagination_class = None

    def get_queryset(self) -> Any:
        """Give what takes answers."""
        return open_items()

    @extend_schema(responses=ItemSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List them."""
        rows = standings(caller(request), self.filter_queryset(self.get_queryset()))
        return Response(self.get_serializer(rows, many=True).data)


def _item(slug: str) -> Item:
    return get_object_or_404(open_items(), slug=slug)


class ItemDetail(APIView):
    """One item with its prompt."""

    @extend_schema(responses=ItemDetailSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """Give it, with the caller's standing."""
        rows = standings(caller(request), open_items().filter(slug=slug))
        if not rows:
            raise Http404
        return Response(ItemDetailSerializer(rows[0]).data)


class ModelAnswer(APIView):
    """The model answer, for who has submitted an answer of their own."""

    @extend_schema(responses=ModelAnswerSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """Give it, or 403 before the first submission."""
        item = get_object_or_404(Item.objects.select_related("current"), slug=slug)
        if item.current is None:
            raise Http404
        if not has_submitted(caller(request), item):
            raise PermissionDenied("Submit an answer of your own first.")
        content = {
            "item": item.slug,
            "version": item.current.number,
            "model_answer": item.current.content["model_answer"],
        }
        return Response(ModelAnswerSerializer(content).data)


class DraftDetail(APIView):
    """What the caller has typed so far for one item."""

    @extend_schema(responses=DraftSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """Give the draft, or 404 when there is none."""
        draft = draft_of(caller(request), _item(slug))
        if draft is None:
            raise Http404
        return Response(DraftSerializer(draft).data)

    @extend_schema(request=DraftSerializer, responses=DraftSerializer)
    def put(self, request: Request, slug: str) -> Response:
        """Replace the draft."""
        given = DraftSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        draft = keep_draft(
            candidate=caller(request),
            item=_item(slug),
            text=given.validated_data["text"],
        )
        return Response(DraftSerializer(draft).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str) -> Response:
        """Drop the draft."""
        drop_draft(candidate=caller(request), item=_item(slug))
        return Response(status=status.HTTP_204_NO_CONTENT)


class TryLab(APIView):
    """Run code on a lab's visible examples, without a submission."""

    throttle_scope = "try-lab"

    @extend_schema(request=CodeSerializer, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, slug: str) -> Response:
        """Run it and give a verdict for each visible example."""
        given = CodeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        result = try_code(
            candidate=caller(request),
            item=_item(slug),
            code=given.validated_data["code"],
        )
        return Response(result)
