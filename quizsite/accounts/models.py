"""People who sign in, by e-mail address."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from knox.models import AbstractAuthToken


class UserManager(BaseUserManager["User"]):
    """Make accounts; an e-mail address takes the place of a user name."""

    def create_user(
        self, email: str, password: str | None = None, **extra: Any
    ) -> "User":
        """Make an ordinary account; without a password nobody can sign in to it."""
        if not email:
            raise ValueError("an account needs an e-mail address")
        user = self.model(email=self.normalize_email(email), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(
        self, email: str, password: str | None = None, **extra: Any
    ) -> "User":
        """Make an account that may do everything in the admin."""
        return self.create_user(
            email, password, **{"is_staff": True, "is_superuser": True, **extra}
        )


class User(AbstractUser):  # type: ignore[django-manager-missing]
    """A person: candidate, and with ``is_staff`` somebody who may use the admin."""

    username = None  # type: ignore[assignment]
    email = models.EmailField("e-mail address", unique=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        """One account per address, however it is capitalised."""

        constraints: ClassVar = [
            models.UniqueConstraint(Lower("email"), name="user_email_any_case"),
        ]

    def __str__(self) -> str:
        """Show the address."""
        return self.email


class ApiToken(AbstractAuthToken):
    """The right to use the API in somebody's name; only its hash is kept."""

    class Scope(models.TextChoices):
        """What a token may do."""

        READ = "read", "Read"
        WRITE = "write", "Read and write"

    name = models.CharField(max_length=80, help_text="What it is for.")
    scope = models.CharField(max_length=8, choices=Scope, default=Scope.READ)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-created"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(scope__in=["read", "write"]), name="api_token_scope"
            ),
        ]

    def __str__(self) -> str:
        """Show the name and the public beginning."""
        return f"{self.name} ({self.token_key}…)"
