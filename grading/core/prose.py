"""How much a text reads like statements rather than like a list of the rubric's terms."""

import re
from collections.abc import Iterable

FUNCTION_WORDS = frozenset(
    [
        "a",
        "an",
        "the",
        "and",
        "or",
        "but",
        "if",
        "so",
        "because",
        "as",
        "than",
        "that",
        "which",
        "who",
        "what",
        "when",
        "where",
        "while",
        "of",
        "to",
        "in",
        "on",
        "at",
        "by",
        "for",
        "from",
        "with",
        "without",
        "into",
        "out",
        "over",
        "under",
        "per",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "being",
        "do",
        "does",
        "did",
        "has",
        "have",
        "had",
        "can",
        "could",
        "will",
        "would",
        "should",
        "may",
        "might",
        "must",
        "not",
        "no",
        "it",
        "its",
        "they",
        "them",
        "their",
        "there",
        "this",
        "these",
        "those",
        "we",
        "i",
        "you",
        "he",
        "she",
        "our",
        "your",
        "my",
        "me",
        "us",
        "one",
        "some",
        "any",
        "all",
        "each",
        "every",
        "more",
        "most",
        "less",
        "least",
        "fewer",
        "only",
        "just",
        "then",
        "also",
        "too",
        "very",
        "much",
        "many",
        "up",
        "down",
        "off",
        "how",
        "why",
        "both",
        "between",
        "before",
        "after",
        "until",
        "same",
        "other",
    ]
)
_WORD = re.compile(r"[A-Za-z']+")


def prose_share(text: str) -> float:
    """Give the share of function words, 0 to 1; prose has a third to a half."""
    words = [word.lower() for word in _WORD.findall(text)]
    if not words:
        return 0.0
    return sum(word in FUNCTION_WORDS for word in words) / len(words)


def term_words(texts: Iterable[str]) -> frozenset[str]:
    """Give the words of some texts that carry meaning, lower case."""
    words = {word.lower() for text in texts for word in _WORD.findall(text)}
    return frozenset(words - FUNCTION_WORDS)


def density(text: str, terms: frozenset[str]) -> float:
    """Give the share of a text's words that are a rubric's terms, 0 to 1.

    An answer that says things needs other words between the terms; a list of
    terms, or the rubric's words in any order, has few others.
    """
    words = [word.lower() for word in _WORD.findall(text)]
    if not words:
        return 0.0
    return sum(word in terms for word in words) / len(words)
