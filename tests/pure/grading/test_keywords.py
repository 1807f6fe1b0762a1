import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.core.keywords import Words, coverage, find_keywords, negated_share
from grading.core.sentences import split_sentences


def found(groups: list[list[str]], text: str) -> list[tuple[int, str, bool]]:
    hits = find_keywords(groups, Words(split_sentences(text)))
    return [(hit.group, text[hit.start : hit.end], hit.negated) for hit in hits]


@pytest.mark.parametrize(
    ("keyword", "text", "said"),
    [
        ("quantise", "We are quantising the weights.", "quantising"),
        ("evict", "How often entries are evicted.", "evicted"),
        ("memory-bound", "It is memory bound.", "memory bound"),
        (
            "time to first token",
            "Watch the time to first token.",
            "time to first token",
        ),
        ("fragmentation", "gpu fragmentaton matters", "fragmentaton"),
        ("KV cache", "the kv-cache grows", "kv-cache"),
    ],
)
def test_forms_phrases_and_typos_are_found(keyword: str, text: str, said: str) -> None:
    assert found([[keyword]], text) == [(0, said, False)]


def test_a_short_word_is_not_a_typo_of_another() -> None:
    assert found([["cat"]], "The car is fast.") == []


def test_a_negated_keyword_is_marked() -> None:
    assert found([["approximate"]], "It does not approximate anything.") == [
        (0, "approximate", True)
    ]


def test_negation_ends_with_its_sentence() -> None:
    assert found([["exact"]], "It is not slow. The result is exact.") == [
        (0, "exact", False)
    ]


def test_a_keyword_that_denies_by_itself_is_not_negated() -> None:
    assert found([["never"]], "It is never written out.") == [(0, "never", False)]


def test_coverage_counts_groups_once_and_leaves_out_negated_ones() -> None:
    groups = [["cache"], ["grows"], ["linear"]]
    hits = find_keywords(
        groups,
        Words(split_sentences("The cache, the cache. It does not grow. Linear it is.")),
    )

    assert coverage(hits, 3, sentence=None) == pytest.approx(2 / 3)
    assert coverage((), 0, sentence=None) == 0.0


SOME = st.sampled_from(["cache", "cached", "caches", "grows", "kv", "not", "memory"])


@given(
    text=st.lists(SOME | st.just("."), max_size=14).map(" ".join),
    phrase=st.lists(SOME, min_size=1, max_size=3),
)
def test_a_phrase_is_found_where_it_first_stands(text: str, phrase: list[str]) -> None:
    same = {"cached": "cache", "caches": "cache"}
    wanted = [same.get(word, word) for word in phrase]
    sentences = split_sentences(text)

    hits = find_keywords([[" ".join(phrase)]], Words(sentences))

    expected = []
    for number, sentence in enumerate(sentences):
        words = [same.get(w, w) for w in sentence.text.replace(".", " ").split()]
        places = [
            at
            for at in range(len(words) - len(wanted) + 1)
            if words[at : at + len(wanted)] == wanted
        ]
        if places:
            expected.append(number)
            before = len(" ".join(words[: places[0]]))
            assert hits[len(expected) - 1].start >= sentence.start + before
    assert [hit.sentence for hit in hits] == expected


def test_the_negated_share_is_of_the_hits_of_one_sentence() -> None:
    words = Words(split_sentences("The cache does not grow. Memory grows."))
    hits = find_keywords([["cache"], ["grow"], ["memory"]], words)

    assert negated_share(hits, sentence=0) == 0.5
    assert negated_share(hits, sentence=1) == 0.0
    assert negated_share((), sentence=0) == 0.0
