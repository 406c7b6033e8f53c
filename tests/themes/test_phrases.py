"""Phrases counted over whole arrays are those that a reader finds who goes through each text word by word."""

import copy
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.themes import tokens
from analysis.themes.describing import collect_ties, find_why_here
from analysis.themes.grammar import cuts_phrase, lower_word, make_key
from analysis.themes.phrase_uses import PhraseLookup
from analysis.themes.phrases import collect_phrases, list_keys
from analysis.themes.tokens import Splitter, split_piece
from tests.themes.made_texts import COOKING, ROBOTS, STARS

TEXTS = [*ROBOTS, *STARS, *COOKING]
TOPICS = np.array([0] * len(ROBOTS) + [1] * len(STARS) + [2] * len(COOKING))
WORD = re.compile(r"[^\W_]+(?:[-'\u2019/.+][^\W_]+)*")
BREAK = re.compile(r"[^\w\s'\u2019/.+-]|[.](?=\s|$)|\s-+\s|--+|https?://\S+|\S*_\S*")
PIECES = [
    *["robot", "Robots", "GPT-4", "LMs", "lms", "gas", "gases", "toxic", "the", "of", "we", "analyses", "ΑΣ", "x²"],
    *[
        "model's",
        "rock\u2019n\u2019roll",
        "-",
        "--",
        "(VLA)",
        "(LMs",
        "foo_bar",
        "www_x.y",
        "see:http://x.y,z",
        "3D",
        "e.g.",
        ".",
    ],
    *[
        "and/or",
        "re-",
        "-pre",
        "“curly”",
        "½",
        "日本",
        "a\u00a0b",
        "\U0001d538b",
        "C++",
        ",",
        "?",
        "\n",
        "\t",
        "  ",
        "İo",
        "v2.0",
    ],
]
settled = settings(max_examples=60)
made_texts = st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join)


def read_plainly(text):
    """Keys of the phrases of a text, by the definition: a clause, its runs of words, one to three in a row."""
    keys = []
    for clause in BREAK.split(text):
        words = WORD.findall(clause)
        cut = [cuts_phrase(lower_word(word)) for word in words]
        for start in range(len(words)):
            for end in range(start + 1, min(start + 3, len(words)) + 1):
                if not any(cut[start:end]):
                    keys.append(make_key(" ".join(words[start:end])))
    return keys


@settled
@given(made_texts)
def test_keys_are_those_of_a_plain_reader(text):
    assert list_keys(text) == read_plainly(text)


@settled
@given(st.lists(made_texts, min_size=1, max_size=12))
def test_counts_are_those_of_a_plain_reader(texts):
    read = [Counter(read_plainly(text)) for text in texts]
    least = 2 if len(texts) >= 10 else 1
    known = sorted(key for key in set().union(*read) if sum(key in one for one in read) >= least)
    book = collect_phrases(texts)
    assert list(book.keys) == known
    if not book.acronyms:
        assert book.counts.toarray().tolist() == [[one[key] for key in known] for one in read]


def test_a_corpus_without_a_word_has_an_empty_book():
    for texts in ([], [""], ["- -", "..."]):
        book = collect_phrases(texts)
        assert book.counts.shape == (len(texts), 0)
        assert find_why_here(np.zeros(len(texts), dtype=int), book, texts) == [[] for _ in texts]


@pytest.mark.parametrize("keys", [[], ["robot"], ["toxic gas", "robot", "ab robot toxic", "a b c d"]])
@settled
@given(texts=st.lists(made_texts, max_size=4))
def test_a_lookup_finds_the_uses_of_its_phrases(keys, texts):
    rows, numbers = PhraseLookup(keys).find(texts)
    found = sorted(zip(rows.tolist(), [keys[number] for number in numbers], strict=True))
    assert found == sorted((row, key) for row, text in enumerate(texts) for key in read_plainly(text) if key in keys)


def test_placed_papers_get_the_words_that_they_would_have_had_in_the_fit():
    book = collect_phrases(TEXTS)
    ties = collect_ties(TOPICS, book, n_classes=3)
    assert ties.find(TOPICS, TEXTS) == find_why_here(TOPICS, book, TEXTS)
    assert ties.find(np.full(len(TEXTS), -1), TEXTS) == [[] for _ in TEXTS]


def test_what_ties_a_paper_does_not_depend_on_what_is_placed_beside_it(monkeypatch):
    ties = collect_ties(TOPICS, collect_phrases(TEXTS), n_classes=3)
    together = ties.find(TOPICS, TEXTS)
    # A dictionary that starts anew after every text.
    monkeypatch.setattr(tokens, "_MOST_PIECES", 3)
    alone = [ties.find(TOPICS[row : row + 1], TEXTS[row : row + 1])[0] for row in reversed(range(len(TEXTS)))]
    assert alone[::-1] == together
    assert any(together)


def test_threads_and_processes_share_what_ties_papers():
    ties = collect_ties(TOPICS, collect_phrases(TEXTS), n_classes=3)
    expected = ties.find(TOPICS, TEXTS)
    ties = copy.deepcopy(ties)  # by the way that leads into another process
    with ThreadPoolExecutor(4) as pool:
        parts = list(pool.map(lambda row: ties.find(TOPICS[row : row + 1], TEXTS[row : row + 1])[0], range(len(TEXTS))))
    assert parts == expected
    assert set(vars(copy.deepcopy(ties))) == {"telling", "forms", "acronyms"}


def test_words_that_tie_stand_in_the_text_as_whole_words():
    text = "Graphene sheets, re_graphene and a  graphene\nlattice of GPUs."
    others = ["Stew of beans."] * 3
    book = collect_phrases([text] * 3 + others)
    words = find_why_here(np.array([0, 0, 0, 1, 1, 1]), book, [text] * 3 + others)[0]
    assert "graphene lattice" in words or "Graphene" in words
    assert all(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", " ".join(text.split())) for word in words)


def test_each_distinct_piece_of_text_is_split_once():
    seen = []

    def split(piece):
        seen.append(piece)
        return split_piece(piece)

    splitter = Splitter(split)
    (first,) = splitter.read(["robot arm, robot", "arm"])
    (second,) = splitter.read(["robot stew"])
    assert sorted(seen) == ["arm", "arm,", "robot", "stew"]
    assert [first.names[number] for number in first.numbers] == ["robot", "arm", ",", "robot", "", "arm", ""]
    assert [second.names[number] for number in second.numbers] == ["robot", "stew", ""]
    assert second.ends.tolist() == [3]
