from hypothesis import given
from hypothesis import strategies as st

from grading.core.evidence import Span
from grading.core.highlight import Mark, quotes, segments


def mark(criterion: int, start: int, end: int) -> Mark:
    return Mark(criterion=criterion, span=Span(start=start, end=end))


@st.composite
def marked(draw: st.DrawFn) -> tuple[str, list[Mark]]:
    text = draw(st.text(max_size=60))
    marks = draw(
        st.lists(
            st.builds(
                lambda n, start, length: mark(n, start, start + length),
                st.integers(1, 4),
                st.integers(0, 70),
                st.integers(1, 30),
            ),
            max_size=8,
        )
    )
    return text, marks


@given(marked())
def test_the_pieces_add_up_to_the_text(given: tuple[str, list[Mark]]) -> None:
    text, marks = given

    parts = segments(text, quotes(text, marks))

    assert "".join(part.text for part in parts) == text
    assert all(part.text for part in parts)


@given(marked())
def test_a_piece_knows_just_the_criteria_it_is_part_of(
    given: tuple[str, list[Mark]],
) -> None:
    text, marks = given

    at = 0
    for part in segments(text, quotes(text, marks)):
        for place in range(at, at + len(part.text)):
            covering = {
                m.criterion for m in marks if m.span.start <= place < m.span.end
            }
            if not text[place].isspace():
                assert set(part.marks) == covering
        at += len(part.text)


@given(marked())
def test_each_quote_begins_and_ends_once(given: tuple[str, list[Mark]]) -> None:
    text, marks = given
    found = quotes(text, marks)

    parts = segments(text, found)

    anchors = [anchor for part in parts for anchor in part.anchors]
    assert sorted(anchors) == sorted(quote.anchor for quote in found)
    assert sum(len(part.ends) for part in parts) == len(found)


def test_overlapping_words_of_two_criteria_make_three_pieces() -> None:
    text = "abcdef"

    parts = segments(text, quotes(text, [mark(1, 0, 4), mark(2, 2, 6)]))

    assert [(part.text, part.marks) for part in parts] == [
        ("ab", (1,)),
        ("cd", (1, 2)),
        ("ef", (2,)),
    ]
    assert [part.anchors for part in parts] == [("words-1-1",), ("words-2-1",), ()]
    assert [part.ends for part in parts] == [(), (1,), (2,)]


def test_touching_words_of_one_criterion_are_one_quote() -> None:
    found = quotes("abcdef", [mark(1, 3, 5), mark(1, 0, 3)])

    assert [quote.text for quote in found] == ["abcde"]


def test_white_space_at_the_ends_is_not_marked() -> None:
    found = quotes("a  bc  d", [mark(1, 1, 7)])

    assert [quote.text for quote in found] == ["bc"]


def test_words_beyond_the_text_are_dropped() -> None:
    assert quotes("abc", [mark(1, 5, 9)]) == ()
    assert segments("", ()) == ()
