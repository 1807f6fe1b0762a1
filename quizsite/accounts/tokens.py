"""Who a client of the API is, and what its token may do."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from quizsite.accounts.models import ApiToken

USE_NOTED_EVERY = timedelta(minutes=1)  # one write a minute at most, not one a request


class BearerAuthentication(TokenAuthentication):
    """Knox's hashed tokens as ``Authorization: Bearer ...``."""

    def authenticate_credentials(self, token: bytes) -> tuple[Any, ApiToken]:
        """Find the account of a token, and note that the token was used.

        Raises:
            AuthenticationFailed: Unknown or expired, or not even text.
        """
        try:
            token.decode("ascii")
        except UnicodeDecodeError:
            raise AuthenticationFailed("Invalid token.") from None
        user, found = super().authenticate_credentials(token)
        now = timezone.now()
        if found.last_used_at is None or now - found.last_used_at > USE_NOTED_EVERY:
            ApiToken.objects.filter(pk=found.pk).update(last_used_at=now)
        return user, found


class TokenScope(BasePermission):
    """A token that may only read changes nothing."""

    message = "This token may only read."

    def has_permission(self, request: Request, view: Any) -> bool:
        """Let a read through, and a write where the token has that scope."""
        token = request.auth
        if request.method in SAFE_METHODS or not isinstance(token, ApiToken):
            return True
        return token.scope == ApiToken.Scope.WRITE


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the OpenAPI document names the tokens."""

    target_class = "quizsite.accounts.tokens.BearerAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Give the scheme as OpenAPI has it."""
        return {"type": "http", "scheme": "bearer"}
