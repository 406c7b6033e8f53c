import numpy as np
import pandas as pd
import pytest

from analysis.config import InputError
from analysis.trends import collect_phrases, compare_phrases


def make_papers(rng, n_papers=200, *, rise=0.0, theme="robotics"):
    """Papers over four years; "imitation learning" is in a quarter of the early ones, and more of the late ones."""
    days = pd.date_range("2020-01-01", "2023-12-31", periods=n_papers)
    words = [f"word{number}" for number in range(30)]
    late = np.arange(n_papers) >= n_papers // 2
    texts = []
    for place in range(n_papers):
        drawn = [word for word in words if rng.random() < 0.3]
        if rng.random() < 0.25 + rise * late[place]:
            drawn.insert(len(drawn) // 2, "Imitation learning")
        texts.append(" and ".join(drawn))
    ids = [f"p{place}" for place in range(n_papers)]
    return pd.DataFrame({"paper_id": ids, "published": days, "theme": theme, "title": "", "abstract": texts})


def test_planted_rise_is_first_and_its_interval_holds_the_truth():
    found = compare_phrases(make_papers(np.random.default_rng(1), 600, rise=0.4), "robotics")
    first = found.table.iloc[0]
    assert first["phrase"] == "Imitation learning"
    assert first["q"] < 0.001
    truth = np.log(0.65 / 0.35) - np.log(0.25 / 0.75)
    assert first["low"] < truth < first["high"]
    assert first["n_late"] > first["n_early"]
    assert (found.n_early, found.n_late, found.n_undated, found.n_across) == (300, 300, 0, 0)
    assert found.split is not None
    assert found.reason == ""


def test_numbers_are_those_of_the_formula():
    papers = pd.DataFrame(
        {
            "published": ["2020-01-01"] * 20 + ["2021-01-01"] * 30,
            "theme": "a",
            "title": ["robot arm"] * 4 + ["arm"] * 16 + ["robot arm"] * 18 + ["arm"] * 12,
        }
    )
    found = compare_phrases(papers, "a", text=["title"], prior=5.0)
    robot = found.table.set_index("phrase").loc["robot arm"]
    added = 5 * 22 / 50
    early, late = (4 + added, 16 + 5 - added), (18 + added, 12 + 5 - added)
    assert robot["log_odds"] == pytest.approx(np.log(late[0] / late[1]) - np.log(early[0] / early[1]))
    error = np.sqrt(sum(1 / number for number in (*early, *late)))
    assert robot["z"] == pytest.approx(robot["log_odds"] / error)
    assert robot["high"] - robot["low"] == pytest.approx(2 * 1.959964 * error)
    # "robot" says nothing that "robot arm" does not; "arm" does.
    assert set(found.table["phrase"]) == {"robot arm", "arm"}


def test_paper_that_repeats_a_word_counts_once():
    papers = make_papers(np.random.default_rng(2))
    repeated = papers.assign(abstract=papers["abstract"] + " and " + papers["abstract"])
    words = lambda table: table[~table["phrase"].str.contains(" ")].reset_index(drop=True)  # noqa: E731
    one, two = (words(compare_phrases(each, "robotics").table) for each in (papers, repeated))
    pd.testing.assert_frame_equal(one[["phrase", "n_early", "n_late"]], two[["phrase", "n_early", "n_late"]])


@pytest.mark.parametrize("n_papers", [40, pytest.param(400, marks=pytest.mark.slow)])
def test_false_calls_stay_at_five_per_cent(n_papers):
    rng = np.random.default_rng(n_papers)
    p, covered = [], []
    for _ in range(200):
        table = compare_phrases(make_papers(rng, n_papers), "robotics").table.set_index("phrase")
        p.append(table.loc["word3", "p"])
        covered.append(table.loc["word3", "low"] < 0 < table.loc["word3", "high"])
    bound = 2 * np.sqrt(0.05 * 0.95 / 200)
    assert np.mean(np.array(p) <= 0.05) <= 0.05 + bound
    assert np.mean(covered) >= 0.95 - bound
    if n_papers == 400:
        # The prior makes p a little too large, no more: a third of the p lie below a third.
        assert 0.15 <= np.mean(np.array(p) <= 1 / 3) <= 1 / 3 + 3 * np.sqrt(2 / 9 / 200)


def test_no_phrase_of_a_level_theme_is_called():
    rng = np.random.default_rng(8)
    called = [(compare_phrases(make_papers(rng), "robotics").table["q"] < 0.05).any() for _ in range(60)]
    assert np.mean(called) <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 60)


