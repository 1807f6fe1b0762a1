"""Authored text to values; every error names its file and line. No file access."""

import re
from collections.abc import Mapping

from grading.core.errors import RubricError
from grading.core.rubric import Criterion, Rubric
from labs.core.authored import ContentError, Value, read_yaml
from questions.core.item import CourseModule, Item, ItemKind, Section

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
CRITERION_KEYS = frozenset({"id", "says"})
CRITERION_MAY = frozenset(
    {"weight", "keywords", "references", "misconceptions", "feedback"}
)
ITEM_KEYS = frozenset({"slug", "section", "kind", "title", "asks"})
ITEM_MAY = frozenset({"minutes", "criteria"})
MODULE_KEYS = frozenset({"slug", "title", "position", "summary", "sections", "items"})
MOST_CRITERIA = 30  # beyond it a rubric is two rubrics, and scoring time grows with it


def load_module(files: Mapping[str, str]) -> CourseModule:
    """Read a whole module from its files.

    Args:
        files: Path inside the module's folder, with ``/``, to text.

    Raises:
        ContentError: The first thing wrong, with file and line.
    """
    top = read_yaml("module.yaml", _file(files, "module.yaml", "module.yaml", 0))
    fields = top.mapping(needs=MODULE_KEYS, may=frozenset())
    sections = tuple(_section(files, value) for value in fields["sections"].items())
    known = {section.slug for section in sections}
    items: list[Item] = []
    for entry in fields["items"].items():
        slug = _slug(entry)
        if slug in {item.slug for item in items}:
            raise entry.error(f"item {slug!r} stands twice")
        item = load_item(_folder(files, f"items/{slug}/"), f"items/{slug}/")
        if item.slug != slug:
            raise entry.error(f"the folder {slug!r} holds the item {item.slug!r}")
        if item.section not in known:
            place = f"items/{slug}/item.yaml"
            raise ContentError(place, 0, f"unknown section {item.section!r}")
        items.append(item)
    return CourseModule(
        slug=_slug(fields["slug"]),
        title=fields["title"].text(),
        position=int(fields["position"].number(least=0, most=10_000)),
        summary=fields["summary"].text(),
        sections=sections,
        items=tuple(items),
    )


def load_item(files: Mapping[str, str], prefix: str = "") -> Item:
    """Read one item from the files of its folder.

    Args:
        files: Path inside the item's folder to text.
        prefix: What errors put in front of those paths.

    Raises:
        ContentError: The first thing wrong, with file and line.
    """
    place = f"{prefix}item.yaml"
    top = read_yaml(place, _file(files, "item.yaml", place, 0))
    fields = top.mapping(needs=ITEM_KEYS, may=ITEM_MAY)
    kind = _kind(fields["kind"])
    model_answer = _file(files, "model_answer.md", place, top.line)
    lab_files = dict(_folder(files, "lab/"))
    criteria: tuple[Criterion, ...] = ()
    if kind.is_lab:
        if "criteria" in fields:
            raise fields["criteria"].error("a lab is judged by its tests")
        if not lab_files:
            raise top.error("a lab needs a lab/ folder")
    else:
        if "criteria" not in fields:
            raise top.error("missing criteria")
        criteria = _criteria(fields["criteria"])
    minutes = fields.get("minutes")
    return Item(
        slug=_slug(fields["slug"]),
        section=_slug(fields["section"]),
        kind=kind,
        title=fields["title"].text(),
        asks=" ".join(fields["asks"].text().split()),
        prompt=files.get("prompt.md", "").strip(),
        model_answer=model_answer.strip(),
        minutes=int(minutes.number(least=1, most=600)) if minutes else 5,
        criteria=criteria,
        lab_files=lab_files,
    )


def _section(files: Mapping[str, str], value: Value) -> Section:
    fields = value.mapping(needs=frozenset({"slug", "title"}), may=frozenset())
    slug = _slug(fields["slug"])
    reading = _file(files, f"reading/{slug}.md", value.file, value.line)
    return Section(slug=slug, title=fields["title"].text(), reading=reading.strip())


def _criteria(value: Value) -> tuple[Criterion, ...]:
    entries = value.items()
    if not 1 <= len(entries) <= MOST_CRITERIA:
        raise value.error(f"{len(entries)} criteria are not in 1..{MOST_CRITERIA}")
    criteria = tuple(_criterion(entry) for entry in entries)
    try:
        Rubric(title="-", asks="-", criteria=criteria)
    except RubricError as error:
        raise value.error(str(error)) from error
    return criteria


def _criterion(value: Value) -> Criterion:
    fields = value.mapping(needs=CRITERION_KEYS, may=CRITERION_MAY)
    weight = fields.get("weight")
    keywords = fields.get("keywords")
    feedback = fields.get("feedback")
    return Criterion(
        id=_slug(fields["id"]),
        says=fields["says"].text(),
        weight=weight.number(least=0.01, most=100) if weight else 1.0,
        keywords=tuple(_group(g) for g in keywords.items()) if keywords else (),
        references=fields["references"].texts() if "references" in fields else (),
        misconceptions=(
            fields["misconceptions"].texts() if "misconceptions" in fields else ()
        ),
        feedback=feedback.text() if feedback else "",
    )


def _group(value: Value) -> tuple[str, ...]:
    words = value.texts()
    if not words:
        raise value.error("a keyword group needs at least one word")
    return words


def _kind(value: Value) -> ItemKind:
    try:
        return ItemKind(value.text())
    except ValueError:
        known = ", ".join(ItemKind)
        raise value.error(f"unknown kind {value.data!r}; one of {known}") from None


def _slug(value: Value) -> str:
    text = value.text()
    if not SLUG.fullmatch(text):
        raise value.error(f"{text!r} is not lower-case words joined by hyphens")
    return text


def _file(files: Mapping[str, str], path: str, place: str, line: int) -> str:
    text = files.get(path)
    if text is None or not text.strip():
        raise ContentError(place, line, f"{path} is missing or empty")
    return text


def _folder(files: Mapping[str, str], prefix: str) -> dict[str, str]:
    return {
        path.removeprefix(prefix): text
        for path, text in files.items()
        if path.startswith(prefix)
    }
