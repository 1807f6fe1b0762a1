"""What the judge is told of a sentence and a criterion beside their vectors."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from grading.core.keywords import NEGATORS, KeywordHit, coverage, find_keywords
from grading.core.rubric import Criterion
from grading.core.sentences import Sentence
from grading.core.similarity import Vectors

NUMBERS = 8
_WORD = re.compile(r"[a-z']+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wordings:
    """A criterion's sentences and their vectors.

    Attributes:
        right: The statement first, then the references.
        right_vectors: (right, dimensions).
        wrong_vectors: (misconceptions, dimensions); may have no rows.
    """

    right: tuple[str, ...]
    right_vectors: Vectors
    wrong_vectors: Vectors


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Every sentence of a text paired with one criterion.

    Attributes:
        right: (sentences,) index of the nearest right wording.
        wrong: (sentences,) index of the nearest misconception, -1 for none.
        numbers: (sentences, 8) cosines to statement, right and wrong; margin;
            keywords; negation here; negation on one side only; length.
        hits: The criterion's keywords in the sentences.
        nearest_reference: Index of the reference nearest to any sentence; None
            without references.
        nearest_misconception: Likewise.
    """

    right: npt.NDArray[np.int64]
    wrong: npt.NDArray[np.int64]
    numbers: npt.NDArray[np.float32]
    hits: tuple[KeywordHit, ...]
    nearest_reference: int | None
    nearest_misconception: int | None

    @property
    def near(self) -> npt.NDArray[np.float32]:
        """(sentences,) cosine of each sentence to the nearest right wording."""
        return self.numbers[:, 1]

    @property
    def far(self) -> npt.NDArray[np.float32]:
        """(sentences,) cosine to the nearest misconception; 0 where there is none."""
        return self.numbers[:, 2]

    @property
    def margins(self) -> npt.NDArray[np.float32]:
        """(sentences,) how much nearer to right than to wrong; 0 without wrong ones."""
        return self.numbers[:, 3]


def negates(text: str) -> bool:
    """Say whether a text has a word of negation."""
    words = _WORD.findall(text.lower())
    return any(word in NEGATORS or word.endswith("n't") for word in words)


def pair_up(
    criterion: Criterion,
    wordings: Wordings,
    sentences: Sequence[Sentence],
    vectors: Vectors,
) -> Pairs:
    """Pair sentences with a criterion.

    Args:
        criterion: For its keywords.
        wordings: Its sentences as vectors.
        sentences: At least one.
        vectors: (sentences, dimensions), rows of length 1.
    """
    to_right = vectors @ wordings.right_vectors.T
    right = to_right.argmax(axis=1)
    near = to_right.max(axis=1)
    if len(wordings.wrong_vectors):
        to_wrong = vectors @ wordings.wrong_vectors.T
        wrong, far = to_wrong.argmax(axis=1), to_wrong.max(axis=1)
    else:
        wrong, far = np.full(len(sentences), -1), np.zeros(len(sentences))
    groups = len(criterion.keywords)
    hits = find_keywords(criterion.keywords, sentences)
    rows = []
    for place, sentence in enumerate(sentences):
        here = negates(sentence.text)
        there = negates(wordings.right[int(right[place])])
        rows.append(
            (
                to_right[place, 0],
                near[place],
                far[place],
                near[place] - far[place] if len(wordings.wrong_vectors) else 0.0,
                coverage(hits, groups, sentence=place),
                float(here),
                float(here != there),
                math.log1p(len(sentence.text.split())) / 3,
            )
        )
    return Pairs(
        right=right.astype(np.int64),
        wrong=wrong.astype(np.int64),
        numbers=np.array(rows, dtype=np.float32).reshape(len(sentences), NUMBERS),
        hits=hits,
        nearest_reference=_nearest(to_right[:, 1:]),
        nearest_misconception=_nearest(vectors @ wordings.wrong_vectors.T),
    )


def _nearest(cosines: Vectors) -> int | None:
    """Give the column with the highest cosine; None without columns."""
    return int(cosines.max(axis=0).argmax()) if cosines.shape[1] else None
