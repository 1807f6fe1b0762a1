"""The one table from error to status, code and sentence, for the API and the pages."""

import logging
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import Resolver404
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from grading.submit import SubmissionRefusedError

logger = logging.getLogger(__name__)

PROBLEM_TYPE = "application/problem+json"
REFUSED_STATUS = {
    "idempotency_conflict": status.HTTP_409_CONFLICT,
    "item_withdrawn": status.HTTP_409_CONFLICT,
    "item_version_withdrawn": status.HTTP_409_CONFLICT,
}
STORE_DOWN = "Nothing could be saved just now. Please try again in a moment."


def api_exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer an error as problem+json (RFC 9457): code, sentence, fields."""
    if isinstance(error, SubmissionRefusedError):
        code = REFUSED_STATUS.get(error.code, status.HTTP_422_UNPROCESSABLE_ENTITY)
        fields = {error.field: [{"code": error.code, "message": str(error)}]}
        return _problem(code, error.code, str(error), fields)
    if isinstance(error, DatabaseError):
        logger.exception("database error in the API")
        return _problem(status.HTTP_503_SERVICE_UNAVAILABLE, "store_down", STORE_DOWN)
    response = exception_handler(error, context)
    if response is None:
        return None
    problem = _told(error, response.status_code)
    for header in ("WWW-Authenticate", "Retry-After", "Allow"):
        if header in response:
            problem[header] = response[header]
    return problem


def _told(error: Exception, code: int) -> Response:
    """Put what DRF raised into the words of a problem document."""
    if isinstance(error, exceptions.ValidationError):
        fields = _fields(error.get_full_details())
        message = "; ".join(
            f"{name}: {entry['message']}"
            for name, entries in fields.items()
            for entry in entries
        )
        unusable = status.HTTP_422_UNPROCESSABLE_ENTITY
        return _problem(unusable, "invalid", message, fields)
    if isinstance(error, Http404 | exceptions.NotFound):
        return _problem(code, "not_found", "There is no such thing here.")
    if isinstance(error, PermissionDenied):
        return _problem(code, "permission_denied", "You may not do this.")
    detail = error.detail if isinstance(error, exceptions.APIException) else None
    word = getattr(detail, "code", None) or "error"
    return _problem(code, str(word), str(detail or "This cannot be done."))


def _fields(details: Any, prefix: str = "") -> dict[str, list[dict[str, str]]]:
    """Flatten DRF's nested details to dotted field names."""
    if isinstance(details, dict) and "message" in details and "code" in details:
        entry = {"code": str(details["code"]), "message": str(details["message"])}
        return {prefix or "request": [entry]}
    found: dict[str, list[dict[str, str]]] = {}
    pairs: list[tuple[str, Any]] = []
    if isinstance(details, dict):
        pairs = [
            (f"{prefix}.{key}" if prefix else str(key), value)
            for key, value in details.items()
        ]
    elif isinstance(details, list):
        pairs = [(prefix, value) for value in details]
    for name, value in pairs:
        for field, entries in _fields(value, name).items():
            found.setdefault(field, []).extend(entries)
    return found


def _problem(
    code: int,
    word: str,
    sentence: str,
    fields: dict[str, list[dict[str, str]]] | None = None,
) -> Response:
    body = problem_body(code, word, sentence, fields)
    return Response(body, status=code, content_type=PROBLEM_TYPE)


def problem_body(
    code: int,
    word: str,
    sentence: str,
    fields: dict[str, list[dict[str, str]]] | None = None,
) -> dict[str, Any]:
    """Give the members of a problem document."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": word.replace("_", " ").capitalize(),
        "status": code,
        "code": word,
        "detail": sentence,
    }
    if fields:
        body["fields"] = fields
    return body


class ErrorMiddleware:
    """Turn a database that cannot be reached or written into a plain 503."""

    def __init__(self, get_response: Any) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        response: HttpResponse = self.get_response(request)
        return response

    def process_exception(
        self, request: HttpRequest, error: Exception
    ) -> HttpResponse | None:
        """Answer for the database; anything else goes on to the 500 page."""
        if not isinstance(error, DatabaseError):
            return None
        logger.exception("database error on %s", request.path)
        return error_response(request, 503, "store_down", STORE_DOWN)


def error_response(
    request: HttpRequest, code: int, word: str, sentence: str
) -> HttpResponse:
    """Answer as a page, or as problem+json below ``/api/``."""
    if request.path.startswith("/api/"):
        body = problem_body(code, word, sentence)
        return JsonResponse(body, status=code, content_type=PROBLEM_TYPE)
    context = {"status": code, "sentence": sentence}
    return render(request, "error.html", context, status=code)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that is not even one."""
    return error_response(request, 400, "bad_request", "This request makes no sense.")


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer somebody who may not."""
    return error_response(request, 403, "permission_denied", "You may not do this.")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer for an address that is nothing, or is somebody else's."""
    sentence = "There is no page at this address."
    if isinstance(exception, Http404) and not isinstance(exception, Resolver404):
        sentence = "There is no such thing here."
    return error_response(request, 404, "not_found", sentence)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer for a fault of ours, without a word of its inside."""
    sentence = "Something broke on our side. What you had saved is safe."
    return error_response(request, 500, "server_error", sentence)
