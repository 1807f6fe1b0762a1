"""API tokens, made and revoked over the API."""

from datetime import timedelta

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.authentication import BasicAuthentication, SessionAuthentication
from rest_framework.exceptions import NotFound
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from quizsite.accounts.models import ApiToken
from quizsite.accounts.serializers import (
    NewTokenSerializer,
    TokenRequestSerializer,
    TokenSerializer,
)


class TokenView(APIView):
    """Tokens are handled with a password or a session, never with another token."""

    authentication_classes = (BasicAuthentication, SessionAuthentication)
    permission_classes = (IsAuthenticated,)
    throttle_scope = "token"


class TokenList(TokenView):
    """The caller's tokens."""

    @extend_schema(responses=TokenSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List them by their public beginnings."""
        mine = ApiToken.objects.filter(user=request.user.pk)
        return Response(TokenSerializer(mine, many=True).data)

    @extend_schema(request=TokenRequestSerializer, responses={201: NewTokenSerializer})
    def post(self, request: Request) -> Response:
        """Make one; the answer is the only place where it is ever shown."""
        given = TokenRequestSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        days = given.validated_data["expires_in_days"]
        made, token = ApiToken.objects.create(
            user=request.user,
            expiry=timedelta(days=days) if days else None,
            name=given.validated_data["name"],
            scope=given.validated_data["scope"],
        )
        body = {**TokenSerializer(made).data, "token": token}
        return Response(body, status=status.HTTP_201_CREATED)


class TokenDetail(TokenView):
    """One of the caller's tokens."""

    @extend_schema(responses={204: None})
    def delete(self, request: Request, key: str) -> Response:
        """Revoke it."""
        gone, _ = ApiToken.objects.filter(user=request.user.pk, token_key=key).delete()
        if not gone:
            raise NotFound
        return Response(status=status.HTTP_204_NO_CONTENT)
