"""How many of a right wording's own words an answer uses, and the other way round.

Words of the question count for nothing: everybody can repeat them. For short factual
answers this tells more than a cosine (docs/explanation/scoring.md).
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from grading.core.keywords import stem
from grading.core.prose import FUNCTION_WORDS

_WORD = re.compile(r"[a-z0-9]+(?:[.'][a-z0-9]+)*")


def stems_of(text: str) -> frozenset[str]:
    """Give the stems of the words that carry a text's matter."""
    return frozenset(
        stem(word) for word in _WORD.findall(text.lower()) if word not in FUNCTION_WORDS
    )


wording_stems = lru_cache(maxsize=4096)(stems_of)  # a rubric's texts come again


def words_of(text: str) -> tuple[str, ...]:
    """Give the stems of all words of a text, in order."""
    return tuple(stem(word) for word in _WORD.findall(text.lower()))


wording_words = lru_cache(maxsize=4096)(words_of)


def overlap(
    answer: frozenset[str],
    wordings: Iterable[frozenset[str]],
    asked: frozenset[str] = frozenset(),
) -> float:
    """Give the largest share of a wording's own stems that an answer has, 0 to 1.

    Args:
        answer: Stems of the answer.
        wordings: Stems of each right wording.
        asked: Stems of the question, which do not count; where a wording has no
            others, all of its stems count.
    """
    best = 0.0
    for wording in wordings:
        own = (wording - asked) or wording
        if own:
            best = max(best, len(own & answer) / len(own))
    return best


def used(
    answer: frozenset[str], wordings: Iterable[frozenset[str]], asked: frozenset[str]
) -> float:
    """Give the largest share of an answer's own stems that a wording has, 0 to 1.

    Args:
        answer: Stems of the answer.
        wordings: Stems of each right wording.
        asked: Stems of the question, which do not count.
    """
    own = answer - asked
    if not own:
        return 0.0
    return max((len(own & wording) / len(own) for wording in wordings), default=0.0)


FEW_SHARED = 3  # words whose order tells nothing


def in_order(
    answer: Sequence[str], wordings: Iterable[Sequence[str]], most: int = 400
) -> float:
    """Give how much of what an answer and a wording share stands in the same order.

    Whoever gives a wording's own words in another order mostly says nothing, or
    exchanges what acts and what is acted on.

    Args:
        answer: Stems of all its words, in order.
        wordings: The same of each right wording; the one of which the answer has the
            largest share counts.
        most: Words of the answer that are looked at.

    Returns:
        The longest sequence in both, as a share of the shorter of the two when only
        shared words are left in them, 0 to 1; 1 where next to nothing is shared.
    """
    best = (0.0, 1.0)
    said = answer[:most]
    for wording in wordings:
        shared = set(said) & set(wording)
        if not shared:
            continue
        left = [word for word in said if word in shared]
        right = [word for word in wording if word in shared]
        kept = _longest_common(left, right) / min(len(left), len(right))
        own = len(shared) / len(set(wording))
        best = max(best, (own, kept if len(shared) >= FEW_SHARED else 1.0))
    return best[1]


def _longest_common(left: Sequence[str], right: Sequence[str]) -> int:
    """Give the length of the longest common subsequence."""
    row = [0] * (len(right) + 1)
    for word in left:
        before = 0
        for at, other in enumerate(right, 1):
            before, row[at] = (
                row[at],
                before + 1 if word == other else max(row[at], row[at - 1]),
            )
    return row[-1]
