from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.core.sentences import as_read, split_sentences
from grading.core.text import normalise


def test_look_alikes_and_invisible_characters_are_read_as_plain() -> None:
    plain = normalise("The ca\u200bche gr\u043ews li\u00adnearly")

    assert plain.text == "The cache grows linearly"


def test_a_span_leads_back_to_the_answer_as_sent() -> None:
    sent = "T\u200bhe \ufb01le \u201cgrows\u201d"
    plain = normalise(sent)
    start = plain.text.index("file")

    span = plain.original_span(start, start + 4)

    assert sent[span.start : span.end] == "\ufb01le"


@given(st.text(max_size=300))
def test_every_span_lies_within_the_original(sent: str) -> None:
    plain = normalise(sent)

    for sentence in split_sentences(plain.text):
        span = plain.original_span(sentence.start, sentence.end)
        assert 0 <= span.start < span.end <= len(sent)


@given(st.text(max_size=400))
def test_sentences_are_in_order_and_do_not_overlap(text: str) -> None:
    sentences = split_sentences(text)

    assert all(a.end <= b.start for a, b in pairwise(sentences))
    assert all(text[s.start : s.end] == s.text for s in sentences)


def test_prose_is_cut_at_stops_but_not_at_abbreviations() -> None:
    found = split_sentences("Use tiles, e.g. of 128. It is exact! Is it?")

    assert [s.text for s in found] == [
        "Use tiles, e.g. of 128.",
        "It is exact!",
        "Is it?",
    ]


def test_bullets_are_sentences_without_their_marks() -> None:
    found = split_sentences("- cache bytes\n* evictions\n3) token rate")

    assert [s.text for s in found] == ["cache bytes", "evictions", "token rate"]


def test_dictation_without_a_stop_is_cut_into_claims() -> None:
    said = "so first i would look at the queue and then " * 8

    assert len(split_sentences(said)) > 2


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("it grows with the tokens", "it grows with the tokens."),
        ("- half the heads;", "half the heads."),
        ("It grows.", "It grows."),
        ("Does it grow?", "Does it grow?"),
        ("it grows (with the tokens)", "it grows (with the tokens)."),
    ],
)
def test_networks_read_every_stretch_with_a_stop(said: str, read: str) -> None:
    (sentence,) = split_sentences(said)

    assert sentence.stopped == read


def test_stretches_of_a_whole_answer_end_in_a_stop_and_single_facts_are_as_typed() -> (
    None
):
    said = split_sentences("it shrinks; is it so?")

    assert as_read(said, is_fact=False) == ["it shrinks.", "is it so?"]
    assert as_read(said, is_fact=True) == ["it shrinks;", "is it so?"]


RUN_ON = (
    "the cache grows with every token that is kept and every layer has its own so long"
    " chats take most of it"
)


def test_words_that_run_on_are_cut_sooner_than_typed_ones() -> None:
    assert [one.text for one in split_sentences(RUN_ON)] == [
        "the cache grows with every token that is kept and every layer has its own",
        "so long chats take most of it",
    ]


@pytest.mark.parametrize("text", [f"Well, {RUN_ON}", f"(this: {RUN_ON})"])
def test_words_with_a_pause_among_them_do_not_run_on(text: str) -> None:
    assert len(split_sentences(text)) == 1


def test_a_single_fact_may_take_a_long_breath() -> None:
    assert len(split_sentences(RUN_ON, is_fact=True)) == 1
