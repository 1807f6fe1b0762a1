"""Plots of a report as SVG text; no drawing library is needed for dots and lines."""

from collections.abc import Sequence

SIDE, EDGE = 320, 40  # pixels of the square, and of the margin for labels


def scatter_plot(points: Sequence[tuple[float, float]]) -> str:
    """Plot scores (up) against labels (right), both 0 to 100."""
    dots = "".join(
        f'<circle cx="{_x(label / 100)}" cy="{_y(score / 100)}" r="3"/>'
        for label, score in points
    )
    return _plot(f'<g fill="#2457a6" fill-opacity="0.55">{dots}</g>', "label", "score")


def reliability_plot(bins: Sequence[tuple[float, float, int]]) -> str:
    """Plot the mean label (up) of each bin of credit (right), both 0 to 1."""
    dots = "".join(
        f'<circle cx="{_x(chance)}" cy="{_y(label)}" r="{2 + min(8, count**0.5 / 3):.1f}">'
        f"<title>{count} criteria</title></circle>"
        for chance, label, count in bins
    )
    return _plot(f'<g fill="#2457a6">{dots}</g>', "credit", "label")


def _x(share: float) -> str:
    return f"{EDGE + share * SIDE:.1f}"


def _y(share: float) -> str:
    return f"{EDGE + (1 - share) * SIDE:.1f}"


def _plot(inside: str, across: str, up: str) -> str:
    size = SIDE + 2 * EDGE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" '
        f'font-family="sans-serif" font-size="13" role="img" '
        f'aria-label="{up} against {across}">'
        f'<rect width="{size}" height="{size}" fill="#fff"/>'
        f'<rect x="{EDGE}" y="{EDGE}" width="{SIDE}" height="{SIDE}" fill="none" '
        f'stroke="#888"/><path d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}" stroke="#888" '
        f'stroke-dasharray="4 4"/>{inside}'
        f'<text x="{size / 2}" y="{size - 10}" text-anchor="middle">{across}</text>'
        f'<text x="14" y="{size / 2}" text-anchor="middle" '
        f'transform="rotate(-90 14 {size / 2})">{up}</text></svg>\n'
    )
