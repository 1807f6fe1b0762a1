"""A person's own account: what there is to change, and their API tokens."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from quizsite.accounts.forms import TokenForm
from quizsite.accounts.models import ApiToken


@require_safe
@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Show who is signed in and what they may change."""
    return render(request, "accounts/account.html")


@never_cache
@sensitive_variables("token")
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def token_list(request: HttpRequest) -> HttpResponse:
    """List one's tokens; a new one is shown in the answer to its making, once."""
    form = TokenForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form}
    status = 200
    if request.method == "POST":
        if form.is_valid():
            made, token = ApiToken.objects.create(
                user=request.user,
                expiry=form.expiry(),
                name=form.cleaned_data["name"],
                scope=form.cleaned_data["scope"],
            )
            context |= {"form": TokenForm(), "made": made, "token": token}
            status = 201
        else:
            status = 422
    context["tokens"] = list(ApiToken.objects.filter(user=request.user.pk))
    return render(request, "accounts/token_list.html", context, status=status)


@require_POST
@login_required
def token_revoke(request: HttpRequest, key: str) -> HttpResponse:
    """Take a token's right away."""
    gone, _ = ApiToken.objects.filter(user=request.user.pk, token_key=key).delete()
    if not gone:
        raise Http404
    messages.success(request, "The token is revoked: it opens nothing any more.")
    return redirect("accounts:token-list")
