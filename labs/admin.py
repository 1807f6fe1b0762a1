"""Lab runs for staff, with what only an operator may read; nothing is edited."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from labs.models import LabRun


@admin.register(LabRun)
class LabRunAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Runs, newest first."""

    list_display = ("id", "lab", "verdict", "wall_ms", "created_at")
    list_filter = ("lab", "verdict")
    date_hierarchy = "created_at"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False
