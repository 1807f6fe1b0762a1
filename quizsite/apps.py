"""App configuration of the site itself: it holds commands, no tables."""

from django.apps import AppConfig


class QuizsiteConfig(AppConfig):
    """The site."""

    name = "quizsite"
