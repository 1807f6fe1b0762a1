"""What one pass of training shows the judge, drawn anew; and what is kept out of it."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from grading.training.compared import compared, echoed
from grading.training.composed import altered, composed, pieces_of
from grading.training.corpus import Claim, Corpus, LabelledAnswer, ShortAnswer
from grading.training.examples import (
    MET,
    Example,
    from_answer,
    from_short,
    game,
    makes_nothing,
    rights_of,
    sentences_of,
    stretches_of,
)
from grading.training.texts import TextTable, plain

COMPOSED, SHORT, GAMES, STRANGERS = 1500, 3000, 100, 100  # of each, in a pass
OTHERS = 900  # whole answers to items that are not bundled, drawn anew in each pass
COMPARED = 700  # drawn criteria whose right, turned and opposite texts are compared
ECHOED = 900  # drawn items, a text of which is held against itself, before all else
ALTERED = 350  # whole answers with single sentences changed
TURNABLE = 1200  # of those of which sentences were turned by hand
BUNDLED_WEIGHT = 3  # how much oftener an answer is composed for a bundled item
# A sentence is taken for the one that makes a point if its cosine to a right wording
# is at least the first, and that of every other is less by the second: so in 93 of
# 100 points whose words were marked.
LIKELY, APART = 0.4, 0.1
MOST_ASKED = 6  # criteria of one text in a pass, drawn anew each time
# One short question, one development answer in so many is held.
HELD_SHARE, DEV_SHARE = 5, 3

Known = TypeVar("Known")


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """What is learned from and what is kept for measuring.

    Attributes:
        corpus: Everything.
        items: Items of which nothing is learned.
        answers: Ids of answers that are not learned from.
    """

    corpus: Corpus
    items: frozenset[str] = frozenset()
    answers: frozenset[str] = frozenset()

    @property
    def learned(self) -> Corpus:
        """What is learned from."""
        rest = self.corpus.without(self.items)
        kept = tuple(a for a in rest.answers if a.id not in self.answers)
        return replace(rest, answers=kept)

    @property
    def held(self) -> tuple[LabelledAnswer, ...]:
        """The answers that are kept for measuring."""
        return tuple(
            a
            for a in self.corpus.answers
            if a.item in self.items or a.id in self.answers
        )


def without_items(
    corpus: Corpus, bundled: frozenset[str], others: frozenset[str]
) -> Split:
    """Keep every bundled item and some others for measuring.

    Raises:
        ValueError: One of the others is unknown, so that it would not be kept.
    """
    unknown = others - set(corpus.rubrics)
    if unknown:
        raise ValueError(f"kept items that there are not: {sorted(unknown)}")
    return Split(corpus=corpus, items=bundled | others)


def without_answers(corpus: Corpus, bundled: frozenset[str]) -> Split:
    """Keep a third of each item's development answers; the item itself is learned."""
    kept: set[str] = set()
    for item in sorted(bundled):
        own = [a.id for a in corpus.answers if a.item == item and a.id.startswith("d-")]
        kept.update(random.Random(item).sample(own, round(len(own) / DEV_SHARE)))
    return Split(corpus=corpus, answers=frozenset(kept))


def is_held(answer: ShortAnswer) -> bool:
    """Say whether a short answer's question is kept for measuring."""
    return random.Random(answer.question_id).randrange(HELD_SHARE) == 0


def texts_of(
    corpus: Corpus, shorts: Sequence[ShortAnswer], claims: Sequence[Claim] = ()
) -> set[str]:
    """Give every text that an example may need, as a whole and cut into sentences."""
    whole: list[str] = []
    for rubric in corpus.rubrics.values():
        whole.append(rubric.question)
        for criterion in rubric.criteria:
            whole += [criterion.says, *criterion.references, *criterion.misconceptions]
    for claim in claims:
        whole += claim.texts
    for short in shorts:
        whole += [short.question or short.references[0], *short.references]
    for right in rights_of(shorts).values():
        whole += right
    cut: list[str] = [answer.answer for answer in corpus.answers]
    for bank in corpus.banks.values():
        cut += [*bank.met, *bank.partly, *bank.contradicted, *bank.near]
    for turns in corpus.turns.values():
        cut += [t for turn in turns for t in (turn.sentence, *turn.turned, *turn.same)]
    cut += [short.answer for short in shorts]
    found = {plain(text) for text in whole}
    found.update(sentence for text in (*whole, *cut) for sentence in sentences_of(text))
    found.update(stretch for text in cut for stretch in stretches_of(text))
    return found


