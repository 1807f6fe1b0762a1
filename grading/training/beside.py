"""What says nothing to a wording: words without order, strangers, the question back."""

import random
import re
from collections.abc import Sequence
from dataclasses import replace

from grading.training.examples import MISSING, sentences_of
from grading.training.labelled_pairs import MOST_SAID, LabelledPair

# Of the pairs of a pass: how many are shown again with each of these.
NONSENSE_SHARE, STRANGER_SHARE, QUESTION_SHARE = 0.05, 0.1, 0.04
LEAST_WORDS = 6  # fewer may make sense in any order
_WORD = re.compile(r"[A-Za-z0-9][\w'-]*")


def beside(pairs: Sequence[LabelledPair], chance: random.Random) -> list[LabelledPair]:
    """Give pairs in which what is said has nothing to say to the wording.

    Args:
        pairs: Of many questions: what is said in one of them is a stranger to another.
        chance: Which are drawn, and the order of words.
    """
    made = []
    for pair in pairs:
        if chance.random() < NONSENSE_SHARE:
            made.append(_said(pair, _without_order(pair.wording, chance)))
        if chance.random() < STRANGER_SHARE:
            other = chance.choice(pairs)
            if _are_strangers(pair, other):
                made.append(_said(pair, other.said))
        if pair.question is not None and chance.random() < QUESTION_SHARE:
            asked = sentences_of(pair.question)
            at = chance.randrange(max(1, len(asked) - MOST_SAID + 1))
            made.append(_said(pair, asked[at : at + MOST_SAID]))
    return [one for one in made if one.said]


def _said(pair: LabelledPair, said: tuple[str, ...]) -> LabelledPair:
    return replace(pair, said=said, target=MISSING, weight=1.0)


def _are_strangers(pair: LabelledPair, other: LabelledPair) -> bool:
    if pair.question is not None and pair.question == other.question:
        return False
    return pair.wording != other.wording and pair.wording not in other.said


def _without_order(text: str, chance: random.Random) -> tuple[str, ...]:
    """Give a text's own words in an order of chance; nothing where they are few."""
    words = _WORD.findall(text)
    if len(words) < LEAST_WORDS:
        return ()
    return sentences_of(" ".join(chance.sample(words, len(words))))
