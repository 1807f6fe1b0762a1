"""Why a box can answer no more, in a word and a sentence."""

import signal

from labs.core.protocol import ProtocolError
from labs.core.spec import Limits
from labs.core.verdict import Verdict

OUT_OF_MEMORY = 70  # how the shim exits when it cannot even say so
SIGNAL_BASE = 128  # as a shell counts an end by a signal


class BoxEndedError(Exception):
    """The box can answer no more.

    Attributes:
        verdict: How that is to be called.
        message: One sentence for the learner.
    """

    def __init__(self, verdict: Verdict, message: str) -> None:
        """Keep the verdict beside the sentence."""
        self.verdict = verdict
        self.message = message
        super().__init__(message)


def broke_the_channel(error: ProtocolError) -> BoxEndedError:
    """Say that the code wrote where only answers belong."""
    return BoxEndedError(
        Verdict.REJECTED,
        f"The code wrote on the channel that carries its answers ({error}).",
    )


def ending_of(status: int, limits: Limits) -> BoxEndedError:
    """Give the ending from a process's exit status, as a shell would count it."""
    number = status - SIGNAL_BASE if status > SIGNAL_BASE else -status
    if number in (signal.SIGXCPU, signal.SIGKILL):
        return BoxEndedError(
            Verdict.TIME_LIMIT,
            f"The code used up its {limits.cpu_seconds} seconds of CPU time.",
        )
    if status == OUT_OF_MEMORY:
        return BoxEndedError(Verdict.MEMORY_LIMIT, "The memory limit was reached.")
    if number > 0 and number in set(signal.Signals):
        name = signal.Signals(number).name
        return BoxEndedError(
            Verdict.CRASHED, f"The interpreter was ended by {name} before it answered."
        )
    return BoxEndedError(
        Verdict.CRASHED, "The code ended the program before it had answered."
    )
