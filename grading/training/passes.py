"""What one pass of training shows the judge, drawn anew for every pass."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from grading.training.corpus import Corpus, LabelledAnswer, PublicAnswer
from grading.training.examples import (
    Example,
    composed,
    from_answer,
    from_public,
    game,
    makes_nothing,
    pieces_of,
    question_of,
    sentences_of,
)  # fmt: skip
from grading.training.texts import plain

COMPOSED, PUBLIC, GAMES, STRANGERS = 800, 2000, 100, 120  # of each, in a pass
OTHERS = 700  # whole answers to items that are not bundled, drawn anew in each pass
MOST_ASKED = 6  # criteria of one text in a pass, drawn anew each time
OTHER_SHARE, HELD_SHARE = 4, 5  # one other item, one public question in so many is held


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
        return Corpus(rubrics=rest.rubrics, answers=kept, banks=rest.banks)

    @property
    def held(self) -> tuple[LabelledAnswer, ...]:
        """The answers that are kept for measuring."""
        return tuple(
            a
            for a in self.corpus.answers
            if a.item in self.items or a.id in self.answers
        )


def without_items(corpus: Corpus, bundled: frozenset[str]) -> Split:
    """Keep every bundled item and a quarter of the others for measuring."""
    others = sorted(set(corpus.rubrics) - bundled)
    random.Random(1).shuffle(others)
    return Split(corpus=corpus, items=bundled | frozenset(others[::OTHER_SHARE]))


def without_answers(corpus: Corpus, bundled: frozenset[str]) -> Split:
    """Keep every second development answer for measuring; its item is learned."""
    dev = [a.id for a in corpus.answers if a.id.startswith("d-") and a.item in bundled]
    return Split(corpus=corpus, answers=frozenset(dev[::2]))


def is_held(answer: PublicAnswer) -> bool:
    """Say whether a public answer's question is kept for measuring."""
    return random.Random(answer.question_id).randrange(HELD_SHARE) == 0


def texts_of(corpus: Corpus, public: Sequence[PublicAnswer]) -> set[str]:
    """Give every text that an example may need."""
    found: set[str] = set()
    for rubric in corpus.rubrics.values():
        found.add(question_of(rubric))
        for criterion in rubric.criteria:
            wordings = (*criterion.references, *criterion.misconceptions)
            found.update(map(plain, (criterion.says, *wordings)))
            for text in wordings:
                found.update(sentences_of(text))
    for bank in corpus.banks.values():
        for text in (*bank.met, *bank.partly, *bank.contradicted, *bank.near):
            found.update(sentences_of(text))
    for answer in corpus.answers:
        found.update(sentences_of(answer.answer))
    for short in public:
        found.add(plain(short.question or short.references[0]))
        found.update(map(plain, short.references))
        found.update(sentences_of(short.answer))
    return found


@dataclass(slots=True)
class Passes:
    """Makes the examples of a pass."""

    corpus: Corpus
    public: Sequence[PublicAnswer]
    bundled: Sequence[Example]
    others: Sequence[Example]

    @classmethod
    def over(
        cls, corpus: Corpus, public: Sequence[PublicAnswer], bundled: frozenset[str]
    ) -> "Passes":
        """Prepare the whole answers."""
        real = [from_answer(a, corpus.rubrics[a.item]) for a in corpus.answers]
        return cls(
            corpus=corpus,
            public=[answer for answer in public if not is_held(answer)],
            bundled=[example for example in real if example.item in bundled],
            others=[example for example in real if example.item not in bundled],
        )

    def __call__(self, chance: random.Random) -> list[Example]:
        """Give the examples of one pass."""
        rubrics = self.corpus.rubrics
        items = sorted(rubrics)
        sizes = [len(rubrics[item].criteria) for item in items]
        pieces = {item: pieces_of(self.corpus, item) for item in items}
        made = list(self.bundled)
        made += chance.sample(self.others, min(OTHERS, len(self.others)))
        made += [
            composed(rubrics[item], pieces[item], chance)
            for item in chance.choices(items, sizes, k=COMPOSED)
        ]
        made += [game(rubrics[item], chance) for item in chance.choices(items, k=GAMES)]
        for answer in chance.choices(self.corpus.answers, k=STRANGERS):
            item = chance.choice(items)
            if item != answer.item:
                made.append(makes_nothing(rubrics[item], answer.answer))
        drawn = chance.sample(self.public, min(PUBLIC, len(self.public)))
        made += [from_public(answer) for answer in drawn]
        return [_drawn(one, chance) for one in made if one.sentences and one.asked]


def _drawn(example: Example, chance: random.Random) -> Example:
    if len(example.asked) <= MOST_ASKED:
        return example
    return replace(example, asked=tuple(chance.sample(example.asked, MOST_ASKED)))
