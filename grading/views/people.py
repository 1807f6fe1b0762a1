"""Who asks, and how: signed in or not, by htmx or not."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url

View = Callable[..., HttpResponse]


def is_htmx(request: HttpRequest) -> bool:
    """Say whether htmx asks for a part; going back in history wants the whole."""
    return (
        request.headers.get("HX-Request") == "true"
        and request.headers.get("HX-History-Restore-Request") != "true"
    )


def candidate_of(request: HttpRequest) -> AbstractBaseUser | None:
    """Give who is signed in, or None."""
    return request.user if request.user.is_authenticated else None


def sign_in_address(next_address: str) -> str:
    """Give the address of the sign-in page that leads on to another."""
    return f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': next_address})}"


def signed_in(view: View) -> View:
    """Send whoever is not signed in to do so; htmx is told to take the whole page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        safe = request.method in {"GET", "HEAD"}
        address = sign_in_address(request.get_full_path() if safe else "/")
        if is_htmx(request):
            return HttpResponse(status=204, headers={"HX-Redirect": address})
        return redirect(address)

    return guarded


def me(request: HttpRequest) -> AbstractBaseUser:
    """Give who is signed in, where the view is guarded by :func:`signed_in`."""
    user: Any = request.user
    assert isinstance(user, AbstractBaseUser)  # noqa: S101 - the guard ran
    return user
