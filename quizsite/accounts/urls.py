"""Addresses for a person's own account, besides signing in and out."""

from django.urls import path

from quizsite.accounts import views

app_name = "accounts"

urlpatterns = [
    path("", views.account, name="account"),
    path("tokens", views.token_list, name="token-list"),
    path("tokens/<str:key>/revoke", views.token_revoke, name="token-revoke"),
]
