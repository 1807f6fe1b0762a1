"""Right sentences turned wrong by one word: the rarest labels, made by rule."""

import random
import re

# Pairs whose exchange turns a technical claim round. One direction per line
# would miss half of them, so both are built below.
_OPPOSITES = """
increases decreases|increase decrease|grows shrinks|grow shrink|more less|faster slower
higher lower|high low|before after|always never|larger smaller|large small|cheap expensive
cheaper dearer|fewer more|rises falls|rise fall|raises lowers|raise lower|reduces increases
reduce increase|cuts adds|saves wastes|saves costs|longer shorter|long short|first last
early late|earlier later|up down|above below|every no|all none|same different|exact approximate
exactly roughly|improves hurts|improve hurt|better worse|helps hurts|help hurt|avoids causes
avoid cause|prevents causes|prevent cause|allows forbids|can cannot|is isn't|does doesn't
are aren't|must mustn't|should shouldn't|will won't|needs ignores|need ignore|read write
reads writes|server client|input output|memory compute|bandwidth arithmetic|strong weak
stronger weaker|safe unsafe|stale fresh|synchronous asynchronous|sync async|local remote
global local|constant linear|linear quadratic|few many|rare frequent|rarely often|most least
enough insufficient|hot cold|wide narrow|deep shallow|dense sparse|static dynamic|random fixed
possible impossible|known unknown|shared private|open closed|old new|prefill decode|training inference
encoder decoder|precision recall|bias variance|reader writer|latency throughput|left right
accept reject|accepts rejects|succeeds fails|success failure|public secret|inside outside
without with|at-least-once at-most-once|idle busy|on off|gain loss|gains losses|keeps drops
keep drop|hit miss|hits misses|start end|begins ends|lighter heavier|loose tight|upper lower
""".strip()

_SWAP: dict[str, list[str]] = {}
for _pair in _OPPOSITES.replace("\n", "|").split("|"):
    _one, _other = _pair.split()
    _SWAP.setdefault(_one, []).append(_other)
    _SWAP.setdefault(_other, []).append(_one)
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]*")


def flip(sentence: str, chance: random.Random) -> str | None:
    """Give the sentence with one word turned into its opposite, if it has one."""
    places = [m for m in _WORD.finditer(sentence) if m.group().lower() in _SWAP]
    if not places:
        return None
    place = chance.choice(places)
    word = place.group()
    other = chance.choice(_SWAP[word.lower()])
    if word[0].isupper():
        other = other[0].upper() + other[1:]
    return sentence[: place.start()] + other + sentence[place.end() :]
