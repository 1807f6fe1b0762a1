"""The labelled texts that the judge and the calibration are fitted on.

Formats are told in ``grading/training/data/README.md``.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grading.core.rubric import Criterion, Rubric
from grading.item_lines import rubric_from_entry

DATA_FOLDER = Path(__file__).parent / "data"
KEPT_FOLDER = DATA_FOLDER / "kept"  # answers that no network learns from
PUBLIC_SETS = ("scientsbank", "beetle", "saf")


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledAnswer:
    """A whole answer with the labels of its writer.

    Attributes:
        points: Credit by criterion id: 0, 0.5 or 1.
        contradicted: Criteria stated the wrong way round.
        is_complete: Whether every contradicted criterion is named; else a criterion
            without credit may be either.
        score: An interviewer's mark, 0 to 100.
        evidence: By criterion, the words that decide, where they were marked.
    """

    id: str
    item: str
    category: str
    answer: str
    points: Mapping[str, float]
    contradicted: frozenset[str]
    is_complete: bool
    false_claims: tuple[str, ...]
    score: float
    evidence: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """Sentences for one criterion, by what they do with its point."""

    item: str
    criterion: str
    met: tuple[str, ...]
    partly: tuple[str, ...]
    contradicted: tuple[str, ...]
    near: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A sentence of a labelled answer that makes a point, and what a few words change.

    Attributes:
        sentence: As the answer has it.
        turned: The same with a word or a few changed: it states the opposite.
        same: The same with as much changed: it still makes the point.
    """

    item: str
    criterion: str
    sentence: str
    turned: tuple[str, ...]
    same: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortAnswer:
    """A short answer to a question of a single fact.

    Of a public set with people's mark, or written for this project.

    Attributes:
        label: ``correct``, ``contradictory``, ``incorrect`` or empty.
        score: 0 to 1.
    """

    question_id: str
    question: str
    references: tuple[str, ...]
    answer: str
    score: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One claim of any subject, said right, turned round, half, and not at all.

    Attributes:
        question: What it answers.
        says: The claim, as a marking scheme says it.
        same: Texts that make the whole point.
        opposite: Texts that cannot be true if it is.
        partly: Texts that make half of it.
        beside: Texts on its matter that neither make nor deny it.
    """

    question: str
    says: str
    same: tuple[str, ...]
    opposite: tuple[str, ...]
    partly: tuple[str, ...]
    beside: tuple[str, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text of it."""
        own = (*self.same, *self.opposite, *self.partly, *self.beside)
        return (self.question, self.says, *own)


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Everything that may be learned from, by item."""

    rubrics: Mapping[str, Rubric]
    answers: tuple[LabelledAnswer, ...]
    banks: Mapping[tuple[str, str], Bank]
    turns: Mapping[tuple[str, str], tuple[Turn, ...]] = field(default_factory=dict)

    def joined(self, other: "Corpus") -> "Corpus":
        """Give both as one; no item is in both."""
        return Corpus(
            rubrics={**self.rubrics, **other.rubrics},
            answers=self.answers + other.answers,
            banks={**self.banks, **other.banks},
            turns={**self.turns, **other.turns},
        )

    def without(self, left_out: frozenset[str]) -> "Corpus":
        """Give the corpus without anything of the items named."""
        return Corpus(
            rubrics={k: v for k, v in self.rubrics.items() if k not in left_out},
            answers=tuple(a for a in self.answers if a.item not in left_out),
            banks={k: v for k, v in self.banks.items() if k[0] not in left_out},
            turns={k: v for k, v in self.turns.items() if k[0] not in left_out},
        )


def kept_items() -> frozenset[str]:
    """Give the items of other subjects that are kept for measuring.

    A quarter of those that there were when they were drawn, by chance; listed, so that
    an item that is added moves none from one side to the other.
    """
    return frozenset((KEPT_FOLDER / "items.txt").read_text("utf-8").split())


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Give the objects of a JSON lines file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def answer_from(entry: Mapping[str, Any]) -> LabelledAnswer:
    """Read one line of an ``answers.jsonl`` file."""
    return LabelledAnswer(
        id=entry["id"],
        item=entry["item"],
        category=entry.get("category", ""),
        answer=entry["answer"],
        points={k: float(v) for k, v in entry["points"].items()},
        contradicted=frozenset(entry.get("contradicted") or ()),
        is_complete="contradicted" in entry
        and entry.get("contradicted_complete", True),
        false_claims=tuple(entry.get("false_claims") or ()),
        score=float(entry["score"]),
        evidence=dict(entry.get("evidence") or {}),
    )


def load_corpus(folders: Sequence[Path], rubrics: Mapping[str, Rubric]) -> Corpus:
    """Load every items, answers, bank and turns file of some folders.

    Args:
        folders: Where the ``*.jsonl`` files are.
        rubrics: Rubrics known already (the bundled module's), by item.
    """
    known = dict(rubrics)
    for entry in _entries(folders, "items"):
        known.setdefault(entry["slug"], rubric_from_entry(entry))
    answers = map(answer_from, _entries(folders, "answers"))
    banks: dict[tuple[str, str], Bank] = {}
    for bank in map(_bank_from, _entries(folders, "bank")):
        key = (bank.item, bank.criterion)
        banks[key] = _joined(banks[key], bank) if key in banks else bank
    turns: dict[tuple[str, str], list[Turn]] = {}
    for turn in map(_turn_from, _entries(folders, "turns")):
        turns.setdefault((turn.item, turn.criterion), []).append(turn)
    return Corpus(
        rubrics=known,
        answers=tuple(a for a in answers if a.item in known),
        banks={k: v for k, v in banks.items() if k[0] in known},
        turns={k: tuple(v) for k, v in turns.items() if k[0] in known},
    )


def _entries(folders: Sequence[Path], kind: str) -> Iterator[dict[str, Any]]:
    """Give the lines of every file of a kind, in the order of folders and names."""
    for folder in folders:
        for path in sorted(folder.glob(f"*.{kind}.jsonl")):
            yield from read_lines(path)


def _bank_from(entry: Mapping[str, Any]) -> Bank:
    """Read one line of a ``bank.jsonl`` file."""
    kinds = ("met", "partly", "contradicted", "near")
    texts = {kind: tuple(entry.get(kind) or ()) for kind in kinds}
    return Bank(item=entry["item"], criterion=entry["criterion"], **texts)


def _turn_from(entry: Mapping[str, Any]) -> Turn:
    """Read one line of a ``turns.jsonl`` file."""
    return Turn(
        item=entry["item"],
        criterion=entry["criterion"],
        sentence=entry["sentence"],
        turned=tuple(entry["turned"]),
        same=tuple(entry.get("same") or ()),
    )


def _joined(first: Bank, second: Bank) -> Bank:
    """Put two banks of the same criterion together."""
    return Bank(
        item=first.item,
        criterion=first.criterion,
        met=first.met + second.met,
        partly=first.partly + second.partly,
        contradicted=first.contradicted + second.contradicted,
        near=first.near + second.near,
    )


def load_public(folder: Path, names: Sequence[str] = PUBLIC_SETS) -> list[ShortAnswer]:
    """Load the training parts of the public short-answer sets that are there."""
    found: list[ShortAnswer] = []
    for name in names:
        path = folder / f"{name}.train.jsonl"
        if path.exists():
            found.extend(short_answer_from(entry) for entry in read_lines(path))
    return found


def load_short(folder: Path) -> list[ShortAnswer]:
    """Load the short answers that were written for this project."""
    return [
        short_answer_from(entry)
        for path in sorted(folder.glob("*.short.jsonl"))
        for entry in read_lines(path)
    ]


def short_answer_from(entry: Mapping[str, Any]) -> ShortAnswer:
    """Read one line of a public set."""
    return ShortAnswer(
        question_id=str(entry["question_id"]),
        question=entry.get("question") or "",
        references=tuple(entry["references"]),
        answer=entry["answer"],
        score=float(entry["score"]),
        label=entry.get("label") or "",
    )


def load_claims(folder: Path) -> list[Claim]:
    """Load the claims that were written for this project."""
    return [
        Claim(
            question=entry["question"],
            says=entry["claim"],
            same=tuple(entry["same"]),
            opposite=tuple(entry["opposite"]),
            partly=(entry["partly"],),
            beside=tuple(entry["beside"]),
        )
        for path in sorted(folder.glob("*.claims.jsonl"))
        for entry in read_lines(path)
    ]


def as_items(claims: Sequence[Claim], together: int = 5) -> Corpus:
    """Give claims as items without whole answers, some claims being the criteria of each.

    Args:
        claims: Those that stand side by side are mostly of one subject.
        together: How many make an item; the last may have fewer.
    """
    rubrics: dict[str, Rubric] = {}
    banks: dict[tuple[str, str], Bank] = {}
    for at in range(0, len(claims), together):
        own = {f"claim-{k}": c for k, c in enumerate(claims[at : at + together])}
        item = f"claims-{at}"
        rubrics[item] = Rubric(
            title=next(iter(own.values())).question,
            asks=" ".join(claim.question for claim in own.values()),
            criteria=tuple(
                Criterion(
                    id=name,
                    says=claim.says,
                    references=claim.same[:2],
                    misconceptions=claim.opposite[:2],
                )
                for name, claim in own.items()
            ),
        )
        for name, claim in own.items():
            banks[item, name] = Bank(
                item=item,
                criterion=name,
                met=claim.same[2:],
                partly=claim.partly,
                contradicted=claim.opposite[2:],
                near=claim.beside,
            )
    return Corpus(rubrics=rubrics, answers=(), banks=banks)
