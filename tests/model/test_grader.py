"""The real encoder and judge on the bundled rubrics."""

import random
import statistics
from collections.abc import Callable

import pytest

from grading.core.errors import UngradableError
from grading.core.finding import Finding
from grading.core.rubric import Rubric
from grading.grader import Grader, check, load_grader
from grading.training.games import FAMILIES, neighbouring
from questions.content_files import bundled_items

RUBRICS = {slug: item.rubric for slug, item in bundled_items().items() if item.criteria}
MODEL_ANSWERS = {slug: bundled_items()[slug].model_answer for slug in RUBRICS}
PASSED_OFF = 30.0


@pytest.fixture(scope="module")
def grader() -> Grader:
    return load_grader()


def share_passed_off(grader: Grader, family: Callable[[str, Rubric], str]) -> float:
    """Give the share of bundled items on which a family earns more than 30."""
    scores = [
        grader.score(rubric, family(slug, rubric)[:20_000]).value
        for slug, rubric in RUBRICS.items()
    ]
    return sum(score > PASSED_OFF for score in scores) / len(scores)


@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_a_family_of_games_is_not_paid(grader: Grader, name: str) -> None:
    family = FAMILIES[name]

    share = share_passed_off(
        grader,
        lambda slug, rubric: family(rubric, random.Random(f"{slug} test")),  # noqa: S311
    )

    assert share <= ALLOWED.get(name, 0.0)


def test_a_neighbouring_subject_is_not_paid(grader: Grader) -> None:
    share = share_passed_off(
        grader,
        lambda slug, rubric: neighbouring(RUBRICS, slug, random.Random(slug)),  # noqa: S311
    )

    assert share <= ALLOWED["neighbouring"]


# Shares of the 15 bundled items that were measured; docs/explanation/scoring.md.
ALLOWED = {
    "orders to the grader": 0.07,
    "term list": 0.14,
    "shuffled words": 0.47,
    "neighbouring": 0.27,
}


def test_model_answers_are_strong_on_the_whole(grader: Grader) -> None:
    scores = [
        grader.score(RUBRICS[slug], MODEL_ANSWERS[slug]).value for slug in RUBRICS
    ]

    assert statistics.median(scores) >= 70
    # Some sentences are taken for their opposite: docs/explanation/scoring.md.
    assert sum(score < 60 for score in scores) <= 5


def test_invisible_and_look_alike_characters_do_not_change_a_score(
    grader: Grader,
) -> None:
    slug = "flashattention-why"
    plain = MODEL_ANSWERS[slug]
    hidden = plain.replace("a", "\u0430").replace(" m", " \u200bm")

    first, second = (grader.score(RUBRICS[slug], text) for text in (plain, hidden))

    assert first.value == second.value


def test_evidence_slices_the_answer_as_sent(grader: Grader) -> None:
    answer = "\u200b" + MODEL_ANSWERS["adapters-lora"]

    score = grader.score(RUBRICS["adapters-lora"], answer)

    for criterion in score.criteria:
        found = [answer[e.span.start : e.span.end] for e in criterion.evidence]
        assert all(text.strip() for text in found)
        if criterion.finding in {Finding.MET, Finding.PARTLY, Finding.CONTRADICTED}:
            assert found


def test_the_same_answer_has_the_same_score_alone_and_among_others(
    grader: Grader,
) -> None:
    pairs = [(RUBRICS[slug], MODEL_ANSWERS[slug]) for slug in sorted(RUBRICS)[:4]]

    together = grader.score_many(pairs)

    assert together == [grader.score(rubric, answer) for rubric, answer in pairs]


def test_twenty_thousand_characters_are_bounded_work(grader: Grader) -> None:
    longest = (" ".join(MODEL_ANSWERS.values()) * 3)[:20_000]

    score = grader.score(RUBRICS["kv-cache-monitoring"], longest)

    assert 0 <= score.value <= 100


@pytest.mark.parametrize("answer", ["", "   ", "x" * 20_001, "a\0b", "...", "\u200b"])
def test_what_is_no_answer_is_refused(grader: Grader, answer: str) -> None:
    with pytest.raises(UngradableError):
        grader.score(RUBRICS["kv-cache-monitoring"], answer)


@pytest.mark.parametrize("answer", ["Кэш растёт с числом токенов.", "キャッシュ", "42"])
def test_other_scripts_are_scored_without_a_fault(grader: Grader, answer: str) -> None:
    assert grader.score(RUBRICS["kv-cache-monitoring"], answer).value <= PASSED_OFF


def test_identity_names_every_weight_by_hash(grader: Grader) -> None:
    assert check() == grader.identity
    assert all(
        len(grader.identity[k]) == 64 for k in ("encoder", "judge", "calibration")
    )
