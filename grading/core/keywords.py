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


class Words:
    """The words of an answer, taken apart once for all keywords of a rubric."""

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        """Take the sentences apart."""
        self.sentences = [_tokens(one.text, one.start) for one in sentences]
        self._places: dict[str, list[tuple[int, int]]] = {}
        self._by_stem: dict[str, set[str]] = {}
        self._by_letter: dict[str, list[_Token]] = {}
        for number, tokens in enumerate(self.sentences):
            for at, token in enumerate(tokens):
                if token.word not in self._places:
                    self._places[token.word] = []
                    self._by_stem.setdefault(token.stem, set()).add(token.word)
                    self._by_letter.setdefault(token.word[0], []).append(token)
                self._places[token.word].append((number, at))
        self._known: dict[str, frozenset[str]] = {}

    def alike(self, wanted: _Token) -> frozenset[str]:
        """Give the words that are a keyword's word in another form, or with a typo."""
        known = self._known.get(wanted.word)
        if known is None:
            found = set(self._by_stem.get(wanted.stem, ()))
            for token in self._by_letter.get(wanted.word[0], ()):
                if _is_typo(token.word, wanted.word):
                    found.add(token.word)
            known = self._known[wanted.word] = frozenset(found)
        return known

    def first(self, keyword: str) -> dict[int, int]:
        """Give, by sentence, where a keyword first begins in it."""
        begin, *rest = _phrase(keyword)
        found: dict[int, int] = {}
        for word in self.alike(begin):
            for number, at in self._places[word]:
                tokens = self.sentences[number]
                if at >= found.get(number, len(tokens)) or at + len(rest) >= len(
                    tokens
                ):
                    continue
                if all(
                    tokens[at + k].word in self.alike(wanted)
                    for k, wanted in enumerate(rest, 1)
                ):
                    found[number] = at
        return found


def find_keywords(
    groups: Sequence[Sequence[str]], words: Words
) -> tuple[KeywordHit, ...]:
    """Find every group's alternatives; in each sentence the first that is there."""
    hits: list[KeywordHit] = []
    for number, group in enumerate(groups):
        found: dict[int, tuple[int, str]] = {}
        for keyword in map(str.lower, group):
            if not _phrase(keyword):
                continue
            for sentence, at in words.first(keyword).items():
                found.setdefault(sentence, (at, keyword))
        for sentence, (at, keyword) in sorted(found.items()):
            tokens = words.sentences[sentence]
            phrase = _phrase(keyword)
            denies = any(token.word in NEGATORS for token in phrase)
            hits.append(
                KeywordHit(
                    group=number,
                    sentence=sentence,
                    start=tokens[at].start,
                    end=tokens[at + len(phrase) - 1].end,
                    negated=not denies and _negated(tokens, at),
                )
            )
    return tuple(hits)


def _negated(tokens: tuple[_Token, ...], at: int) -> bool:
    return any(
        token.word in NEGATORS or token.word.endswith("n't")
        for token in tokens[max(0, at - NEGATION_REACH) : at]
    )


def _is_typo(word: str, wanted: str) -> bool:
    if len(wanted) < TYPO_LETTERS or word[0] != wanted[0]:
        return False
    most = 2 if len(wanted) >= TWO_TYPO_LETTERS else 1
    if abs(len(word) - len(wanted)) > most:
        return False
    return _edits(word, wanted) <= most


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


def negated_share(hits: Sequence[KeywordHit], *, sentence: int) -> float:
    """Give the share of a sentence's hits that a negation covers; 0 without hits."""
    there = [hit.negated for hit in hits if hit.sentence == sentence]
    return sum(there) / len(there) if there else 0.0