@dataclass(slots=True)
class Passes:
    """Makes the examples of a pass.

    Attributes:
        corpus: Items, and single texts that are labelled for their criteria.
        shorts: Answers to questions of a single fact.
        bundled: Whole answers to the bundled items, others: to other ones.
        located: Those whose deciding sentences are known, with their criteria.
        turnable: Those of them of which a sentence was turned by hand.
        weights: How often an answer is composed for an item.
    """

    corpus: Corpus
    shorts: Sequence[ShortAnswer]
    bundled: Sequence[Example]
    others: Sequence[Example]
    located: Sequence[tuple[Example, tuple[str, ...]]]
    turnable: Sequence[tuple[Example, tuple[str, ...]]]
    weights: Mapping[str, float]

    @classmethod
    def over(
        cls,
        corpus: Corpus,
        shorts: Sequence[ShortAnswer],
        bundled: frozenset[str],
        table: TextTable,
    ) -> "Passes":
        """Prepare the whole answers."""
        rubrics = corpus.rubrics
        real = whole_answers(corpus)
        known = [
            (example, tuple(c.id for c in rubrics[example.item].criteria))
            for example in (located_in(example, table) for example in real)
            if any(asked.sentences for asked in example.asked)
            and len(example.asked) == len(rubrics[example.item].criteria)
        ]
        turned = {
            stretches_of(turn.sentence)
            for turns in corpus.turns.values()
            for turn in turns
        }
        return cls(
            corpus=corpus,
            shorts=[answer for answer in shorts if not is_held(answer)],
            bundled=[example for example in real if example.item in bundled],
            others=[example for example in real if example.item not in bundled],
            located=known,
            turnable=[
                (example, ids)
                for example, ids in known
                if any((said,) in turned for said in example.sentences)
            ],
            weights={
                item: len(rubric.criteria) * (BUNDLED_WEIGHT if item in bundled else 1)
                for item, rubric in rubrics.items()
            },
        )

    def __call__(self, chance: random.Random) -> list[Example]:
        """Give the examples of one pass."""
        rubrics = self.corpus.rubrics
        items = sorted(rubrics)
        weights = [self.weights[item] for item in items]
        pieces = {item: pieces_of(self.corpus, item) for item in items}
        made = list(self.bundled)
        made += some(self.others, OTHERS, chance)
        made += [
            composed(rubrics[item], pieces[item], chance)
            for item in chance.choices(items, weights, k=COMPOSED)
        ]
        made += [
            altered(example, ids, pieces[example.item], chance)
            for example, ids in (
                *some(self.located, ALTERED, chance),
                *some(self.turnable, TURNABLE, chance),
            )
        ]
        for item in chance.choices(items, weights, k=COMPARED):
            made += compared(rubrics[item], pieces[item], chance)
        games = chance.choices(items, k=GAMES)
        made += [game(rubrics[item], chance) for item in games]
        for answer in chance.choices(self.corpus.answers, k=STRANGERS):
            item = chance.choice(items)
            if item != answer.item:
                made.append(makes_nothing(rubrics[item], answer.answer))
        made += [from_short(one) for one in some(self.shorts, SHORT, chance)]
        return [_asked(one, chance) for one in made if one.sentences and one.asked]

    def echoes(self, chance: random.Random) -> list[Example]:
        """Give texts held against themselves and against themselves turned."""
        items = sorted(self.corpus.rubrics)
        weights = [len(self.corpus.rubrics[item].criteria) for item in items]
        pieces = {item: pieces_of(self.corpus, item) for item in items}
        return [
            example
            for item in chance.choices(items, weights, k=ECHOED)
            for example in echoed(self.corpus.rubrics[item], pieces[item], chance)
        ]


def some(known: Sequence[Known], count: int, chance: random.Random) -> list[Known]:
    """Draw so many, or all where there are fewer."""
    return chance.sample(known, min(count, len(known)))


def some_share(
    known: Sequence[Known], share: float, chance: random.Random
) -> list[Known]:
    """Draw a share, 0 to 1."""
    return chance.sample(known, round(share * len(known)))


def whole_answers(corpus: Corpus) -> list[Example]:
    """Give the labelled answers that have a sentence."""
    real = (from_answer(a, corpus.rubrics[a.item]) for a in corpus.answers)
    return [example for example in real if example.sentences]


def located_in(example: Example, table: TextTable) -> Example:
    """Name the sentence that makes a point where nobody marked it and it is likely."""
    said = [table.row(text) for text in example.sentences]
    asked = []
    for one in example.asked:
        if one.target == MET and one.sentences is None and len(said) > 1:
            right = [table.row(text) for text in (one.says, *one.references)]
            near = table.cosines(said, right).max(axis=1)
            second, first = sorted(near)[-2:]
            if first >= LIKELY and first - second >= APART:
                one = replace(one, sentences=(int(near.argmax()),))
        asked.append(one)
    return replace(example, asked=tuple(asked))


def _asked(example: Example, chance: random.Random) -> Example:
    if len(example.asked) <= MOST_ASKED:
        return example
    return replace(example, asked=tuple(chance.sample(example.asked, MOST_ASKED)))
