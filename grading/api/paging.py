"""Cursor pages: stable while new rows arrive, at the same cost on every page."""

from rest_framework.pagination import CursorPagination


class NewestFirst(CursorPagination):
    """Pages of rows by creation time, ties by id."""

    ordering = ("-created_at", "-id")
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
