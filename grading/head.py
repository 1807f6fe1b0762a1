"""The judge's network: compares a sentence with a criterion by their vectors.

The encoder says what two sentences are about; this small network has learned
which differences between their vectors matter: the same point in other words,
its opposite, or only the same subject.
"""

import torch
from torch import Tensor, nn

DIMENSIONS = 384
NUMBERS = 8  # beside the vectors: cosines, margin, keywords, negations, length
HIDDEN = 96
KINDS = ("none", "supports", "contradicts")


class JudgeHead(nn.Module):
    """Says of (sentence, criterion) pairs: none, supports or contradicts."""

    def __init__(self) -> None:
        """Make the layers."""
        super().__init__()
        self.wide = nn.Linear(6 * DIMENSIONS, HIDDEN)
        self.plain = nn.Linear(NUMBERS, HIDDEN)
        self.deep = nn.Linear(HIDDEN, HIDDEN)
        self.out = nn.Linear(HIDDEN, len(KINDS))
        self.drop = nn.Dropout(0.4)

    def forward(
        self,
        sentence: Tensor,
        says: Tensor,
        right: Tensor,
        wrong: Tensor,
        numbers: Tensor,
    ) -> Tensor:
        """Give (pairs, 3) logits.

        Args:
            sentence: (pairs, 384) the sentence.
            says: (pairs, 384) the criterion's statement.
            right: (pairs, 384) its wording that is nearest to the sentence.
            wrong: (pairs, 384) its misconception that is nearest; zeros for none.
            numbers: (pairs, 8) see ``pair_numbers``.
        """
        scale = DIMENSIONS**0.5  # products of unit vectors are tiny
        wide = torch.cat(
            [
                sentence * says * scale * 4,
                (sentence - says).abs() * 4,
                sentence * right * scale * 4,
                (sentence - right).abs() * 4,
                sentence * wrong * scale * 4,
                (sentence - wrong).abs() * 4,
            ],
            dim=-1,
        )
        first = torch.relu(self.wide(self.drop(wide)) + self.plain(numbers))
        second = torch.relu(self.deep(self.drop(first))) + first
        logits: Tensor = self.out(second)
        return logits
