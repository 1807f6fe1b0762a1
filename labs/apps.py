"""App configuration."""

from django.apps import AppConfig


class LabsConfig(AppConfig):
    """Running code that is not trusted."""

    name = "labs"
