"""App configuration."""

from django.apps import AppConfig


class QuestionsConfig(AppConfig):
    """Content."""

    name = "questions"
