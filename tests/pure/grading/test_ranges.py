"""What layers are rounded by is measured on what is learned from alone."""

from grading.core.rubric import Criterion, Rubric
from grading.training.corpus import Corpus, LabelledAnswer, ShortAnswer
from grading.training.passes import is_held, without_items
from grading.training.ranges import FACTS, WHOLE_ANSWERS, texts_to_see

RUBRIC = Rubric(
    title="Cache",
    asks="What of the cache?",
    criteria=(Criterion(id="grows", says="It grows with the tokens."),),
)


def answer(item: str, text: str) -> LabelledAnswer:
    return LabelledAnswer(
        id=f"{item}-{text}", item=item, category="good", answer=text,
        points={"grows": 1.0}, contradicted=frozenset(), is_complete=True,
        false_claims=(), score=100.0,
    )  # fmt: skip


def short(number: int) -> ShortAnswer:
    return ShortAnswer(
        question_id=f"q{number}", question=f"Why, {number}?", references=("It is hot.",),
        answer=f"because {number}", score=1.0, label="correct",
    )  # fmt: skip


def test_nothing_that_is_kept_for_measuring_is_read() -> None:
    answers = tuple(
        answer(item, text)
        for item in ("learned", "kept")
        for text in ("It grows.", " ")
    )
    corpus = Corpus(
        rubrics={"learned": RUBRIC, "kept": RUBRIC}, answers=answers, banks={}
    )
    shorts = [short(number) for number in range(20)]

    seen = texts_to_see(without_items(corpus, frozenset({"kept"}), frozenset()), shorts)

    texts = [text for _, text in seen]
    assert texts.count("It grows.") == 1
    assert " " not in texts
    learned = {one.answer for one in shorts if not is_held(one)}
    assert 0 < len(learned) < len(shorts)
    assert {text for text in texts if text.startswith("because")} == learned


def test_no_more_is_read_than_is_needed() -> None:
    answers = tuple(
        answer("learned", f"It grows, {n}.") for n in range(2 * WHOLE_ANSWERS)
    )
    corpus = Corpus(rubrics={"learned": RUBRIC}, answers=answers, banks={})
    shorts = [short(number) for number in range(2 * FACTS)]
    split = without_items(corpus, frozenset(), frozenset())

    seen = texts_to_see(split, shorts)

    assert len(seen) == WHOLE_ANSWERS + FACTS
    assert seen == texts_to_see(split, shorts)