def test_keyphrases_are_found_whatever_their_case_and_shown_as_given():
    papers = make_papers(np.random.default_rng(3)).assign(title="We train a VLA model of the world for GPT-4")
    found = compare_phrases(papers, "robotics", keyphrases=["model of the World", "vla", "not there"]).table
    shown = found.set_index("phrase")["kind"]
    assert shown["model of the World"] == "keyphrase"
    assert "GPT-4" in shown.index
    assert "not there" not in shown.index
    assert not {"the", "of the", "a"} & set(shown.index)


def test_keyphrases_are_a_family_of_their_own():
    papers = make_papers(np.random.default_rng(3))
    table = compare_phrases(papers, "robotics", keyphrases=["imitation learning"]).table
    family = table.groupby("kind")["q"]
    assert family.get_group("keyphrase").tolist() == table.query("kind == 'keyphrase'")["p"].tolist()
    assert (family.get_group("word") >= table.query("kind == 'word'")["p"]).all()


def test_gram_does_not_cross_a_full_stop():
    papers = make_papers(np.random.default_rng(3)).assign(title="A robot. Learning begins")
    assert "robot Learning" not in set(compare_phrases(papers, "robotics").table["phrase"])


def test_undated_papers_and_those_across_the_split_are_counted_and_left_out():
    papers = make_papers(np.random.default_rng(4)).astype({"published": str})
    papers["published"] = papers["published"].str.slice(0, 10)
    papers.loc[:4, "published"] = None
    papers.loc[5:7, "published"] = "2022"
    found = compare_phrases(papers, "robotics", split="2022-03-01")
    assert (found.n_undated, found.n_across) == (5, 3)
    assert found.n_early + found.n_late == 192
    assert found.split == pd.Timestamp("2022-03-01")


def test_year_only_papers_are_parted_between_years():
    papers = make_papers(np.random.default_rng(4))
    years = papers.assign(published=papers["published"].dt.year.astype(str))
    found = compare_phrases(years, "robotics")
    assert found.split == pd.Timestamp("2022-01-01")
    assert found.n_across == 0


@pytest.mark.parametrize(
    ("papers", "reason"),
    [
        (make_papers(np.random.default_rng(5), 1), "0 early and 1 late papers are too few"),
        (make_papers(np.random.default_rng(5), 12), "6 early and 6 late papers are too few"),
        (make_papers(np.random.default_rng(5)).assign(published=None), "0 early and 0 late papers are too few"),
        (make_papers(np.random.default_rng(5)).assign(published="2020"), "0 early and 200 late papers are too few"),
        (make_papers(np.random.default_rng(5)).assign(abstract=None), "No phrase stands in 6 or more"),
    ],
)
def test_too_few_papers_give_no_rows_and_the_reason(papers, reason):
    found = compare_phrases(papers, "robotics")
    assert found.table.empty
    assert found.reason.startswith(reason)
    full = compare_phrases(make_papers(np.random.default_rng(5)), "robotics").table
    assert list(found.table) == list(full)
    assert list(found.table.dtypes) == list(full.dtypes)


def test_phrase_of_every_paper_has_finite_numbers():
    papers = make_papers(np.random.default_rng(6)).assign(title="Robot")
    robot = compare_phrases(papers, "robotics").table.set_index("phrase").loc["Robot"]
    assert np.isfinite(robot[["log_odds", "low", "high", "z", "p"]].to_numpy(dtype=float)).all()
    assert robot["p"] > 0.5


def test_phrases_are_collected_from_themes_and_topics_once():
    themes = pd.DataFrame({"theme": ["a", "b"], "keyphrases": [[{"phrase": "RLHF", "weight": 1.0}], None]})
    topics = pd.DataFrame(
        {
            "theme": ["a", "b"],
            "keyphrases": [
                [{"phrase": "rlhf", "weight": 1.0}, {"phrase": "reward model", "weight": 0.5}],
                [{"phrase": "robot", "weight": 1.0}],
            ],
        }
    )
    assert collect_phrases("a", themes, topics) == ["RLHF", "reward model"]
    assert collect_phrases("b", themes) == []


def test_wrong_input_is_refused():
    papers = make_papers(np.random.default_rng(7))
    with pytest.raises(InputError, match=r"no paper has theme 'chess'. There are: robotics"):
        compare_phrases(papers, "chess")
    with pytest.raises(InputError, match="columns summary are missing"):
        compare_phrases(papers, "robotics", text=["summary"])
    with pytest.raises(InputError, match="split = 'soon' is not a date"):
        compare_phrases(papers, "robotics", split="soon")
    with pytest.raises(InputError, match="both must be above 0"):
        compare_phrases(papers, "robotics", min_papers=0)
    with pytest.raises(InputError, match="give a list"):
        compare_phrases(papers, "robotics", text="title")


def test_argument_is_left_as_it_was():
    papers = make_papers(np.random.default_rng(7))
    before = papers.copy(deep=True)
    compare_phrases(papers, "robotics")
    pd.testing.assert_frame_equal(papers, before)
