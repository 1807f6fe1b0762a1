"""Home, modules and items: what there is and where one stands."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from grading.core.practice import Practised, Stand, next_up, stand_of
from grading.forms import ItemFilterForm
from grading.models import Draft
from grading.queries import (
    ItemStanding,
    modules,
    open_items,
    standings,
    submissions_of,
)
from grading.views.people import candidate_of, is_htmx
from questions.models import Module

MOST_RECENT = 5  # submissions and drafts on the home page
MOST_NEXT = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemLine:
    """An item in a list, with one's standing in one word."""

    standing: ItemStanding
    stand: Stand
    section_title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionPart:
    """A section of a module with its text and its items."""

    slug: str
    title: str
    reading: str
    lines: list[ItemLine]


def section_titles(found: list[Module]) -> dict[tuple[int, str], str]:
    """Give the title of each section by module and slug."""
    return {
        (module.pk, section["slug"]): section["title"]
        for module in found
        if module.current is not None
        for section in module.current.content["sections"]
    }


def lines_of(
    rows: list[ItemStanding], titles: dict[tuple[int, str], str]
) -> list[ItemLine]:
    """Give the lines of a list of items."""
    return [
        ItemLine(
            standing=row,
            stand=stand_of(submissions=row.submissions, last=row.last),
            section_title=titles.get(
                (row.item.module_id, row.item.section), row.item.section
            ),
        )
        for row in rows
    ]


def what_next(lines: list[ItemLine], most: int = MOST_NEXT) -> list[ItemLine]:
    """Choose what to practise next."""
    practised = [
        Practised(submissions=line.standing.submissions, last=line.standing.last)
        for line in lines
    ]
    return [lines[place] for place in next_up(practised, most=most)]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Say what this is; for who is signed in: where they were, and what is next."""
    found = list(modules())
    candidate = candidate_of(request)
    context: dict[str, Any] = {"modules": found}
    if candidate is None:
        context["first"] = open_items().first()
        return render(request, "grading/home.html", context)
    lines = lines_of(standings(candidate, open_items()), section_titles(found))
    context |= {
        "next_lines": what_next(lines),
        "drafts": Draft.objects.filter(candidate_id=candidate.pk)
        .exclude(text="")
        .exclude(item__current=None)
        .select_related("item__current")
        .order_by("-saved_at")[:MOST_RECENT],
        "recent": submissions_of(candidate)[:MOST_RECENT],
        "tried": sum(1 for line in lines if line.standing.submissions),
        "total": len(lines),
    }
    return render(request, "grading/home.html", context)


@require_safe
def module_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a module's text beside its questions."""
    module = modules().filter(slug=slug).first()
    if module is None or module.current is None:
        raise Http404
    rows = standings(candidate_of(request), open_items().filter(module=module))
    lines = lines_of(rows, section_titles([module]))
    parts = [
        SectionPart(
            slug=section["slug"],
            title=section["title"],
            reading=section["reading"],
            lines=[
                line for line in lines if line.standing.item.section == section["slug"]
            ],
        )
        for section in module.current.content["sections"]
    ]
    context = {"module": module, "content": module.current.content, "parts": parts}
    return render(request, "grading/module_detail.html", context)


@require_safe
@vary_on_headers("HX-Request")
def item_list(request: HttpRequest) -> HttpResponse:
    """List the items that take answers, filtered."""
    found = list(modules())
    titles = section_titles(found)
    form = ItemFilterForm(
        request.GET,
        modules=[(m.slug, m.current.content["title"]) for m in found if m.current],
        sections=[(slug, title) for (_, slug), title in titles.items()],
    )
    form.full_clean()
    lines = _filtered(candidate_of(request), form.cleaned_data, titles)
    context = {
        "form": form,
        "lines": lines,
        "filtered": any(form.cleaned_data.values()),
    }
    name = "grading/item_list.html"
    if is_htmx(request):
        name += "#items"
    status = 200 if form.is_valid() else 422
    return render(request, name, context, status=status)


def _filtered(
    candidate: Any, wanted: dict[str, Any], titles: dict[tuple[int, str], str]
) -> list[ItemLine]:
    items = open_items()
    columns = {"module": "module__slug", "section": "section", "kind": "current__kind"}
    for name, column in columns.items():
        if wanted.get(name):
            items = items.filter(**{column: wanted[name]})
    lines = lines_of(standings(candidate, items), titles)
    if words := str(wanted.get("q") or "").casefold().split():
        lines = [line for line in lines if _says_all(line, words)]
    state = wanted.get("state")
    if state == "tried":
        return [line for line in lines if line.stand is not Stand.NEW]
    return [line for line in lines if not state or line.stand == state]


def _says_all(line: ItemLine, words: list[str]) -> bool:
    version = line.standing.item.current
    assert version is not None  # noqa: S101 - open items have one
    said = f"{version.title} {version.content['asks']} {line.section_title}".casefold()
    return all(word in said for word in words)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Say how scoring works, what is kept and who sees it."""
    return render(request, "grading/about.html")
