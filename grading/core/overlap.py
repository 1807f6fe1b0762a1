"""How many of a right wording's own words an answer uses, and the other way round.

Words of the question count for nothing: everybody can repeat them. For short factual
answers this tells more than a cosine (docs/explanation/scoring.md).
"""

import re
from collections.abc import Iterable
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
