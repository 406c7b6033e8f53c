"""A study under other settings: what is compared, what is refused, and that the steps are those of a run."""

import numpy as np
import pandas as pd
import pytest

import analysis as tl
from analysis.config import InputError, parse_config
from analysis.study import run
from analysis.study.sensitivity import AS_IT_IS, _rename
from tests.conftest import make_papers, read_files, write_study

NAMED = '[[themes.named]]\nname = "Robotics"\nphrases = ["robot grasping", "imitation learning"]\n'


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return run(write_study(tmp_path_factory.mktemp("varied") / "study", make_papers(24), settings=NAMED))


@pytest.fixture(scope="module")
def varied(study):
    return tl.vary_study(study)


def test_the_study_as_it_is_gives_its_own_themes_again(study, varied):
    # Else the steps here are no longer those of a run, and nothing below means what it says.
    first = varied.variations.loc[AS_IT_IS]
    assert (first["ari"], first["kept"], first["n_lost"]) == (1, 1, 0)
    assert first["n_topics"] == len(study.topics)
    assert first["n_themes"] == (study.themes["size"] > 0).sum()
    again = varied.papers.query("run == @AS_IT_IS")["theme"].to_numpy()
    assert np.array_equal(again, study.papers["theme"])


def test_a_setting_that_matters_is_seen_and_one_that_does_not_is_not(bundled_study):
    broad = {"broad": {"clustering": {"resolution": 0.5}}}
    varied = tl.vary_study(bundled_study, {AS_IT_IS: {}, "said": {"clustering": {"resolution": 1.3}}, **broad})
    for name in (AS_IT_IS, "said"):
        again = varied.papers.loc[varied.papers["run"] == name, "theme"]
        assert np.array_equal(again, bundled_study.papers["theme"])
    broad = varied.variations.loc["broad"]
    assert broad["ari"] < 0.8
    assert broad["n_themes"] < len(bundled_study.themes)
    themes = varied.themes.query("variation == 'broad'")
    lost = themes[~themes["theme"].isin(varied.papers.query("run == 'broad'")["theme"])]
    assert len(lost) == broad["n_lost"] > 0
    assert (lost["jaccard"] == 0).all()
    assert lost["verdict_kept"].isna().all()


def test_every_variation_places_every_paper_and_compares_every_theme(study, varied):
    names = list(tl.list_variations(parse_config(study.run["config"])))
    assert list(varied.variations.index) == names
    assert {part.split()[0] for part in names} == {"as", "seed", "encoder", "words", "resolution"}
    assert len(varied.papers) == len(names) * len(study.papers)
    assert len(varied.themes) == len(names) * (study.themes["kind"] != "unassigned").sum()
    assert varied.themes["jaccard"].between(0, 1).all()


def test_the_placings_serve_as_alternatives(study, varied):
    trends = tl.trend_verdicts(study.shares, alternatives=varied.papers, papers=study.papers)
    assert trends["survives"].between(0, 1).all()


def test_nothing_of_the_study_changes(study):
    before, tables = read_files(study.root), study.papers.copy()
    tl.vary_study(study, {"other": {"seed": 7}})
    assert read_files(study.root) == before
    pd.testing.assert_frame_equal(study.papers, tables)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"trends": {"alpha": 0.1}}, "trends cannot vary here"),
        ({"clustering": {"resolutio": 1.0}}, "Did you mean 'resolution'"),
        ({"seed": -1}, "seed = -1 is not allowed"),
        ({"embedding": "words"}, "section"),
    ],
)
def test_a_variation_at_fault_is_refused_by_name(study, changes, message):
    with pytest.raises(InputError, match="variation 'wrong'") as refused:
        tl.vary_study(study, {"wrong": changes})
    assert message in str(refused.value)


@pytest.mark.parametrize(
    "n_papers", [pytest.param(1, marks=pytest.mark.slow), 2, pytest.param(5, marks=pytest.mark.slow)]
)
def test_the_smallest_corpora_vary_too(n_papers, tmp_path):
    small = run(write_study(tmp_path / "study", make_papers(n_papers)))
    assert (tl.vary_study(small).variations["ari"] == 1).all()


def test_papers_without_dates_vary_too(tmp_path):
    undated = run(write_study(tmp_path / "study", make_papers(12, published=None)))
    varied = tl.vary_study(undated, {AS_IT_IS: {}})
    assert set(varied.themes["verdict"].dropna()) <= {"unclear"}
    assert varied.variations.loc[AS_IT_IS, "ari"] == 1


def test_found_themes_pair_off_and_a_part_without_a_partner_goes_by_its_whole():
    own = np.array(["named", "a", "a", "a", "b", "b", "unassigned"], dtype=object)
    found = np.array([0, 1, 1, 2, 3, 3, 4])
    assert list(_rename(found, own, ["named"])) == ["named", "a", "a", "a", "b", "b", "other-4"]
    # One theme of all the others goes by the one that it overlaps most: b, two of five papers.
    assert list(_rename(np.array([-1, 0, 1, 1, 1, 1, 1]), own, ["named"])) == ["unassigned", "named", *["b"] * 5]
