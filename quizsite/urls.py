"""One include per app."""

from django.contrib import admin
from django.urls import include, path

from quizsite import pages
from quizsite.accounts.api import TokenDetail, TokenList

urlpatterns = [
    path("", include("grading.urls")),
    path("api/v1/", include("grading.api.urls")),
    path("api/v1/tokens", TokenList.as_view(), name="token-list"),
    path("api/v1/tokens/<str:key>", TokenDetail.as_view(), name="token-detail"),
    path("account/", include("quizsite.accounts.urls")),
    path("account/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
    path("health/live", pages.live, name="health-live"),
    path("health/ready", pages.ready, name="health-ready"),
]

handler400 = "quizsite.errors.bad_request"
handler403 = "quizsite.errors.permission_denied"
handler404 = "quizsite.errors.not_found"
handler500 = "quizsite.errors.server_error"
