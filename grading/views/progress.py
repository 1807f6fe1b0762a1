"""How scores went over time."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from grading.core.chart import Chart, Dot, GroupMean, chart_of, means_by
from grading.core.practice import Stand
from grading.core.progress import ItemProgress, progress_by_item
from grading.queries import ProgressPoint, modules, open_items, progress_of, standings
from grading.views.browse import lines_of, section_titles, what_next
from grading.views.people import me, signed_in

MOST_DOTS = 120  # newest answers on the chart: more cannot be told apart


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartDot:
    """A dot with the answer it stands for."""

    dot: Dot
    point: ProgressPoint


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """How one item went, with its title."""

    title: str
    progress: ItemProgress


@require_safe
@signed_in
def progress_detail(request: HttpRequest) -> HttpResponse:
    """Show the chart, the items, sections and weeks, and what to do next."""
    points = progress_of(me(request))
    found = list(modules())
    lines = lines_of(standings(me(request), open_items()), section_titles(found))
    sections = {line.standing.item.slug: line.section_title for line in lines}
    titles = {point.item_slug: point.item_title for point in points}
    by_item = progress_by_item((point.item_slug, point.score) for point in points)
    context: dict[str, Any] = {
        "points": points,
        "newest_first": points[::-1][:MOST_DOTS],
        "items": [
            ItemRow(title=titles[progress.item], progress=progress)
            for progress in by_item
        ],
        "sections": means_by(
            [
                (sections[progress.item], progress.last)
                for progress in by_item
                if progress.item in sections
            ]
        ),
        "weeks": _weeks(points),
        "next_lines": what_next(lines),
        "tried": sum(1 for line in lines if line.stand is not Stand.NEW),
        "strong": sum(1 for line in lines if line.stand is Stand.STRONG),
        "total": len(lines),
        **_chart(points[-MOST_DOTS:]),
    }
    return render(request, "grading/progress_detail.html", context)


def _chart(points: list[ProgressPoint]) -> dict[str, Any]:
    chart: Chart = chart_of([point.score for point in points])
    dots = [ChartDot(dot=dot, point=points[dot.index]) for dot in chart.dots]
    return {"chart": chart, "dots": dots}


def _weeks(points: list[ProgressPoint]) -> list[tuple[date, GroupMean]]:
    """Give the mean of each week in which something was scored, newest first."""
    mondays = [_monday(point) for point in points]
    means = means_by(
        [
            (monday.isoformat(), point.score)
            for monday, point in zip(mondays, points, strict=True)
        ]
    )
    return [(date.fromisoformat(mean.name), mean) for mean in reversed(means)]


def _monday(point: ProgressPoint) -> date:
    day = timezone.localtime(point.submitted_at).date()
    return day - timedelta(days=day.weekday())
