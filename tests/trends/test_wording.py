"""Phrases counted on codes, held against a count on strings."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from analysis.config import InputError
from analysis.trends import compare_phrases, compare_themes
from analysis.trends.wording import count_phrases, read_wording
from tests.trends.test_drift import make_papers

STOP = {"of", "the", "and", "in", "is", "a", "to"}
PIECES = [
    "Robot", "robot", "ROBOTS", "arm", "state-of-the-art", "user's", "(arm)", "robot,arm", "robot.", "--", "3", "x",
    "the", "of", "in",
    "world\u2014model", "World", "model;",
    "\u03c0", "\u039f\u0394\u039f\u03a3", "na\u00efve", "'quoted'", "a_b", "[12]", "arm:", "\u00a0", "e.g.",
]  # fmt: skip


def make_texts(rng, n_texts=60):
    return pd.Series([" ".join(rng.choice(PIECES, rng.integers(0, 25))) for _ in range(n_texts)], dtype="str")


def count_by_hand(texts, keyphrases, min_papers):
    """Papers that have each phrase, found one string at a time; the writing that most papers use."""
    keys = {" ".join(re.findall(r"\w+(?:['’-]\w+)*", phrase)).lower() for phrase in keyphrases}  # noqa: RUF001
    papers, written = {}, {}
    for row, text in enumerate(texts):
        found = set()
        for part in re.split(r"[.!?;:,()\[\]{}\"]+", text):
            words = re.findall(r"\w+(?:['’-]\w+)*", part)  # noqa: RUF001
            for start in range(len(words)):
                for end in range(start + 1, min(start + 4, len(words)) + 1):
                    gram = " ".join(words[start:end])
                    plain = not {words[start].lower(), words[end - 1].lower()} & STOP
                    short = end - start <= 2 and plain and len(gram) > 1 and not gram.isnumeric()
                    if short or gram.lower() in keys:
                        found.add(gram)
        for gram in found:
            papers.setdefault(gram.lower(), set()).add(row)
            written.setdefault(gram.lower(), []).append(gram)
    shown = {}
    for name, forms in written.items():
        shown[name] = max((forms.count(form), form) for form in forms)[1]
    return {name: (shown[name], sorted(rows)) for name, rows in papers.items() if len(rows) >= min_papers}


@pytest.mark.parametrize("seed", range(8))
def test_counts_are_those_of_a_search_by_hand(seed):
    texts = make_texts(np.random.default_rng(seed))
    keyphrases = ["Robot arm of the", "the robot", "state-of-the-art", "unheard of"]
    late = np.arange(len(texts)) >= 30
    found = count_phrases(
        read_wording([texts]), np.arange(len(texts)), late, keyphrases=keyphrases, min_papers=3
    ).set_index("phrase")
    by_hand = count_by_hand(texts, keyphrases, 3)
    names = {phrase.lower(): phrase for phrase in keyphrases}
    expected = {names.get(name, shown): rows for name, (shown, rows) in by_hand.items()}
    assert set(found.index) <= set(expected)
    for phrase, row in found.iterrows():
        assert row["n_late"] == sum(late[paper] for paper in expected[phrase])
        assert row["n_early"] == len(expected[phrase]) - row["n_late"]
        assert row["kind"] == ("keyphrase" if phrase.lower() in names else "word")
    # What is missing stands nearly always inside a longer phrase that is there.
    for phrase, rows in expected.items():
        inside = [one for one in expected if f" {phrase.lower()} " in f" {one.lower()} " and one != phrase]
        assert phrase in found.index or any(len(expected[one]) >= 0.9 * len(rows) for one in inside)


def test_no_phrase_reaches_from_one_part_or_paper_into_the_next():
    titles, abstracts = pd.Series(["deep", "deep", None], dtype="str"), pd.Series(["sea", "sea", "deep"], dtype="str")
    found = count_phrases(
        read_wording([titles, abstracts]),
        np.array([0, 1, 2]),
        np.array([False, True, True]),
        keyphrases=(),
        min_papers=1,
    )
    assert sorted(found["phrase"]) == ["deep", "sea"]


def test_texts_without_words_have_no_phrases():
    empty = pd.Series(["", ". , !", None], dtype="str")
    assert count_phrases(read_wording([empty]), np.arange(3), np.zeros(3, bool), keyphrases=["a"], min_papers=1).empty


def test_several_themes_at_once_are_each_as_if_alone():
    rng = np.random.default_rng(5)
    papers = pd.concat([make_papers(rng, 90, theme=theme, rise=0.3) for theme in ("a", "b", "few")], ignore_index=True)
    papers = papers.drop(index=papers.index[papers["theme"] == "few"][8:]).sample(frac=1, random_state=1)
    found = compare_themes(papers, {"b": ["imitation learning"], "few": [], "a": []})
    assert list(found) == ["b", "few", "a"]
    for theme, phrases in (("b", ["imitation learning"]), ("few", []), ("a", [])):
        alone = compare_phrases(papers, theme, keyphrases=phrases)
        pd.testing.assert_frame_equal(found[theme].table, alone.table)
        assert (found[theme].split, found[theme].reason) == (alone.split, alone.reason)


def test_papers_drawn_of_a_large_theme_tell_the_same_within_chance():
    papers = make_papers(np.random.default_rng(9), 1500, rise=0.3)
    whole, drawn = (compare_phrases(papers, "robotics", most_papers=most) for most in (None, 400))
    assert (whole.n_counted, drawn.n_counted) == (1500, 400)
    assert (drawn.n_early, drawn.n_late, drawn.split) == (whole.n_early, whole.n_late, whole.split)
    one, two = (found.table.set_index("phrase").loc["Imitation learning"] for found in (whole, drawn))
    assert two["low"] < one["log_odds"] < two["high"]
    assert two["high"] - two["low"] > one["high"] - one["low"]
    again = compare_phrases(papers, "robotics", most_papers=400)
    pd.testing.assert_frame_equal(again.table, drawn.table)
    assert not compare_phrases(papers, "robotics", most_papers=400, seed=1).table.equals(drawn.table)


def test_a_small_part_keeps_its_papers_when_others_are_drawn():
    papers = make_papers(np.random.default_rng(3), 1200)
    found = compare_phrases(papers, "robotics", split="2020-02-10", most_papers=100)
    assert found.n_early < 60
    assert found.n_counted == 100
    assert found.table["share_early"].between(0, 1).all()
    with pytest.raises(InputError, match="most_papers = 5"):
        compare_phrases(papers, "robotics", most_papers=5)
