"""What an answer did with one criterion."""

from enum import StrEnum


class Finding(StrEnum):
    """The four ways an answer can stand to the point of a criterion."""

    MET = "met"
    PARTLY = "partly"
    MISSING = "missing"
    CONTRADICTED = "contradicted"
