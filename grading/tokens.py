"""An answer and a criterion as the judge's tokens."""

from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

from grading.core.sentences import Sentence, split_sentences

MAX_SHARED, MAX_CRITERION, MAX_QUESTION = 384, 64, 64  # tokens
CLS, SEP = 101, 102


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedText:
    """Question and answer as tokens, and the sentence of each token.

    Attributes:
        ids: Token ids, from [CLS] to [SEP].
        sentence_of: For each token the index of its sentence, -1 for none.
        sentences: The sentences that were read, in order.
    """

    ids: list[int]
    sentence_of: list[int]
    sentences: list[Sentence]


def load_tokenizer(folder: Path) -> Tokenizer:
    """Load the encoder's tokenizer without its own cutting and padding."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def shared_texts(tokenizer: Tokenizer, question: str, answer: str) -> list[SharedText]:
    """Give question and answer as runs of tokens: one, or more for a long answer."""
    asks = tokenizer.encode(question, add_special_tokens=False).ids[:MAX_QUESTION]
    head = [CLS, *asks, SEP]
    texts: list[SharedText] = []
    ids, sentence_of, sentences = list(head), [-1] * len(head), list[Sentence]()
    for sentence in split_sentences(answer):
        tokens = tokenizer.encode(sentence.text, add_special_tokens=False).ids
        tokens = tokens[: MAX_SHARED - len(head) - 1]
        if not tokens:
            continue
        if len(ids) + len(tokens) + 1 > MAX_SHARED:
            texts.append(_closed(ids, sentence_of, sentences))
            ids, sentence_of, sentences = list(head), [-1] * len(head), []
        ids += tokens
        sentence_of += [len(sentences)] * len(tokens)
        sentences.append(sentence)
    texts.append(_closed(ids, sentence_of, sentences))
    return texts


def _closed(ids: list[int], sentence_of: list[int], sentences: list[Sentence]) -> SharedText:
    return SharedText(
        ids=[*ids, SEP], sentence_of=[*sentence_of, -1], sentences=sentences
    )


def criterion_ids(tokenizer: Tokenizer, text: str) -> list[int]:
    """Give a criterion's tokens, cut to what the network reads."""
    tokens = tokenizer.encode(text, add_special_tokens=False).ids[: MAX_CRITERION - 2]
    return [CLS, *tokens, SEP]


def padded(rows: list[list[int]], filler: int) -> list[list[int]]:
    """Give rows of different lengths as rows of the longest one's."""
    longest = max(len(row) for row in rows)
    return [[*row, *[filler] * (longest - len(row))] for row in rows]
