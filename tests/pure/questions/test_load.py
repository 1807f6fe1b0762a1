import pytest

from labs.core.authored import ContentError
from questions.core.load import load_item, load_module
from questions.core.version import content_hash, criteria_content, rubric_from_content

ITEM = """\
slug: cache-growth
section: basics
kind: concept
title: How the cache grows
asks: How does it
  grow?
criteria:
  - id: linear
    says: It grows linearly
    keywords: [[linear, proportional]]
    references: [Twice the tokens, twice the cache.]
"""
FILES = {"item.yaml": ITEM, "model_answer.md": "It grows."}


def test_an_item_is_read_whole() -> None:
    item = load_item(FILES)

    assert item.asks == "How does it grow?"
    assert item.criteria[0].keywords == (("linear", "proportional"),)
    assert item.criteria[0].weight == 1.0


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("kind: concept", "kind: riddle", 3, "unknown kind 'riddle'"),
        ("title: How the cache grows", "title: ''", 4, "not blank"),
        ("title: How the cache grows", "titel: x", 4, "unknown key 'titel'"),
        ("slug: cache-growth", "slug: Cache Growth", 1, "lower-case words"),
        ("    says: It grows linearly", "    says: 12", 9, "put it in quotes"),
        (
            "    says: It grows linearly",
            "    says: x\n    weight: 0",
            10,
            "not in 0.01..100",
        ),
        (
            "    keywords: [[linear, proportional]]",
            "    keywords: [[a, a]]",
            10,
            "twice",
        ),
        ("kind: concept", "kind: [concept", 4, "not YAML"),
        ("kind: concept", "kind: concept\nkind: concept", 4, "stands twice"),
    ],
)
def test_what_is_wrong_is_named_by_line(
    old: str, new: str, line: int, said: str
) -> None:
    with pytest.raises(ContentError, match=said) as wrong:
        load_item({**FILES, "item.yaml": ITEM.replace(old, new)})

    assert wrong.value.file == "item.yaml"
    assert wrong.value.line == line


def test_a_missing_model_answer_is_named() -> None:
    with pytest.raises(ContentError, match=r"model_answer\.md is missing"):
        load_item({"item.yaml": ITEM})


def test_a_module_wants_its_sections_known() -> None:
    module = (
        "slug: caching\ntitle: Caching\nposition: 1\nsummary: s\n"
        "sections: [{slug: other, title: Other}]\nitems: [cache-growth]\n"
    )
    files = {"module.yaml": module, "reading/other.md": "text"}
    files |= {f"items/cache-growth/{name}": text for name, text in FILES.items()}

    with pytest.raises(ContentError, match="unknown section 'basics'"):
        load_module(files)


def test_the_same_content_has_the_same_hash_however_laid_out() -> None:
    again = ITEM.replace("asks: How does it\n  grow?", "asks: How does it grow?")
    first, second = load_item(FILES), load_item({**FILES, "item.yaml": again})

    assert content_hash(criteria_content(first)) == content_hash(
        criteria_content(second)
    )
    assert first == second


def test_a_stored_rubric_reads_back_as_it_was() -> None:
    item = load_item(FILES)

    stored = criteria_content(item)

    assert (
        rubric_from_content(title=item.title, asks=item.asks, criteria=stored)
        == item.rubric
    )
