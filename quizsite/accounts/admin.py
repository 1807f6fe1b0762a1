"""Accounts and API tokens for staff."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.http import HttpRequest

from quizsite.accounts.models import ApiToken, User

admin.site.site_header = "Interview practice"
admin.site.site_title = "Interview practice"


@admin.register(User)
class UserAdmin(DjangoUserAdmin):  # type: ignore[type-arg]
    """Accounts, by e-mail address."""

    ordering = ("email",)
    list_display = ("email", "is_active", "is_staff", "date_joined", "last_login")
    search_fields = ("email",)
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        (
            "Rights",
            {
                "fields": (
                    "is_active",
                    "is_staff",
                    "is_superuser",
                    "groups",
                    "user_permissions",
                )
            },
        ),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("email", "usable_password", "password1", "password2"),
            },
        ),
    )


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Tokens: who may revoke them, nobody may make or change one here."""

    list_display = ("token_key", "user", "name", "scope", "expiry", "last_used_at")
    list_select_related = ("user",)
    search_fields = ("user__email", "name", "token_key")
    fields: ClassVar = [
        "token_key", "user", "name", "scope", "created", "expiry", "last_used_at",
    ]  # fmt: skip

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: a token is shown to its owner only."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False
