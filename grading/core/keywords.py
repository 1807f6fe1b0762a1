"""Rubric keywords in an answer: forms, phrases, typos, and whether they are negated.

A keyword says that a subject is touched, no more; the other signals say whether
the point is made.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from grading.core.sentences import Sentence

_WORD = re.compile(r"[a-z0-9]+(?:[.'][a-z0-9]+)*[%+#]?")
NEGATORS = frozenset(
    [
        "not",
        "no",
        "never",
        "without",
        "cannot",
        "can't",
        "don't",
        "doesn't",
        "isn't",
        "aren't",
        "won't",
        "didn't",
        "wasn't",
        "nothing",
        "neither",
        "nor",
        "hardly",
        "rarely",
        "unlikely",
        "instead",
        "avoid",
        "avoids",
        "avoiding",
    ]
)
NEGATION_REACH = 5  # words after a negator that it covers, within a sentence
TYPO_LETTERS, TWO_TYPO_LETTERS = 5, 9  # words shorter than these are taken as they are


@dataclass(frozen=True, slots=True, kw_only=True)
class KeywordHit:
    """A keyword that was found.

    Attributes:
        group: Index of the criterion's keyword group.
        sentence: Index of the sentence.
        start: In characters of the text, end excluded.
        negated: Whether a negation covers it.
    """

    group: int
    sentence: int
    start: int
    end: int
    negated: bool


@dataclass(frozen=True, slots=True)
class _Token:
    word: str
    stem: str
    start: int
    end: int


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Give a word without the endings that only change its form."""
    for ending, least in (
        ("isations", 4), ("izations", 4), ("isation", 4), ("ization", 4),
        ("ising", 4), ("izing", 4), ("ised", 4), ("ized", 4), ("ises", 4), ("izes", 4),
        ("ise", 4), ("ize", 4), ("ations", 4), ("ation", 4), ("ingly", 4), ("edly", 4),
        ("ing", 4), ("ies", 3), ("ied", 3), ("ed", 4), ("es", 4), ("ly", 4), ("s", 3),
        ("e", 4),
    ):  # fmt: skip
        if word.endswith(ending) and len(word) - len(ending) >= least:
            return word[: -len(ending)].rstrip("i") or word
    return word


def _tokens(text: str, offset: int = 0) -> tuple[_Token, ...]:
    return tuple(
        _Token(m.group(), stem(m.group()), m.start() + offset, m.end() + offset)
        for m in _WORD.finditer(text.lower())
    )


@lru_cache(maxsize=4096)
def _phrase(keyword: str) -> tuple[_Token, ...]:
    return _tokens(keyword)


def find_keywords(
    groups: Sequence[Sequence[str]], sentences: Sequence[Sentence]
) -> tuple[KeywordHit, ...]:
    """Find every group's alternatives, the first in each sentence."""
    read = [_tokens(sentence.text, sentence.start) for sentence in sentences]
    hits: list[KeywordHit] = []
    for number, group in enumerate(groups):
        for place, tokens in enumerate(read):
            hit = _first(group, tokens)
            if hit is None:
                continue
            first, last, keyword = hit
            denies = any(token.word in NEGATORS for token in _phrase(keyword))
            hits.append(
                KeywordHit(
                    group=number,
                    sentence=place,
                    start=tokens[first].start,
                    end=tokens[last].end,
                    negated=not denies and _negated(tokens, first),
                )
            )
    return tuple(hits)


def _first(
    group: Sequence[str], tokens: tuple[_Token, ...]
) -> tuple[int, int, str] | None:
    for keyword in group:
        phrase = _phrase(keyword.lower())
        if not phrase:
            continue
        for at in range(len(tokens) - len(phrase) + 1):
            if all(
                _alike(token, wanted)
                for token, wanted in zip(tokens[at:], phrase, strict=False)
            ):
                return at, at + len(phrase) - 1, keyword
    return None


def _negated(tokens: tuple[_Token, ...], at: int) -> bool:
    return any(
        token.word in NEGATORS or token.word.endswith("n't")
        for token in tokens[max(0, at - NEGATION_REACH) : at]
    )


def _alike(token: _Token, wanted: _Token) -> bool:
    if token.stem == wanted.stem or token.word == wanted.word:
        return True
    if len(wanted.word) < TYPO_LETTERS or token.word[0] != wanted.word[0]:
        return False
    most = 2 if len(wanted.word) >= TWO_TYPO_LETTERS else 1
    if abs(len(token.word) - len(wanted.word)) > most:
        return False
    return _edits(token.word, wanted.word) <= most


@lru_cache(maxsize=50_000)
def _edits(a: str, b: str) -> int:
    """Count insertions, deletions, changes and swaps of neighbours (Damerau 1964)."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        older, before, row = before, row, [i]
        for j, y in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]


def coverage(hits: Sequence[KeywordHit], groups: int, *, sentence: int | None) -> float:
    """Give the share of groups with a hit that is not negated; 0 without groups.

    Args:
        hits: From :func:`find_keywords`.
        groups: How many groups the criterion has.
        sentence: Only hits in this sentence; None takes the whole answer.
    """
    if not groups:
        return 0.0
    found = {
        hit.group
        for hit in hits
        if not hit.negated and (sentence is None or hit.sentence == sentence)
    }
    return len(found) / groups
