"""Addresses of the candidate's pages."""

from django.urls import URLPattern

app_name = "grading"

urlpatterns: list[URLPattern] = []
