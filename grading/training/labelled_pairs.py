"""Pairs of texts with what one makes of the other; and texts held against themselves."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from grading.training.examples import CONTRADICTED, MET, Target, sentences_of
from grading.training.games import turned
from grading.training.texts import plain

BACK_SHARE = 0.5  # of turned texts that are echoed, and turned back, too
LONGEST = 300  # characters of a text that is turned


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


def echo(text: str) -> LabelledPair:
    """Hold a text against itself: whatever it says, that is said."""
    return LabelledPair(wording=text, said=sentences_of(text), target=MET)


def echoes(
    texts: Sequence[str], chance: random.Random, *, every: bool = False
) -> list[LabelledPair]:
    """Hold texts against themselves and against themselves with one word turned.

    Args:
        texts: Those that cannot be turned, or are not one sentence, are left out.
        chance: What is left to it.
        every: Hold those against themselves, too.
    """
    made: list[LabelledPair] = []
    for text in texts:
        other = turned(text, chance)
        if other is None or len(sentences_of(text)) != 1 or len(text) > LONGEST:
            if every and sentences_of(text):
                made.append(echo(plain(text)))
            continue
        there, back = plain(text), plain(other)
        made += [echo(there), _turned_pair(there, back)]
        if chance.random() < BACK_SHARE:
            made += [echo(back), _turned_pair(back, there)]
    return made


def _turned_pair(wording: str, said: str) -> LabelledPair:
    return LabelledPair(wording=wording, said=sentences_of(said), target=CONTRADICTED)
