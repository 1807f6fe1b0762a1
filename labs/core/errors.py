"""Faults of ours while a lab is run: never a verdict on somebody's code."""


class LabError(Exception):
    """The lab could not be run; it counts as no attempt and is tried again."""

    code = "lab_error"


class LabSpecError(LabError):
    """The lab's own files contradict each other."""

    code = "lab_spec_invalid"


class SandboxUnavailableError(LabError):
    """This machine cannot isolate a run, so nothing is run.

    Attributes:
        feature: What is missing, in a few words.
    """

    code = "sandbox_unavailable"

    def __init__(self, feature: str) -> None:
        """Name what is missing."""
        self.feature = feature
        super().__init__(
            f"Code cannot be run here: {feature}. It is never run without isolation."
        )
