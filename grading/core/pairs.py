"""How near the sentences of an answer are to a criterion, in meaning and in words."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from grading.core.keywords import KeywordHit, Words, find_keywords
from grading.core.rubric import Criterion
from grading.core.similarity import Vectors

# Cosine from which on a misconception may be evidence: many stay below it, and hardly
# one of those that an answer does state.
IN_SIGHT = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Wordings:
    """A criterion's sentences as vectors.

    Attributes:
        right: (1 + references, dimensions), the statement first.
        wrong: (misconceptions, dimensions); may have no rows.
    """

    right: Vectors
    wrong: Vectors


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Every sentence of an answer paired with one criterion.

    Attributes:
        near: (sentences,) cosine to the nearest right wording.
        statement: (sentences,) cosine to the criterion's statement alone.
        far: (sentences,) cosine to the nearest misconception; 0 without any.
        hits: The criterion's keywords in the sentences.
        references: Indices of the references, the one nearest to any sentence first.
        has_misconceptions: Whether the criterion has any to be near to.
    """

    near: npt.NDArray[np.float32]
    statement: npt.NDArray[np.float32]
    far: npt.NDArray[np.float32]
    hits: tuple[KeywordHit, ...]
    references: tuple[int, ...]
    has_misconceptions: bool

    @property
    def is_misconception_in_sight(self) -> bool:
        """Whether a sentence comes near a misconception."""
        return self.has_misconceptions and float(self.far.max()) >= IN_SIGHT


def pair_up(
    criterion: Criterion,
    wordings: Wordings,
    words: Words,
    vectors: Vectors,
) -> Pairs:
    """Pair an answer's sentences with a criterion.

    Args:
        criterion: For its keywords.
        wordings: Its sentences as vectors.
        words: Of the sentences; at least one.
        vectors: (sentences, dimensions), rows of length 1.
    """
    to_right = vectors @ wordings.right.T
    to_wrong = vectors @ wordings.wrong.T
    any_wrong = to_wrong.shape[1] > 0
    return Pairs(
        near=to_right.max(axis=1),
        statement=to_right[:, 0],
        far=to_wrong.max(axis=1) if any_wrong else np.zeros(len(vectors), np.float32),
        hits=find_keywords(criterion.keywords, words),
        references=tuple(
            int(k) for k in np.argsort(-to_right[:, 1:].max(axis=0), kind="stable")
        ),
        has_misconceptions=any_wrong,
    )
