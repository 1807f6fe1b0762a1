"""The site: settings, addresses, accounts and error pages."""

from quizsite.celery import app as celery_app

__all__ = ["celery_app"]
