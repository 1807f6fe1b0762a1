"""App configuration."""

from django.apps import AppConfig


class GradingConfig(AppConfig):
    """Answers and scores."""

    name = "grading"
