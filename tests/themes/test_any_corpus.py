"""Corpora of every size and content: themes are always found, and the tables always hold."""

import dataclasses
import functools
import hashlib

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from analysis.config import parse_config
from analysis.results import read_tables, write_tables
from analysis.themes import build, build_themes
from tests.made_study import make_tables
from tests.themes.made_texts import COOKING, ROBOTS, STARS

ORDINARY = [*ROBOTS, *STARS, *COOKING]
NAMED = (
    {"name": "Robotics", "phrases": ["robot manipulation", "robotic grasping"]},
    {"name": "Underwater basket weaving", "phrases": ["weaving baskets under water"]},
)
BOILERPLATE = "All rights reserved. No part of this work may be reproduced without permission of the publisher. " * 3
LONG = "A long abstract says the same thing in many ways and never ends. " * 100
# What the i-th paper of such a corpus says.
KINDS = {
    "ordinary": lambda i: (f"Study {i}", f"{ORDINARY[i % 23]} Part {i}."),
    "no abstract": lambda i: (ORDINARY[i % 23].split(". ")[0], ""),
    "no abstract, all titles alike": lambda i: ("Editorial", ""),
    "identical": lambda i: ("One title", "One abstract for all of them."),
    "one word": lambda i: (("Robots", "Stars", "Soup")[i % 3], ""),
    "one letter": lambda i: ("abc"[i % 3], ""),
    "stop words": lambda i: (("The", "Of and in", "To be or not to be")[i % 3], "and the of it is was by"),
    "numbers": lambda i: (f"{i}", f"{i * 37} {i / 7:.3f} 10^{i} -{i}%"),
    "punctuation": lambda i: ("?!.,;:"[: 1 + i % 6], "... --- ///"),
    "Chinese": lambda i: (f"表現学習{i}", "機械学習の研究。ロボットの把持を学ぶ。" * (1 + i % 3)),
    "Arabic and Russian": lambda i: (("تعلم الروبوت", "Обучение роботов")[i % 2], f"Предмет {i} و الموضوع {i}"),
    "emoji": lambda i: ("🤖🦾"[i % 2] * 3, "👩‍🔬 🧪 " * (i % 4)),
    "very long": lambda i: (f"Volume {i}", LONG + ORDINARY[i % 23]),
    "one paper over and over, and one other": lambda i: ("A robot", ROBOTS[0]) if i else ("A soup", COOKING[1]),
    "boilerplate": lambda i: (f"Article {i}", BOILERPLATE + ORDINARY[i % 23] + BOILERPLATE),
    "markup": lambda i: (f"<b>{{{{ {i} }}}}</b> \\frac{{1}}{{{i}}} $x_{i}$", "=cmd|' /C calc'!A0 <script>x</script>"),
}
PAPERS = st.tuples(st.sampled_from(sorted(KINDS)), st.integers(0, 59)).map(lambda pair: KINDS[pair[0]](pair[1]))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
FEW = settings(max_examples=2, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow])
MORE = settings(FEW, max_examples=12)


class WordEncoder:
    """A stand-in for the model: a text is the sum of fixed random vectors of its words."""

    name, version = "words", "1"

    def encode(self, texts, *, on_done=None):
        vectors = np.array([sum(map(place_word, text.lower().split()), place_word("")) for text in texts])
        return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@functools.cache
def place_word(word):
    seed = hashlib.sha256(word.encode()).digest()[:8]
    return np.random.default_rng(int.from_bytes(seed, "little")).normal(size=32)


@pytest.fixture(scope="module", autouse=True)
def clusterings():
    """Every clustering that a build has made, the newest last; the model stays out of it."""
    made = []

    def cluster(*arguments, **options):
        made.append(build_cluster(*arguments, **options))
        return made[-1]

    build_cluster = build.cluster
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "find_encoder", lambda *_: WordEncoder())
        patch.setattr(build, "cluster", cluster)
        yield made


def find_themes(texts, *, named=NAMED, n_alternatives=1):
    frame = pd.DataFrame(texts, columns=["title", "abstract"])
    frame.insert(0, "paper_id", [f"p{i:03d}" for i in range(len(frame))])
    frame["published"] = pd.Timestamp("2020-01-01") + pd.to_timedelta(range(len(frame)), unit="D")
    config = parse_config({"themes": {"named": list(named), "n_alternatives": n_alternatives}})
    return build_themes(frame, config)


