"""Whose request it is."""

from django.contrib.auth.models import AbstractBaseUser
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request


def caller(request: Request) -> AbstractBaseUser:
    """Give the account behind a request.

    Raises:
        NotAuthenticated: There is none; the permission classes say so first.
    """
    if not isinstance(request.user, AbstractBaseUser):
        raise NotAuthenticated
    return request.user
