"""Published content for staff: to read; it is changed in its files and published."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from questions.models import Item, ItemVersion, Module, ModuleVersion, RubricVersion


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows that people may look at and nobody may change here."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False


@admin.register(Module)
class ModuleAdmin(ReadOnlyAdmin):
    """Modules and the version that is shown."""

    list_display = ("slug", "position", "current")
    list_select_related = ("current__module",)


@admin.register(Item)
class ItemAdmin(ReadOnlyAdmin):
    """Items and the version that takes answers."""

    list_display = ("slug", "module", "section", "position", "current")
    list_filter = ("module", "section")
    list_select_related = ("module", "current__item")
    search_fields = ("slug", "current__title")


@admin.register(ModuleVersion)
class ModuleVersionAdmin(ReadOnlyAdmin):
    """Every text a module ever had."""

    list_display = ("module", "number", "content_hash", "published_at")
    list_select_related = ("module",)


@admin.register(ItemVersion)
class ItemVersionAdmin(ReadOnlyAdmin):
    """Every version of every item."""

    list_display = ("item", "number", "kind", "title", "published_at")
    list_filter = ("kind",)
    list_select_related = ("item",)
    search_fields = ("item__slug", "title")


@admin.register(RubricVersion)
class RubricVersionAdmin(ReadOnlyAdmin):
    """Every version of every rubric."""

    list_display = ("item", "number", "content_hash", "published_at")
    list_select_related = ("item",)
    search_fields = ("item__slug",)
