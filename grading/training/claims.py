"""What the close reader learns from: a wording, a claim, and what one makes of the other.

Everything is drawn anew for every pass: which right wording is faced, which sentences
are turned round, which claims are held against another criterion of their item.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from grading.training.beside import beside
from grading.training.composed import Piece, pieces_of
from grading.training.corpus import Claim, Corpus, ShortAnswer
from grading.training.examples import (
    CONTRADICTED,
    MET,
    MISSING,
    PARTLY,
    SWAPPED_MET,
    TURNED,
    UNSURE_WEIGHT,
    Example,
    Target,
    against_another,
    from_short,
    question_of,
    rights_of,
    sentences_of,
)
from grading.training.games import turned
from grading.training.labelled_pairs import MOST_SAID, LabelledPair, echoes
from grading.training.passes import is_held, some_share
from grading.training.texts import TextTable, plain

TURNED_SHARE = 0.3  # of right texts of one sentence that are shown turned, too
OTHER_SHARE = 0.3  # of claims that are held against another criterion of the item
SWAPPED_SHARE = 0.2  # of right texts and opposites that are shown the other way round
ECHO_SHARE = 0.15  # of texts that are held against themselves, and turned
STATED_SHARE = 0.6  # how often the criterion's own statement is faced
NEAREST_SHARE = 0.7  # of other right wordings: how often the nearest one
TURNED_WEIGHT = 0.7
ASKED_SHARE = 0.8  # of claims that are read with their question, as when scoring
DRAWN_SHARE = 0.3  # of all pairs but those of short answers, in a pass


@dataclass(slots=True)
class ClaimPasses:
    """Makes the pairs of a pass.

    Attributes:
        corpus: Items, and single texts that are labelled for their criteria.
        located: Whole answers whose deciding sentences are known.
        shorts: Answers to questions of a single fact.
        claims: Claims of any subject, said right and turned round.
        table: Every text of theirs.
    """

    corpus: Corpus
    located: Sequence[Example]
    shorts: Sequence[ShortAnswer]
    claims: Sequence[Claim]
    table: TextTable

    def __call__(self, chance: random.Random) -> list[LabelledPair]:
        """Give the pairs of one pass."""
        shorts = [
            short
            for short in self.shorts
            if not is_held(short) and sentences_of(short.answer)
        ]
        rights = rights_of(shorts)
        asked = [
            self._of_short(against_another(short, rights, chance), chance)
            for short in shorts
        ]
        made: list[LabelledPair] = []
        for item in sorted(self.corpus.rubrics):
            made += self._of_item(item, chance)
        for example in self.located:
            made += self._of_answer(example, chance)
        for claim in self.claims:
            made += _of_claim(claim, chance)
        made = [one for one in made if one.said]
        drawn = asked + some_share(made, DRAWN_SHARE, chance)
        return drawn + beside(drawn, chance)

    def _of_item(self, item: str, chance: random.Random) -> list[LabelledPair]:
        rubric = self.corpus.rubrics[item]
        pieces = pieces_of(self.corpus, item)
        question = question_of(rubric) if rubric.has_one_criterion else None
        made = []
        for criterion in rubric.criteria:
            right = [plain(t) for t in (criterion.says, *criterion.references)]
            if chance.random() < ECHO_SHARE:
                made += echoes(right[:1], chance, every=True)
            others = [c for c in rubric.criteria if c.id != criterion.id]
            for piece in pieces[criterion.id]:
                said = sentences_of(piece.text)
                if not said:
                    continue
                wordings = [t for t in right if t != plain(piece.text)]
                if not wordings:
                    continue
                wording = self._facing(wordings, said, chance)
                made.append(
                    LabelledPair(
                        wording=wording,
                        said=said,
                        target=piece.target,
                        question=question,
                    )
                )
                made += _varied(wording, piece, said, question, chance)
                if chance.random() < ECHO_SHARE:
                    made += echoes([piece.text], chance, every=True)
                if others and chance.random() < OTHER_SHARE:
                    other = chance.choice(others)
                    made.append(
                        LabelledPair(
                            wording=plain(other.says),
                            said=said,
                            target=MISSING,
                            question=question,
                            weight=UNSURE_WEIGHT,
                        )
                    )
        return made

    def _of_answer(self, example: Example, chance: random.Random) -> list[LabelledPair]:
        made = []
        for asked in example.asked:
            right = [asked.says, *asked.references]
            where = asked.sentences
            if where is None or asked.either or (not where and asked.target != MISSING):
                continue
            if not where:
                rows = [self.table.row(text) for text in example.sentences]
                faced = [self.table.row(text) for text in right]
                where = (self.table.nearest(rows, faced),)
            said = tuple(example.sentences[k] for k in where[:MOST_SAID])
            made.append(
                LabelledPair(
                    wording=self._facing(right, said, chance),
                    said=said,
                    target=asked.target,
                    question=example.question if len(example.asked) == 1 else None,
                )
            )
        return made

    def _of_short(self, short: ShortAnswer, chance: random.Random) -> LabelledPair:
        example = from_short(short)
        asked = example.asked[0]
        right = (asked.says, *asked.references)
        said = example.sentences
        if len(said) > MOST_SAID:
            rows = [self.table.row(text) for text in said]
            near = self.table.cosines(rows, [self.table.row(t) for t in right])
            best = sorted(near.max(axis=1).argsort()[-MOST_SAID:])
            said = tuple(said[int(k)] for k in best)
        return LabelledPair(
            wording=self._facing(right, said, chance),
            said=said,
            target=asked.target,
            question=example.question if short.question else None,
        )

    def _facing(
        self, wordings: Sequence[str], said: Sequence[str], chance: random.Random
    ) -> str:
        """Give the first wording or, now and then, another."""
        if len(wordings) == 1 or chance.random() < STATED_SHARE:
            return wordings[0]
        return self._nearest(wordings[1:], said, chance)

    def _nearest(
        self, wordings: Sequence[str], said: Sequence[str], chance: random.Random
    ) -> str:
        """Give the wording nearest to what is said, or any."""
        if len(wordings) == 1 or chance.random() >= NEAREST_SHARE:
            return chance.choice(list(wordings))
        rows = [self.table.row(text) for text in wordings]
        return wordings[self.table.nearest(rows, [self.table.row(t) for t in said])]


def _varied(
    wording: str,
    piece: Piece,
    said: tuple[str, ...],
    question: str | None,
    chance: random.Random,
) -> list[LabelledPair]:
    """Give what follows from a labelled text, at times: turned, or seen from its side."""
    made = []
    if piece.target == MET and len(said) == 1 and chance.random() < TURNED_SHARE:
        text = None if piece.turned else turned(piece.text, chance)
        if text is not None:
            made.append(
                LabelledPair(
                    wording=wording,
                    said=sentences_of(text),
                    target=TURNED,
                    question=question,
                    weight=TURNED_WEIGHT,
                )
            )
    back = {MET: SWAPPED_MET, CONTRADICTED: CONTRADICTED}.get(piece.target)
    if back is not None and chance.random() < SWAPPED_SHARE:
        made.append(
            LabelledPair(
                wording=plain(piece.text),
                said=sentences_of(wording),
                target=back,
                question=question,
            )
        )
    return made


def _of_claim(claim: Claim, chance: random.Random) -> list[LabelledPair]:
    """Give a claim's texts against it or another right wording, and some swapped.

    Every label but half-made comes with right wordings and with wrong ones, so that
    neither side of a pair gives it away.
    """
    question = plain(claim.question) if chance.random() < ASKED_SHARE else None
    kinds: tuple[tuple[Sequence[str], Target], ...] = (
        (claim.same, MET), (claim.opposite, CONTRADICTED),
        (claim.partly, PARTLY), (claim.beside, MISSING),
    )  # fmt: skip
    pairs: list[tuple[str, str, Target]] = []
    for texts, target in kinds:
        for text in texts:
            pairs += _of_text(claim, text, target, chance)
    echoed = [text for text in claim.texts[1:] if chance.random() < ECHO_SHARE]
    return echoes(echoed, chance, every=True) + [
        LabelledPair(
            wording=plain(wording),
            said=sentences_of(text),
            target=target,
            question=question,
        )
        for wording, text, target in pairs
    ]


def _of_text(
    claim: Claim, text: str, target: Target, chance: random.Random
) -> list[tuple[str, str, Target]]:
    """Give wordings, what is said to them and what that makes of them."""
    right = [one for one in (claim.says, *claim.same) if one != text]
    swapped = chance.random() < SWAPPED_SHARE
    pairs = [(chance.choice(right) if swapped else claim.says, text, target)]
    if chance.random() < SWAPPED_SHARE:
        if target == CONTRADICTED:
            pairs.append((text, chance.choice(right), CONTRADICTED))
        elif target == MET:
            pairs.append((text, claim.says, SWAPPED_MET))
        elif target == MISSING:
            pairs.append((chance.choice(claim.opposite), text, MISSING))
    return pairs
