"""Content files to immutable versions; publishing the same content changes nothing."""

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet

from questions.core.item import CourseModule, Item
from questions.core.version import (
    content_hash,
    criteria_content,
    item_content,
    module_content,
)
from questions.models import Item as ItemRow
from questions.models import ItemVersion, Module, ModuleVersion, RubricVersion


@dataclass(slots=True)
class Published:
    """What a publication changed, in words such as ``item flashattention-why v2``."""

    changes: list[str] = field(default_factory=list)


@transaction.atomic
def publish_module(module: CourseModule) -> Published:
    """Make the database serve this module; what it no longer has is withdrawn.

    Old versions stay: answers and scores refer to them.
    """
    published = Published()
    row, made = Module.objects.select_for_update().get_or_create(
        slug=module.slug, defaults={"position": module.position}
    )
    if made or row.position != module.position:
        row.position = module.position
        row.save(update_fields=["position"])
        published.changes.append(f"module {module.slug}")
    _publish_module_text(row, module, published)
    for position, item in enumerate(module.items):
        _publish_item(row, item, position, published)
    kept = [item.slug for item in module.items]
    gone = row.items.exclude(slug__in=kept).exclude(current=None)
    for item_row in gone:
        item_row.current = None
        item_row.save(update_fields=["current"])
        published.changes.append(f"item {item_row.slug} withdrawn")
    return published


def _publish_module_text(
    row: Module, module: CourseModule, published: Published
) -> None:
    content = module_content(module)
    digest = content_hash(content)
    if row.current is not None and row.current.content_hash == digest:
        return
    version = ModuleVersion.objects.create(
        module=row,
        number=_next_number(row.versions.all()),
        content_hash=digest,
        content=content,
    )
    row.current = version
    row.save(update_fields=["current"])
    published.changes.append(f"module {row.slug} v{version.number}")


def _publish_item(
    module: Module, item: Item, position: int, published: Published
) -> None:
    row, _ = ItemRow.objects.select_related("current", "current_rubric").get_or_create(
        slug=item.slug,
        defaults={"module": module, "section": item.section, "position": position},
    )
    version = _item_version(row, item, published)
    rubric = _rubric_version(row, item, published)
    wanted = {
        "module_id": module.pk,
        "section": item.section,
        "position": position,
        "current_id": version.pk,
        "current_rubric_id": rubric.pk if rubric else None,
    }
    if any(getattr(row, name) != value for name, value in wanted.items()):
        ItemRow.objects.filter(pk=row.pk).update(**wanted)
        published.changes.append(f"item {row.slug} now v{version.number}")


def _item_version(row: ItemRow, item: Item, published: Published) -> ItemVersion:
    content = item_content(item)
    digest = content_hash(content)
    found = row.versions.filter(content_hash=digest).first()
    if found is not None:
        return found
    made = ItemVersion.objects.create(
        item=row,
        number=_next_number(row.versions.all()),
        content_hash=digest,
        kind=item.kind.value,
        title=item.title,
        content=content,
    )
    published.changes.append(f"item {row.slug} v{made.number}")
    return made


def _rubric_version(
    row: ItemRow, item: Item, published: Published
) -> RubricVersion | None:
    if not item.criteria:
        return None
    criteria = criteria_content(item)
    digest = content_hash(criteria)
    found = row.rubrics.filter(content_hash=digest).first()
    if found is not None:
        return found
    made = RubricVersion.objects.create(
        item=row,
        number=_next_number(row.rubrics.all()),
        content_hash=digest,
        criteria=criteria,
    )
    published.changes.append(f"rubric {row.slug} v{made.number}")
    return made


def _next_number(versions: QuerySet[Any]) -> int:
    highest = versions.aggregate(highest=Max("number"))["highest"]
    return (highest or 0) + 1
