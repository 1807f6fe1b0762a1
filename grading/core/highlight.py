"""An answer cut where evidence begins and ends, so that a page can mark the words.

Evidence of several criteria may overlap and HTML cannot nest it, so the text is
cut into pieces; each piece knows every criterion whose words it is part of.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from grading.core.evidence import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Words of the answer that belong to one criterion.

    Attributes:
        criterion: Its number on the page, from 1.
        span: Where the words are, in code points of the answer.
    """

    criterion: int
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """One unbroken stretch of a criterion's words; overlapping marks are joined.

    Attributes:
        anchor: The id of its first piece on the page.
        criterion: The criterion's number.
        text: The words.
        span: Where they are.
    """

    anchor: str
    criterion: int
    text: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A piece of the answer.

    Attributes:
        text: Raw text: whoever prints it escapes it.
        marks: The criteria whose words it is part of, ascending.
        anchors: Ids of the quotes that begin here.
        ends: The criteria whose quotes end here.
    """

    text: str
    marks: tuple[int, ...] = ()
    anchors: tuple[str, ...] = ()
    ends: tuple[int, ...] = ()


def quotes(text: str, marks: Iterable[Mark]) -> tuple[Quote, ...]:
    """Join each criterion's marks into stretches, by criterion, then by place."""
    spans: dict[int, list[tuple[int, int]]] = {}
    for mark in marks:
        start, end = _trimmed(text, mark.span)
        if start < end:
            spans.setdefault(mark.criterion, []).append((start, end))
    return tuple(
        Quote(
            anchor=f"words-{criterion}-{count}",
            criterion=criterion,
            text=text[start:end],
            span=Span(start=start, end=end),
        )
        for criterion in sorted(spans)
        for count, (start, end) in enumerate(_joined(spans[criterion]), 1)
    )


def _trimmed(text: str, span: Span) -> tuple[int, int]:
    """Move both ends inwards past white space and the end of the text."""
    start, end = span.start, min(span.end, len(text))
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join stretches that overlap or touch; in order."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def segments(text: str, found: Iterable[Quote]) -> tuple[Segment, ...]:
    """Cut a text at every border of a quote; the pieces add up to the text."""
    known = tuple(found)
    borders = {0, len(text)}
    for quote in known:
        borders |= {quote.span.start, quote.span.end}
    cuts = sorted(borders)
    return tuple(_segment(text, start, end, known) for start, end in pairwise(cuts))


def _segment(text: str, start: int, end: int, known: tuple[Quote, ...]) -> Segment:
    here = [q for q in known if q.span.start <= start and end <= q.span.end]
    return Segment(
        text=text[start:end],
        marks=tuple(sorted(quote.criterion for quote in here)),
        anchors=tuple(quote.anchor for quote in here if quote.span.start == start),
        ends=tuple(sorted(q.criterion for q in here if q.span.end == end)),
    )
