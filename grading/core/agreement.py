"""How well scores agree with raters: standard measures on plain numbers."""

from collections.abc import Sequence

import numpy as np

from grading.core.bands import BAND_WIDTH, Band

BANDS = len(Band)
Numbers = Sequence[float]


def pearson(a: Numbers, b: Numbers) -> float:
    """Give Pearson's correlation; 0 where one side does not vary."""
    x, y = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if len(x) < 2 or x.std() == 0 or y.std() == 0:
        return 0.0
    return float(np.corrcoef(x, y)[0, 1])


def weighted_kappa(a: Numbers, b: Numbers) -> float:
    """Give quadratic weighted kappa over five bands of scores 0..100 (Cohen 1968)."""
    rows = np.minimum(np.asarray(a) // BAND_WIDTH, BANDS - 1).astype(int)
    columns = np.minimum(np.asarray(b) // BAND_WIDTH, BANDS - 1).astype(int)
    seen = np.zeros((BANDS, BANDS))
    np.add.at(seen, (rows, columns), 1)
    expected = np.outer(seen.sum(1), seen.sum(0)) / seen.sum()
    steps = np.arange(BANDS)
    weights = (steps[:, None] - steps[None]) ** 2
    by_chance = (weights * expected).sum()
    return float(1 - (weights * seen).sum() / by_chance) if by_chance else 1.0


def mean_error(a: Numbers, b: Numbers) -> float:
    """Give the mean absolute difference."""
    return float(np.abs(np.asarray(a) - np.asarray(b)).mean())


def auc(chances: Numbers, yes: Sequence[bool]) -> float | None:
    """Give the chance that a yes ranks above a no (Mann and Whitney 1947).

    None where there is no yes, or no no.
    """
    order = np.argsort(np.asarray(chances), kind="stable")
    values = np.asarray(chances)[order]
    ranks = np.empty(len(values))
    _, first, counts = np.unique(values, return_index=True, return_counts=True)
    for start, count in zip(first, counts, strict=True):
        ranks[start : start + count] = start + (count + 1) / 2
    flags = np.asarray(yes)[order]
    positive, negative = int(flags.sum()), int((~flags).sum())
    if not positive or not negative:
        return None
    above = ranks[flags].sum() - positive * (positive + 1) / 2
    return float(above / (positive * negative))


def reliability(
    chances: Numbers, labels: Numbers, bins: int = 10
) -> list[tuple[float, float, int]]:
    """Give, for each bin of chances that has some: mean chance, mean label, count."""
    p, y = np.asarray(chances), np.asarray(labels)
    places = np.minimum((p * bins).astype(int), bins - 1)
    return [
        (
            float(p[places == k].mean()),
            float(y[places == k].mean()),
            int((places == k).sum()),
        )
        for k in range(bins)
        if (places == k).any()
    ]


def calibration_error(chances: Numbers, labels: Numbers) -> float:
    """Give the expected calibration error over ten bins (Naeini et al. 2015)."""
    found = reliability(chances, labels)
    total = sum(count for _, _, count in found)
    return sum(count * abs(chance - label) for chance, label, count in found) / total
