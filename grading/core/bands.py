"""The label that a score falls in."""

from enum import StrEnum


class Band(StrEnum):
    """Five bands of equal width, weakest first."""

    LITTLE = "little"
    WEAK = "weak"
    MIDDLING = "middling"
    GOOD = "good"
    STRONG = "strong"


BAND_WIDTH = 20  # points of 100: cuts at 20, 40, 60 and 80


def band_of(value: float) -> Band:
    """Give the band of a score from 0 to 100; a cut belongs to the higher band."""
    return tuple(Band)[min(int(value // BAND_WIDTH), len(Band) - 1)]
