"""What the judge learns from: answers with, for each criterion, what they do with it.

Whole answers keep the labels of their writers; see :mod:`grading.training.composed` for
those that are put together, and :mod:`grading.training.games` for those that, like
answers to other items, make no point.
"""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from grading.core.rubric import Criterion, Rubric
from grading.core.sentences import as_read, split_sentences
from grading.judge import MOST_SENTENCES
from grading.training.corpus import LabelledAnswer, ShortAnswer
from grading.training.games import FAMILIES
from grading.training.texts import plain

# Chances of missing, partly, met, contradicted.
Target = tuple[float, float, float, float]
MISSING: Target = (1, 0, 0, 0)
PARTLY: Target = (0, 1, 0, 0)
MET: Target = (0, 0, 1, 0)
CONTRADICTED: Target = (0, 0, 0, 1)
# A right sentence with one word turned mostly says the opposite, not always.
TURNED: Target = (0.12, 0.05, 0.08, 0.75)
# The same text with one word turned: now and then both may be said.
DENIED: Target = (0.06, 0, 0.02, 0.92)
# A statement mostly says what a right text says, not where that is an example of it.
SWAPPED_MET: Target = (0.1, 0.15, 0.75, 0)
UNSURE_WEIGHT = (
    0.4  # of labels that follow from silence: a text labelled for another point
)
NEAREST_SHARE = 0.6  # how often the nearest reference is shown, as when scoring
ANOTHER_SHARE = 0.4  # how often another right answer stands for the reference
SHOWN_SHARE = 0.5  # how often a reference or a misconception is shown at all


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One criterion that is asked of a text.

    Attributes:
        says: Its statement.
        references: Right wordings that may be shown.
        misconceptions: Wrong wordings that may be shown.
        target: What the text does with it.
        either: Whether missing and contradicted explain the label equally well.
        weight: How much it counts.
        sentences: Which sentences decide; empty for none; None where not known.
    """

    says: str
    references: tuple[str, ...]
    misconceptions: tuple[str, ...]
    target: Target
    either: bool = False
    weight: float = 1.0
    sentences: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A text and what is asked of it."""

    item: str
    question: str
    sentences: tuple[str, ...]
    asked: tuple[Asked, ...]


@cache  # every pass reads the same texts again
def sentences_of(text: str) -> tuple[str, ...]:
    """Give a text's sentences as they were written."""
    found = split_sentences(plain(text), is_fact=True)
    return tuple(s.text for s in found)[:MOST_SENTENCES]


@cache
def stretches_of(text: str, *, is_fact: bool = False) -> tuple[str, ...]:
    """Give a text's sentences as the grader reads them.

    Args:
        text: An answer, or a part of one.
        is_fact: Whether it is asked a single criterion.
    """
    read = as_read(split_sentences(plain(text), is_fact=is_fact), is_fact=is_fact)
    return tuple(read[:MOST_SENTENCES])


def question_of(rubric: Rubric) -> str:
    """Give the question as the judge reads it."""
    return plain(rubric.question)


def ask(
    criterion: Criterion,
    target: Target,
    *,
    but: frozenset[str] = frozenset(),
    either: bool = False,
    weight: float = 1.0,
    sentences: tuple[int, ...] | None = None,
) -> Asked:
    """Ask a criterion, without the wordings that the text itself was made from."""
    return Asked(
        says=plain(criterion.says),
        references=tuple(plain(t) for t in criterion.references if t not in but),
        misconceptions=tuple(
            plain(t) for t in criterion.misconceptions if t not in but
        ),
        target=target,
        either=either,
        weight=weight,
        sentences=sentences,
    )


def from_answer(answer: LabelledAnswer, rubric: Rubric) -> Example:
    """Give a labelled answer as an example."""
    is_fact = rubric.has_one_criterion
    said = split_sentences(plain(answer.answer), is_fact=is_fact)[:MOST_SENTENCES]
    asked = []
    for criterion in rubric.criteria:
        if criterion.id not in answer.points:
            continue
        credit = answer.points[criterion.id]
        target = _target(credit, criterion.id in answer.contradicted)
        where: tuple[int, ...] | None = () if target == MISSING else None
        quote = plain(answer.evidence.get(criterion.id, ""))
        at = plain(answer.answer).find(quote) if quote else -1
        if at >= 0:
            where = tuple(
                k
                for k, s in enumerate(said)
                if s.start < at + len(quote) and at < s.end
            )
        unsaid = not answer.is_complete and target == MISSING
        asked.append(
            ask(
                criterion,
                target,
                either=unsaid,
                sentences=None if unsaid else where,
            )
        )
    return Example(
        item=answer.item,
        question=question_of(rubric),
        sentences=tuple(as_read(said, is_fact=is_fact)),
        asked=tuple(asked),
    )


def _target(credit: float, against: bool) -> Target:
    if against:
        return CONTRADICTED
    if credit <= 0.5:
        return (1 - 2 * credit, 2 * credit, 0, 0)
    return (0, 2 - 2 * credit, 2 * credit - 1, 0)


def rights_of(answers: Iterable[ShortAnswer]) -> dict[str, list[str]]:
    """Give the right answers to each question."""
    rights: dict[str, list[str]] = {}
    for answer in answers:
        if answer.score == 1 and answer.question and sentences_of(answer.answer):
            rights.setdefault(answer.question_id, []).append(answer.answer)
    return rights


def against_another(
    answer: ShortAnswer, rights: Mapping[str, Sequence[str]], chance: random.Random
) -> ShortAnswer:
    """Give an answer that is now and then marked by another right answer.

    A question has one or two references and many answers; whoever sees each of them
    against the same reference learns the question, not to compare.
    """
    others = [t for t in rights.get(answer.question_id, ()) if t != answer.answer]
    if not others or chance.random() >= ANOTHER_SHARE:
        return answer
    return replace(answer, references=(chance.choice(others), *answer.references))


def from_short(answer: ShortAnswer) -> Example:
    """Give a short answer as an example of one criterion."""
    references = tuple(dict.fromkeys(plain(t) for t in answer.references))
    target = _target(answer.score, answer.label == "contradictory")
    asked = Asked(
        says=references[0],
        references=references[1:],
        misconceptions=(),
        target=target,
        sentences=() if target == MISSING else None,
    )
    return Example(
        item=answer.question_id,
        question=plain(answer.question or answer.references[0]),
        sentences=sentences_of(answer.answer),
        asked=(asked,),
    )


def makes_nothing(rubric: Rubric, text: str) -> Example:
    """Give a text that makes no point of a rubric."""
    return Example(
        item="",
        question=question_of(rubric),
        sentences=stretches_of(text, is_fact=rubric.has_one_criterion),
        asked=tuple(ask(c, MISSING, sentences=()) for c in rubric.criteria),
    )


LEARNED_GAMES = (
    "term list",
    "shuffled words",
    "prompt echo",
    "padding",
    "orders to the grader",
)


def game(rubric: Rubric, chance: random.Random) -> Example:
    """Give an attempt to earn points with nothing said."""
    family: Callable[[Rubric, random.Random], str] = FAMILIES[
        chance.choices(LEARNED_GAMES, (3, 5, 1, 0.5, 1))[0]
    ]
    return makes_nothing(rubric, family(rubric, chance)[:1500])
