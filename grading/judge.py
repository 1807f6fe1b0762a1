"""The learned judge: reads question, answer and criteria, says what each came to.

Grown from the sentence encoder: its weights file holds the layers that were
trained, in half precision; the rest is the encoder's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from grading.core.errors import ModelIntegrityError
from grading.core.sentences import Sentence
from grading.encoder import checked_weights, model_folder, sha256_of
from grading.tokens import SharedText, criterion_ids, load_tokenizer, padded, shared_texts

WEIGHTS = Path(__file__).parent / "weights" / "judge.safetensors"
HASH_FILE = WEIGHTS.with_suffix(".sha256")
MOST_TEXTS = 16  # stretches of 384 tokens that are read of one answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the judge says of one answer.

    Attributes:
        classes: (criteria, 4) chances of met, partly, missing, contradicted.
        supports: (criteria, sentences) chance that a sentence makes the point.
        contradicts: (criteria, sentences) chance that it says the opposite.
        sentences: The sentences, in characters of the normalised answer.
    """

    classes: npt.NDArray[np.float64]
    supports: npt.NDArray[np.float64]
    contradicts: npt.NDArray[np.float64]
    sentences: tuple[Sentence, ...]


def checked_judge() -> str:
    """Give the hash of the judge's weights after it was found right.

    Raises:
        ModelIntegrityError: Absent, or other weights than were measured.
    """
    found = sha256_of(WEIGHTS)
    try:
        wanted = HASH_FILE.read_text("ascii").split()[0]
    except (OSError, IndexError) as error:
        raise ModelIntegrityError(f"{HASH_FILE.name} cannot be read") from error
    if found != wanted:
        raise ModelIntegrityError(f"{WEIGHTS.name} has SHA-256 {found}")
    return found


class Judge:
    """The network with its tokenizer."""

    def __init__(self, weights: Path = WEIGHTS) -> None:
        """Load the checked weights."""
        import torch  # noqa: PLC0415 - takes seconds
        from safetensors.torch import load_file  # noqa: PLC0415

        from grading.network import grow  # noqa: PLC0415

        self._torch = torch
        self._tokenizer = load_tokenizer(model_folder())
        network = grow(checked_weights())
        trained = {name: value.float() for name, value in load_file(weights).items()}
        missing, unexpected = network.load_state_dict(trained, strict=False)
        if unexpected or len(missing) == len(network.state_dict()):
            raise ModelIntegrityError(f"{weights.name} does not fit the network")
        network.eval()
        self._network = network

    def read(self, question: str, answer: str, criteria: Sequence[str]) -> Reading:
        """Judge one normalised answer against some criteria.

        A long answer is read in stretches; a point made in any of them is made.
        """
        texts = shared_texts(self._tokenizer, question, answer)[:MOST_TEXTS]
        rows = padded([criterion_ids(self._tokenizer, text) for text in criteria], 0)
        classes, tags = zip(*(self._one(text, rows) for text in texts), strict=True)
        chosen = _strongest(np.stack(classes))
        joined = np.concatenate(tags, axis=1)
        return Reading(
            classes=chosen,
            supports=joined[..., 1],
            contradicts=joined[..., 2],
            sentences=tuple(s for text in texts for s in text.sentences),
        )

    def _one(
        self, text: SharedText, rows: list[list[int]]
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        from grading.network import Reading as Batch  # noqa: PLC0415

        torch = self._torch
        batch = Batch(
            shared_ids=torch.tensor([text.ids]),
            sentence_of=torch.tensor([text.sentence_of]),
            criterion_ids=torch.tensor(rows),
            unit_of=torch.zeros(len(rows), dtype=torch.long),
            sentences=max(1, len(text.sentences)),
        )
        with torch.inference_mode():
            verdicts, tags = self._network(batch)
        shares = verdicts.double().softmax(-1).numpy()
        told = tags.double().softmax(-1).numpy()[:, : len(text.sentences)]
        return shares, told


def _strongest(classes: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Give, of (stretches, criteria, 4), the stretch that says most on each criterion."""
    says = 1 - classes[..., 2]
    best = says.argmax(axis=0)
    return np.take_along_axis(classes, best[None, :, None], axis=0)[0]
