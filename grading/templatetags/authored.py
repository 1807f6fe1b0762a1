"""Authored Markdown as HTML; nothing a candidate wrote ever comes through here."""

from functools import lru_cache

import nh3
from django import template
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt

register = template.Library()

TAGS = {
    "a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "hr", "li", "ol", "p",
    "pre", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_reader = MarkdownIt("commonmark", {"html": False, "typographer": False})
_reader.enable("table")


@register.filter
def markdown(text: str) -> SafeString:
    """Give authored Markdown as cleaned HTML."""
    return SafeString(_html(text))


@lru_cache(maxsize=512)
def _html(text: str) -> str:
    return nh3.clean(
        _reader.render(text),
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
    )
