"""What can go wrong while an answer is judged, one class per outcome."""


class GradingError(Exception):
    """Anything that keeps an answer from being scored."""

    code = "grading_error"


class RubricError(GradingError):
    """The rubric itself cannot be used."""

    code = "rubric_invalid"


class UngradableError(GradingError):
    """The answer cannot be scored: too long, empty, not text. Costs no attempt."""

    code = "answer_ungradable"


class ModelIntegrityError(GradingError):
    """Model weights are absent or are not the ones this version was measured with."""

    code = "model_integrity"
