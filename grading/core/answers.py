"""What may be an answer: checked the same on the page, in the API and by hand."""

from dataclasses import dataclass

from labs.core.spec import LONGEST_CODE

MOST_CHARACTERS = 20_000
MOST_CODE_CHARACTERS = LONGEST_CODE


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFault:
    """Why a text cannot be an answer.

    Attributes:
        code: Stable, for clients.
        message: A sentence for people, with the value that is wrong.
    """

    code: str
    message: str


def fault_of(answer: str, *, most: int = MOST_CHARACTERS) -> AnswerFault | None:
    """Say what is wrong with an answer, or None when it can be scored."""
    if not answer.strip():
        return AnswerFault(code="answer_empty", message="The answer is empty.")
    if len(answer) > most:
        return AnswerFault(
            code="answer_too_long",
            message=f"The answer has {len(answer):,} characters; "
            f"the most that can be scored is {most:,}.",
        )
    nul = answer.find("\0")
    if nul >= 0:
        return AnswerFault(
            code="answer_has_nul",
            message=f"Character {nul + 1} of the answer is a NUL byte (U+0000), "
            "which text cannot hold.",
        )
    for position, character in enumerate(answer, 1):
        if "\ud800" <= character <= "\udfff":
            return AnswerFault(
                code="answer_not_unicode",
                message=f"Character {position} of the answer is half of a surrogate "
                f"pair (U+{ord(character):04X}), which is not text.",
            )
    return None
