"""Sentences as vectors: what an encoder gives."""

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
