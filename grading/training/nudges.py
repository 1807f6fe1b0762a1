"""Small changes that leave a claim as it is.

Whoever only ever sees a text beside itself and beside itself with a word turned learns
that any difference is a denial.
"""

import random
import re

# General words of English and what may stand in their place.
_SAME: tuple[tuple[str, str], ...] = (
    (r"\bis not\b", "isn't"), (r"\bare not\b", "aren't"), (r"\bdoes not\b", "doesn't"),
    (r"\bdo not\b", "don't"), (r"\bcannot\b", "can't"), (r"\bisn't\b", "is not"),
    (r"\baren't\b", "are not"), (r"\bdoesn't\b", "does not"), (r"\bdon't\b", "do not"),
    (r"\bcan't\b", "cannot"), (r"\bit is\b", "it's"), (r"\bit's\b", "it is"),
    (r"\bbecause\b", "since"), (r"\bso that\b", "such that"), (r"\btherefore\b", "so"),
    (r"\buse\b", "employ"), (r"\buses\b", "employs"), (r"\bneeds\b", "requires"),
    (r"\bneed\b", "require"), (r"\bbig\b", "large"), (r"\blarge\b", "big"),
    (r"\bfast\b", "quick"), (r"\bslow\b", "not fast"), (r"\balso\b", "too"),
    (r"\bmust\b", "have to"), (r"\bhas to\b", "must"), (r"\bshow\b", "display"),
    (r"\bget\b", "receive"), (r"\bkeep\b", "retain"), (r"\bwhen\b", "whenever"),
    (r"\bif\b", "in case"), (r"\bmany\b", "a lot of"), (r"\bmost\b", "the majority of"),
    (r"\bevery\b", "each"), (r"\bonly\b", "just"), (r"\band\b", "as well as"),
    (r"\bthe\b ", ""), (r"\ba\b ", ""), (r"\bvery\b ", ""), (r"\.$", ""), (r",", ""),
)  # fmt: skip
_BEFORE = (
    "Basically, ",
    "In short, ",
    "I think ",
    "As far as I know ",
    "Well, ",
    "So ",
)
_AFTER = (", I would say", ", in practice", ", of course", ", as a rule")
NUDGED_SHARE = 0.5  # of texts that meet what is nearly themselves, not themselves
LEAST_LETTERS = 6  # of a word that is mistyped


def nudged(text: str, chance: random.Random) -> str:
    """Give a text in slightly other words, or mistyped, that still says the same."""
    for _ in range(chance.choice((1, 1, 2))):
        text = chance.choices((_other_words, _wrapped, _mistyped), (4, 2, 2))[0](
            text, chance
        )
    return text


def perhaps_nudged(text: str, chance: random.Random) -> str:
    """Give a text nudged as often as not."""
    return nudged(text, chance) if chance.random() < NUDGED_SHARE else text


def _other_words(text: str, chance: random.Random) -> str:
    for pattern, other in chance.sample(_SAME, len(_SAME)):
        places = list(re.finditer(pattern, text, flags=re.IGNORECASE))
        if places:
            place = chance.choice(places)
            return text[: place.start()] + other + text[place.end() :]
    return text


def _wrapped(text: str, chance: random.Random) -> str:
    if chance.random() < 0.5:
        return chance.choice(_BEFORE) + text[:1].lower() + text[1:]
    return text.rstrip(" .") + chance.choice(_AFTER) + "."


def _mistyped(text: str, chance: random.Random) -> str:
    words = [
        m for m in re.finditer(r"[A-Za-z]+", text) if len(m.group()) >= LEAST_LETTERS
    ]
    if not words:
        return text.lower()
    word = chance.choice(words)
    at = chance.randrange(word.start() + 1, word.end() - 2)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
