"""Published content: modules and items in immutable, numbered versions."""

from typing import ClassVar

from django.db import models


class Module(models.Model):
    """A course module as it is shown now; its text is replaced as a whole."""

    slug = models.SlugField(unique=True)
    position = models.PositiveIntegerField()
    current = models.ForeignKey(
        "ModuleVersion", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        """Listed in course order."""

        ordering: ClassVar = ["position", "slug"]

    def __str__(self) -> str:
        """Show the slug."""
        return self.slug


class ModuleVersion(models.Model):
    """What a module said at one time: title, summary, sections with their text."""

    module = models.ForeignKey(
        Module, on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)
    content = models.JSONField()
    published_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Numbers count up within the module."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["module", "number"], name="module_version_number_once"
            ),
        ]

    def __str__(self) -> str:
        """Show module and number."""
        return f"{self.module} v{self.number}"


class Kind(models.TextChoices):
    """What a candidate does with an item."""

    CONCEPT = "concept", "Concept"
    CHECKPOINT = "checkpoint", "Checkpoint"
    PRODUCTION_PROMPT = "production-prompt", "Production prompt"
    CODE_LAB = "code-lab", "Code lab"
    TEST_LAB = "test-lab", "Test lab"


LAB_KINDS = (Kind.CODE_LAB, Kind.TEST_LAB)


class Item(models.Model):
    """One thing to answer; what it says is in its versions."""

    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="items")
    slug = models.SlugField(unique=True)
    section = models.SlugField()
    position = models.PositiveIntegerField()
    current = models.ForeignKey(
        "ItemVersion",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Empty once the item is withdrawn.",
    )
    current_rubric = models.ForeignKey(
        "RubricVersion", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        """Listed in the module's order."""

        ordering: ClassVar = ["module", "position"]

    def __str__(self) -> str:
        """Show the slug."""
        return self.slug

    @property
    def is_withdrawn(self) -> bool:
        """Say whether new answers are refused."""
        return self.current_id is None


class ItemVersion(models.Model):
    """What a candidate was asked: never edited, found by its content's hash."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)
    kind = models.CharField(max_length=20, choices=Kind)
    title = models.CharField(max_length=200)
    content = models.JSONField(
        help_text="asks, prompt, model_answer, minutes and, for labs, its files."
    )
    published_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Numbers count up within the item; the same content is one version."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["item", "number"], name="item_version_number_once"
            ),
            models.UniqueConstraint(
                fields=["item", "content_hash"], name="item_version_content_once"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=Kind.values), name="item_version_kind"
            ),
        ]

    def __str__(self) -> str:
        """Show item and number."""
        return f"{self.item} v{self.number}"

    @property
    def is_lab(self) -> bool:
        """Say whether the answer is code that is run."""
        return self.kind in LAB_KINDS


class RubricVersion(models.Model):
    """How an item is marked: never edited, found by its content's hash."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="rubrics")
    number = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)
    criteria = models.JSONField()
    published_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Numbers count up within the item; the same criteria are one version."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["item", "number"], name="rubric_version_number_once"
            ),
            models.UniqueConstraint(
                fields=["item", "content_hash"], name="rubric_version_content_once"
            ),
        ]

    def __str__(self) -> str:
        """Show item and number."""
        return f"{self.item} rubric v{self.number}"
