"""Where the API explains itself: its root, its OpenAPI document as a page."""

from typing import Any

from csp.decorators import csp_update
from django.utils.decorators import method_decorator
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

COLLECTIONS = (
    "module-list",
    "item-list",
    "submission-list",
    "score-record-list",
    "lab-run-list",
    "progress",
    "schema",
    "docs",
)


class Root(APIView):
    """Every collection by its address."""

    permission_classes = (AllowAny,)

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        """List the addresses."""
        return Response(
            {
                name.removesuffix("-list")
                + ("s" if name.endswith("-list") else ""): reverse(
                    f"api:{name}", request=request
                )
                for name in COLLECTIONS
            }
        )


# The viewer paints its own icons and sets its own styles: wider here, nowhere else.
VIEWER_CSP = {
    "img-src": ["'self'", "data:"],
    "style-src": ["'self'", "'unsafe-inline'"],
}


@method_decorator(csp_update(VIEWER_CSP), name="dispatch")
class SchemaPage(SpectacularSwaggerSplitView):
    """The OpenAPI document as a page on which requests can be tried."""

    permission_classes = (AllowAny,)
    url_name = "api:schema"
    url_self: Any = None
