"""Where the sentences of an answer are, whatever way it was typed.

Prose, bullets, semicolons and dictation without a full stop all end up as
stretches of about one claim each.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MAX_SENTENCES = 400  # 20,000 characters of sane text stay well below

_BULLET = re.compile(r"[ \t]*(?:[-*+>#]+|\(?\d{1,2}[.)]|\(?[a-zA-Z][.)])[ \t]+")
_STOP = re.compile(r"[.!?]+[\"')\]]*(?=\s)|;|(?<=\s)[|](?=\s)|\s+-\s+(?=[A-Z])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|eg|ie|vs|etc|approx|ca|cf|resp|incl|no|fig|eq|dr|mr|st|al)"
    r"|(?<![\w'])[a-zA-Z])\.$",
    re.IGNORECASE,
)
_JOINT = re.compile(
    r"(?:,\s+|\s+)(?=(?:and|but|so|because|then|also|while|whereas|which|since|plus"
    r"|however|therefore|otherwise|instead|second|third|finally|next)\s)|,\s+|:\s+",
    re.IGNORECASE,
)
_WORD = re.compile(r"\S+")
_PAUSE = re.compile(r"[,:()]\s|\s[-–—(]")


@dataclass(frozen=True, slots=True)
class _Length:
    """How long a stretch may be, in words.

    Attributes:
        most: One that is longer is cut at a joint: two claims or more.
        window: Where no joint is found, it is cut about here.
        least: A piece cut at a joint has at least so many.
    """

    most: int
    window: int
    least: int


_TYPED = _Length(most=34, window=22, least=6)
# Of words without a pause among them, as dictation writes them: claims follow closely.
_RUN_ON = _Length(most=20, window=13, least=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One stretch of a text, in characters of that text, end excluded."""

    start: int
    end: int
    text: str

    @property
    def stopped(self) -> str:
        """The stretch with a full stop at its end: as networks read it.

        A claim is one with or without it, but to a network that seldom saw one without
        it, words that do not end are no sentence: decision 0015.
        """
        text = self.text.rstrip(" ,;:")
        return text if text.endswith((".", "!", "?")) else f"{text}."


def as_read(sentences: Sequence[Sentence], *, is_fact: bool) -> list[str]:
    """Give an answer's stretches as networks read them.

    Those of a whole answer end in a stop, whether or not it was typed; a single fact is
    seldom given one, in what was learned from as elsewhere
    (docs/decisions/0015-every-stretch-ends-in-a-stop.md).

    Args:
        sentences: Of the answer.
        is_fact: Whether the rubric has a single criterion.
    """
    return [one.text if is_fact else one.stopped for one in sentences]


def split_sentences(text: str, *, is_fact: bool = False) -> tuple[Sentence, ...]:
    """Split a text into stretches of about one claim, in order, without overlap.

    Args:
        text: Normalised.
        is_fact: Whether a single fact is asked for: then words that run on are one.
    """
    found: list[Sentence] = []
    for start, end in _lines(text):
        for begin, stop in _stops(text, start, end):
            found.extend(
                Sentence(start=a, end=b, text=text[a:b])
                for a, b in _windows(text, begin, stop, is_fact=is_fact)
            )
            if len(found) >= MAX_SENTENCES:
                return tuple(found[:MAX_SENTENCES])
    return tuple(found)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Move both ends inwards past white space."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Give the lines that hold something, without their bullet marks."""
    at = 0
    for line in text.split("\n"):
        end = at + len(line)
        bullet = _BULLET.match(text, at, end)
        start, stop = _trimmed(text, bullet.end() if bullet else at, end)
        if any(char.isalnum() for char in text[start:stop]):
            yield start, stop
        at = end + 1


def _stops(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a line at full stops, question marks and semicolons."""
    at = start
    for stop in _STOP.finditer(text, start, end):
        piece = text[at : stop.end()]
        if stop.group().startswith(".") and _ABBREVIATION.search(piece.rstrip("\"')]")):
            continue
        begin, finish = _trimmed(text, at, stop.end())
        if any(char.isalnum() for char in text[begin:finish]):
            yield begin, finish
            at = stop.end()
    begin, finish = _trimmed(text, at, end)
    if any(char.isalnum() for char in text[begin:finish]):
        yield begin, finish


def _windows(
    text: str, start: int, end: int, *, is_fact: bool
) -> Iterator[tuple[int, int]]:
    """Cut what is too long for one claim at its joints, else by count of words."""
    words = [match.span() for match in _WORD.finditer(text, start, end)]
    runs_on = not is_fact and not _PAUSE.search(text, start, end)
    length = _RUN_ON if runs_on else _TYPED
    while len(words) > length.most:
        cut = _cut(text, words, length)
        yield words[0][0], words[cut - 1][1]
        words = words[cut:]
    if words:
        yield words[0][0], words[-1][1]


def _cut(text: str, words: list[tuple[int, int]], length: _Length) -> int:
    """Give how many words the next piece takes: the joint nearest the aim."""
    last = min(len(words) - length.least, length.most)
    begin, finish = words[0][0], words[last][1]
    joints = {match.end() for match in _JOINT.finditer(text, begin, finish)}
    places = [k for k in range(length.least, last + 1) if words[k][0] in joints]
    if not places:
        return length.window
    return min(places, key=lambda k: (abs(k - length.window), k))
