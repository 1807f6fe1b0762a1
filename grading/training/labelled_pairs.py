"""Pairs of texts with what one makes of the other; and texts held against themselves."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from grading.training.examples import DENIED, MET, Target, sentences_of
from grading.training.games import turned
from grading.training.nudges import perhaps_nudged
from grading.training.texts import plain

LONGEST = 300  # characters of a text that is turned
MOST_SAID = 2  # sentences of a pair, as when scoring


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledPair:
    """A wording, what is said to it, and what that makes of it.

    Attributes:
        wording: Mostly a right wording of a criterion; at times another text.
        said: The sentences that are held against it.
        target: What they do with it.
        question: The question, where it is shown.
        weight: How much it counts.
    """

    wording: str
    said: tuple[str, ...]
    target: Target
    question: str | None = None
    weight: float = 1.0

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything that is read."""
        asked = () if self.question is None else (self.question,)
        return (self.wording, *self.said, *asked)


def echo(text: str, said: str | None = None) -> LabelledPair:
    """Hold a text against itself, or what says the same: whatever it says, that is said."""
    return LabelledPair(
        wording=plain(text), said=sentences_of(said or text), target=MET
    )


def echoes(
    texts: Sequence[str], chance: random.Random, *, every: bool = False
) -> list[LabelledPair]:
    """Hold texts against themselves and against themselves with one word turned.

    Either side of these pairs comes with right and with wrong ones equally often, and
    half the time one side is nudged: other words or a slip, the same claim.

    Args:
        texts: Those that cannot be turned, are long, or are not one sentence, are left
            out.
        chance: What is left to it.
        every: Hold those against themselves, too.
    """
    made: list[LabelledPair] = []
    for text in texts:
        other = turned(text, chance)
        whole = [sentences_of(one) for one in (text, other or "")]
        if [len(own) for own in whole] != [1, 1] or len(text) > LONGEST:
            if every and whole[0]:
                made.append(echo(text, perhaps_nudged(text, chance)))
            continue
        assert other is not None  # noqa: S101 - it has a sentence
        for wording, same, denied in ((text, text, other), (other, other, text)):
            made.append(echo(wording, perhaps_nudged(same, chance)))
            made.append(
                LabelledPair(
                    wording=plain(wording),
                    said=sentences_of(perhaps_nudged(denied, chance)),
                    target=DENIED,
                )
            )
    return made
