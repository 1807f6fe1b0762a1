"""The close reader, ready to use: checked by hash, loaded once per process."""

from collections.abc import Sequence
from pathlib import Path

from grading.core.signals import Chances
from grading.encoder import matched_hash
from grading.facing import Facing

MOST_TOKENS = 1500  # read at a time; of a usual answer that is all
WEIGHTS = Path(__file__).parent / "weights" / "close_reader.safetensors"


def checked_close_reader() -> str:
    """Give the hash of the close reader's weights after it was found right.

    Raises:
        ModelIntegrityError: Absent, or other weights than were measured.
    """
    return matched_hash(WEIGHTS)


class CloseReader:
    """The network of :mod:`grading.close_network` with its weights."""

    def __init__(self, weights: Path = WEIGHTS, *, rounded: bool = True) -> None:
        """Load the weights.

        Args:
            weights: The file.
            rounded: Whether layers work in whole numbers of eight bits, as scores do.

        Raises:
            ModelIntegrityError: They are another network's.
        """
        from grading.close_network import CloseNetwork
        from grading.loading import fill

        self.network = CloseNetwork()
        fill(self.network, weights, rounded=rounded)

    def read(self, pairs: Sequence[Facing]) -> Chances:
        """Give (pairs, 4) chances: missing, partly, met, contradicted.

        The pairs of one call share their batches, so a caller passes those of one
        answer.

        Args:
            pairs: At least one.
        """
        import torch

        from grading.close_network import face_to_face

        with torch.inference_mode():
            logits = [self.network(face_to_face(group)) for group in groups_of(pairs)]
            chances: Chances = torch.cat(logits).double().softmax(-1).numpy()
            return chances


def groups_of(pairs: Sequence[Facing]) -> list[list[Facing]]:
    """Cut pairs into groups that are read at a time, in their order."""
    groups: list[list[Facing]] = []
    filled = MOST_TOKENS
    for pair in pairs:
        if filled + pair.tokens > MOST_TOKENS:
            groups.append([])
            filled = 0
        groups[-1].append(pair)
        filled += pair.tokens
    return groups
