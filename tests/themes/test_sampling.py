"""A study fitted on a sample of its papers places the others."""

from contextlib import contextmanager

import numpy as np
import pandas as pd
import pytest

from analysis.config import FitSection, InputError, parse_config
from analysis.themes import build_themes
from analysis.themes.embedding.choosing import CONTEXTUAL_UP_TO
from analysis.themes.placing import place_new
from analysis.themes.sampling import _choose_encoder, choose_sample, fit_and_place
from tests.themes.made_fit import SETTINGS, embed, join_texts, make_frame, make_texts

IDS = [f"paper {number}" for number in range(200)]
N_FITTED = 30


def choose(ids, n_papers, **options):
    rows = choose_sample(ids, FitSection(papers=n_papers), seed=options.pop("seed", 1), **options)
    return [ids[row] for row in rows]


def test_a_sample_depends_on_ids_alone_and_comes_in_corpus_order():
    chosen = choose(IDS, 50)
    assert len(chosen) == 50
    assert chosen == [one for one in IDS if one in set(chosen)]
    assert set(choose(IDS[::-1], 50)) == set(chosen)
    assert set(choose(IDS, 50, seed=2)) != set(chosen)


def test_a_larger_sample_holds_the_smaller_one():
    assert set(choose(IDS, 50)) < set(choose(IDS, 80))


def test_papers_that_come_later_leave_most_of_a_sample_as_it_was():
    before, after = set(choose(IDS[:180], 50)), set(choose(IDS, 50))
    assert len(after) == 50
    assert after - before <= set(IDS[180:])


def test_examples_are_always_fitted():
    always = ["paper 3", "paper 199", "elsewhere"]
    chosen = choose(IDS, 10, always=always)
    assert len(chosen) == 10
    assert {"paper 3", "paper 199"} <= set(chosen)
    assert set(choose(IDS, 10, always=IDS[:12])) == set(IDS[:12])


def test_a_corpus_that_is_small_enough_is_fitted_whole():
    assert choose(IDS, 200) == choose(IDS, "auto") == IDS


@pytest.mark.parametrize("papers", [9, 0, -1, "some", True, 20.5])
def test_a_sample_of_no_sense_is_refused(papers):
    with pytest.raises(InputError, match=r"\[fit\]"):
        parse_config({"fit": {"papers": papers}})


def test_the_encoder_goes_by_all_papers():
    config = parse_config({"embedding": {"encoder": "auto"}})
    assert _choose_encoder(config, CONTEXTUAL_UP_TO + 1).embedding.encoder == "static"
    assert _choose_encoder(config, CONTEXTUAL_UP_TO) == config
    named = parse_config({"embedding": {"encoder": "minilm"}})
    assert _choose_encoder(named, 10**6) == named


@pytest.fixture(scope="module")
def papers():
    return make_frame(make_texts())


@pytest.fixture(scope="module")
def sampled(papers):
    return fit_and_place(papers, parse_config({**SETTINGS, "fit": {"papers": N_FITTED}}))


def test_every_paper_has_its_rows_in_corpus_order(papers, sampled):
    tables, ids = sampled.tables, list(papers["paper_id"])
    assert (sampled.is_placed.sum(), len(tables.placed)) == (len(papers) - N_FITTED, len(papers))
    assert list(tables.theme_scores["paper_id"]) == ids
    for table, key in ((tables.themes, "theme"), (tables.topics, "topic")):
        sizes = tables.placed[key].value_counts()
        assert list(table["size"]) == [sizes[one] for one in table[key]]
    for run, rows in tables.alternatives.groupby("run"):
        assert list(rows["paper_id"]) == [one for one in ids if one in set(rows["paper_id"])]
        assert len(rows) == len(ids) or str(run).startswith("resample")
    assert tables.theme_phrases["n_papers"].sum() == tables.placed["theme"].isin(["robotics", "kitchen"]).sum()
    np.testing.assert_allclose(tables.vectors, embed(papers), atol=1e-6)


def test_the_sample_is_fitted_by_itself_and_the_others_are_placed_by_it(papers, sampled):
    own = papers[~sampled.is_placed].reset_index(drop=True)
    alone = build_themes(own, parse_config(SETTINGS))
    names = list(alone.placed.columns)
    fitted = sampled.tables.placed.loc[~sampled.is_placed, names].reset_index(drop=True)
    pd.testing.assert_frame_equal(fitted, alone.placed, check_dtype=False)
    rest = papers[sampled.is_placed].reset_index(drop=True)
    placed = place_new(alone.model, rest, join_texts(rest), embed(rest), parse_config(SETTINGS))
    found = sampled.tables.placed.loc[sampled.is_placed, names].reset_index(drop=True)
    pd.testing.assert_frame_equal(found, placed.table, check_dtype=False)


def test_examples_are_in_the_fit_and_unknown_ones_are_refused(papers, sampled):
    assert {"c0", "c1"} <= set(papers.loc[~sampled.is_placed, "paper_id"])
    wrong = {"themes": {"named": [{"name": "Kitchen", "examples": ["c0", "nowhere"]}]}, "fit": {"papers": N_FITTED}}
    with pytest.raises(InputError, match="nowhere"):
        fit_and_place(papers, parse_config(wrong))


def test_the_record_says_that_it_is_a_sample(papers, sampled):
    assert sampled.tables.rungs[0].startswith(f"Fit: a sample of {N_FITTED} of the {len(papers)} papers")
    assert (sampled.shift.n_fitted, sampled.shift.n_placed) == (N_FITTED, len(papers) - N_FITTED)
    # Sixteen were placed by thirty: more than a third, but none of them came later.
    assert not sampled.shift.refit_due
    assert {"embed the rest", "place the rest"} < set(sampled.tables.seconds)


def test_without_a_bound_nothing_is_placed(papers):
    config = parse_config({"themes": {"n_alternatives": 0}})
    found = fit_and_place(papers, config)
    pd.testing.assert_frame_equal(found.tables.placed, build_themes(papers, config).placed)
    assert not found.is_placed.any()
    assert found.shift is None
    assert len(found.placements.paper_ids) == 0


def test_whoever_watches_is_told_of_every_paper_and_every_refit():
    texts = make_texts()
    done = {}

    @contextmanager
    def watch(step, total, *, unit="papers"):
        told = done.setdefault((step, total, unit), [])
        yield told.append

    config = parse_config({**SETTINGS, "fit": {"papers": N_FITTED}, "themes": {"n_alternatives": 2}})
    fit_and_place(make_frame(texts), config, watch=watch)
    n_placed = len(texts) - N_FITTED
    totals = {("embed", N_FITTED), ("refit", 2), ("embed", n_placed), ("place", n_placed)}
    assert {(step, sum(told)) for (step, _, _), told in done.items()} == totals
    assert all(sum(told) == total for (_, total, _), told in done.items())
