"""An answer as the signals read it, with the way back to the answer as sent.

Look-alike and invisible characters must not change a mark, so they are mapped
and dropped here, once, before any signal sees the text. Every character of the
result remembers where it came from.
"""

import unicodedata
from dataclasses import dataclass

from grading.core.evidence import Span

# Cyrillic, Greek and other letters that look like Latin ones (a subset of
# Unicode TR39 confusables: the single letters), and typographic punctuation.
_LOOK_ALIKES = {
    **dict(zip("асеорхуіјѕһԁԛԝпгтмвкн", "aceopxyijshdqwnrtmbkh", strict=True)),
    **dict(zip("АВСЕНІЈКМОРЅТХУԌԚԜ", "ABCEHIJKMOPSTXYGQW", strict=True)),
    **dict(zip("αεικνορτυχωγ", "aeiknoptuxwy", strict=True)),
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX", strict=True)),
    **dict(zip("ıɡɑəօսոց", "igaeoung", strict=True)),
    **dict(zip("‘’‚‛′`´ʼ", "''''''''", strict=True)),
    **dict(zip("“”„‟″«»", '"""""""', strict=True)),
    **dict(zip("‐‑‒–—―−", "-------", strict=True)),
    "·": "-", "•": "-", "▪": "-", "◦": "-", "‣": "-", "∙": "-", "→": " to ",
}  # fmt: skip
_DROPPED = {"Cf", "Cc", "Cs", "Co", "Cn", "Mn", "Me"}
_KEPT_CONTROLS = "\n\t"
_LATIN_RANGE = 0x250  # below this a mark belongs to a letter and NFKC composes it


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainText:
    """A normalised text and the place in the original of each of its characters.

    Attributes:
        text: What the signals read.
        origins: For each character of ``text``, its index in the original.
        original_length: Code points of the original.
    """

    text: str
    origins: tuple[int, ...]
    original_length: int

    def original_span(self, start: int, end: int) -> Span:
        """Give the stretch of the original that ``text[start:end]`` came from."""
        return Span(start=self.origins[start], end=self.origins[end - 1] + 1)


def normalise(original: str) -> PlainText:
    """Map a text to plain characters: NFKC, no invisibles, no look-alikes."""
    pieces: list[str] = []
    origins: list[int] = []
    at = 0
    while at < len(original):
        upto = at + 1
        while upto < len(original) and unicodedata.combining(original[upto]):
            upto += 1
        piece = _plain(original[at:upto])
        pieces.append(piece)
        origins.extend([at] * len(piece))
        at = upto
    return PlainText(
        text="".join(pieces),
        origins=tuple(origins),
        original_length=len(original),
    )


def _plain(cluster: str) -> str:
    """Give the plain form of one character with its combining marks."""
    if len(cluster) == 1 and cluster.isascii():
        return cluster if cluster.isprintable() or cluster in _KEPT_CONTROLS else ""
    if cluster[0] in _LOOK_ALIKES:
        return _LOOK_ALIKES[cluster[0]]
    plain: list[str] = []
    for char in unicodedata.normalize("NFKC", cluster):
        mapped = _LOOK_ALIKES.get(char, char)
        if unicodedata.category(char) in _DROPPED:
            continue
        plain.append(" " if mapped.isspace() else mapped)
    return "".join(plain)