def assert_holds(found, n_papers, clusterings, n_named=2):
    placed, themes, topics = found.placed, found.themes, found.topics
    assert len(placed) == len(found.vectors) == n_papers
    assert np.isfinite(placed[["map_x", "map_y"]]).all(axis=None)

    # Every paper has a topic, and the tables count the papers that they hold.
    assert topics["topic"].tolist() == list(range(len(topics)))
    assert np.bincount(placed["topic"], minlength=len(topics)).tolist() == topics["size"].tolist()
    assert themes["theme"].is_unique
    sizes = placed["theme"].value_counts()
    assert [sizes.get(theme, 0) for theme in themes["theme"]] == themes["size"].tolist()
    assert themes["size"].sum() == n_papers
    assert (themes["kind"] == "named").sum() == n_named

    # Topics nest in groups: of the build before its refits.
    whole = next(one for one in reversed(clusterings) if len(one.topic) == n_papers)
    assert pd.DataFrame({"topic": whole.topic, "group": whole.group}).groupby("topic")["group"].nunique().eq(1).all()

    # Labels are there and differ; scores are scores.
    for table in (themes, topics):
        assert table["label"].str.strip().astype(bool).all()
        assert table["label"].str.casefold().is_unique
    assert found.theme_scores["paper_id"].is_unique
    for scores in (
        found.theme_scores.drop(columns="paper_id"),
        placed[["topic_strength", "theme_score", "theme_margin"]],
        topics[["theme_purity", "stability"]].astype(float),
        themes[["stability"]].astype(float),
    ):
        inside = (scores >= 0) & (scores <= 1)
        assert (inside | scores.isna()).all(axis=None)
    assert placed["topic_strength"].notna().all()
    assert (placed["theme_score"].isna() == (placed["theme"] == "unassigned")).all()


def assert_same(one, other):
    for part in ("placed", "topics", "themes", "theme_scores", "alternatives"):
        pd.testing.assert_frame_equal(getattr(one, part), getattr(other, part))
    assert (one.vectors == other.vectors).all()
    assert one.rungs == other.rungs


def assert_fits_the_schema(found, folder):
    made = make_tables(len(found.placed))
    tables = dataclasses.replace(
        made,
        papers=made.papers.assign(**{name: found.placed[name] for name in found.placed}),
        topics=found.topics,
        themes=found.themes,
        theme_scores=found.theme_scores,
        alternatives=found.alternatives,
    )
    write_tables(tables, folder)
    read = read_tables(folder)
    assert read.topics["label"].tolist() == found.topics["label"].tolist()
    for table in ("papers", "topics", "themes", "theme_scores", "alternatives"):
        assert set(getattr(read, table)) == set(getattr(tables, table))


@pytest.mark.parametrize("kind", KINDS)
@given(n_papers=st.integers(1, 60))
@example(n_papers=1)
@example(n_papers=60)
@FEW
def test_every_kind_of_text_in_every_number_gets_themes(kind, clusterings, n_papers):
    found = find_themes([KINDS[kind](i) for i in range(n_papers)])
    assert_holds(found, n_papers, clusterings)


@given(n_papers=st.integers(1, 60))
@example(n_papers=1)
@example(n_papers=60)
@example(n_papers=7)
@settings(FEW, max_examples=8)
def test_ordinary_texts_leave_hardly_any_paper_without_a_theme(n_papers):
    texts = [KINDS["ordinary"](i) for i in range(n_papers)]
    found = find_themes(texts, named=(), n_alternatives=0)
    assert (found.placed["theme"] == "unassigned").mean() <= 0.02
    assert (find_themes(texts, n_alternatives=0).placed["theme"] == "unassigned").mean() <= 0.02


@given(papers=st.lists(PAPERS, min_size=1, max_size=60))
@MORE
def test_a_mixture_gets_themes_and_the_same_seed_gives_them_again(clusterings, papers):
    found = find_themes(papers, named=())
    assert_holds(found, len(papers), clusterings, n_named=0)
    assert_same(found, find_themes(papers, named=()))


@given(papers=st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=30))
@MORE
def test_any_text_at_all_gets_themes(clusterings, papers):
    assert_holds(find_themes(papers, n_alternatives=0), len(papers), clusterings)


@pytest.mark.parametrize("kind", ["ordinary", "identical", "emoji", "markup"])
@pytest.mark.parametrize("n_papers", [1, 2, 25])
def test_the_tables_are_those_of_the_waist(kind, n_papers, tmp_path):
    assert_fits_the_schema(find_themes([KINDS[kind](i) for i in range(n_papers)]), tmp_path)
