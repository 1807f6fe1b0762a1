"""Addresses for a person's own account, besides signing in and out."""

from django.urls import URLPattern

app_name = "accounts"

urlpatterns: list[URLPattern] = []
