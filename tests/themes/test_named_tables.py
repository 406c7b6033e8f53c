"""The tables of named themes say which phrase brought which papers, and where themes overlap."""

import numpy as np
import pytest

from analysis.config import NamedTheme
from analysis.themes.asked import prepare_named
from analysis.themes.embedding import MiniLM
from analysis.themes.named import score_named
from analysis.themes.neighbours import build_graph
from analysis.themes.phrase_table import compare_sources, count_losses, tabulate_overlaps, tabulate_phrases
from analysis.themes.wording import index_words
from tests.themes.made_texts import COOKING, ROBOTS, STARS

TEXTS = [*ROBOTS, *STARS, *COOKING]
SKY_AND_ROBOTS = NamedTheme(
    name="Robots and stars", phrases=("robot manipulation", "stars and galaxies", "mortgage law"), examples=("p0",)
)
ONE_PHRASE = NamedTheme(name="Robots", phrases=("robot manipulation",))


@pytest.fixture(scope="module")
def found():
    encoder = MiniLM()
    vectors, ids = encoder.encode(TEXTS), [f"p{row}" for row in range(len(TEXTS))]
    graph = build_graph(vectors)
    asked = prepare_named([SKY_AND_ROBOTS, ONE_PHRASE], ids, TEXTS, vectors, encoder.encode)
    named = score_named(asked, vectors, vectors, graph)
    losses = count_losses(asked, named, vectors, vectors, graph)
    theme = np.full(len(TEXTS), -1)
    theme[: len(ROBOTS) + len(STARS)] = 0
    closeness = [compare_sources(asked, column, vectors) for column in range(2)]
    table = tabulate_phrases(
        asked.themes,
        theme,
        losses,
        closeness,
        slugs=("both", "robots"),
        paper_ids=np.array(ids, dtype=object),
        n_shown=3,
    )
    return table, named, losses


def test_every_paper_of_a_theme_counts_for_one_phrase(found):
    table = found[0].query("theme == 'both'")
    assert table["n_papers"].sum() == len(ROBOTS) + len(STARS)
    assert table["share"].sum() == pytest.approx(1, abs=1e-5)
    assert list(table["kind"]) == ["phrase", "phrase", "phrase", "example"]


def test_a_phrase_brings_the_papers_that_it_is_about(found):
    table = found[0].query("theme == 'both'").set_index("phrase")
    stars = {f"p{row}" for row in range(len(ROBOTS), len(ROBOTS) + len(STARS))}
    assert table.loc["stars and galaxies", "n_papers"] >= 0.8 * len(STARS)
    assert set(table.loc["stars and galaxies", "paper_ids"]) <= stars
    assert table.loc["mortgage law", "n_papers"] == 0
    assert table.loc["mortgage law", "paper_ids"] == []


def test_a_theme_without_papers_has_no_share(found):
    row = found[0].query("theme == 'robots'").iloc[0]
    assert row["n_papers"] == 0
    assert np.isnan(row["share"])


def test_a_theme_of_one_phrase_loses_all_without_it(found):
    _, named, losses = found
    assert losses[1] == [int((named.fit[:, 1] > 0.5).sum())]
    assert losses[1][0] > 0
    assert all(0 <= lost <= (named.fit[:, 0] > 0.5).sum() for lost in losses[0])


def test_overlap_counts_the_papers_that_fit_both():
    fit = np.array([[0.9, 0.6, 0.1], [0.8, 0.2, 0.1], [0.3, 0.7, 0.2], [0.5, 0.9, 0.5]])
    table = tabulate_overlaps(fit, ["a", "b", "c"])
    first = table.query("theme == 'a' and other == 'b'").iloc[0]
    assert (first["n_theme"], first["n_other"], first["n_both"]) == (2, 3, 1)
    assert first["jaccard"] == 0.25
    assert list(table["other"]) == ["b", "c", "c"]
    assert tabulate_overlaps(np.zeros((3, 2)), ["a", "b"])["jaccard"].isna().all()
    assert tabulate_overlaps(np.zeros((3, 1)), ["a"]).empty


def test_words_cover_a_phrase_by_their_rarity():
    words = index_words(["robot grasping of cups", "robot walking", "cups and plates", "robot"])
    covered = words.cover(["robot grasping", "unheard words"])
    assert covered[0, 0] == pytest.approx(1)
    assert 0 < covered[1, 0] < 0.5
    assert covered[2, 0] == 0
    assert not covered[:, 1].any()
    assert np.array_equal(words.take(np.array([2, 0])).cover(["robot grasping"])[:, 0], covered[[2, 0], 0])
