"""What the notebooks say was seen in the bundled study is what its tables say."""

import pytest

import analysis as tl
from analysis.results import grade_stability, list_doubtful
from tests.notebooks.books import says


@pytest.fixture(scope="module")
def varied(bundled_study):
    """The study under other settings, as notebook 6 has it."""
    return tl.vary_study(bundled_study)


@pytest.fixture(scope="module")
def kept(bundled_study):
    """Every paper of every refit: by which kind of run, and whether it keeps its theme."""
    own = bundled_study.papers.set_index("paper_id")["theme"]
    refits = bundled_study.alternatives
    kind = refits["run"].str.replace(r"-\d+$", "", regex=True)
    return (refits["theme"] == refits["paper_id"].map(own)).groupby(kind).mean()


@pytest.fixture(scope="module")
def days(bundled_study):
    """What the corpus covers, as the notebooks find it."""
    (source,) = bundled_study.run["corpus"]["sources"]
    return {"captured": source["captured"], "start": None}


@pytest.fixture(scope="module")
def in_parts(bundled_study, days):
    """The shares of the study, counted in parts."""
    return tl.share_by_period(bundled_study.papers, period="year", **days, counting="fractional")


def leave_out_one(trends, key):
    """Ids of the rows whose interval leaves 1 out."""
    return trends.loc[(trends["low"] > 1) | (trends["high"] < 1), key].tolist()


def nearest(study, words):
    return study.search(words, top=1)["similarity"].max()


def test_three_themes_are_asked_for_and_five_were_found(bundled_study):
    assert says("00_start", "three themes that it asks for and five that were found in its texts")
    assert bundled_study.themes["kind"].value_counts().to_dict() == {"discovered": 5, "named": 3}


def test_every_verdict_is_unclear(bundled_study):
    assert says("00_start", "every verdict is *unclear*, for 76 dated papers over eight years")
    assert set(bundled_study.trends["verdict"]) == {"unclear"}
    assert bundled_study.papers["published"].notna().sum() == 76
    assert bundled_study.shares["period"].nunique() == 8


def test_nothing_was_set_aside(bundled_study):
    assert says("01_corpus", "Every record that was read was kept: nothing was merged and nothing was set aside")
    ledger = bundled_study.run["corpus"]["ledger"]
    assert ledger == {"read": ledger["kept"], "merged": 0, "set_aside": 0, "kept": ledger["kept"]}


def test_most_papers_are_of_the_last_three_years(bundled_study):
    assert says("01_corpus", "Most of the papers are of the last three years; the years before hold a handful")
    year = bundled_study.papers["published"].dt.year
    assert (year > year.max() - 3).mean() > 0.8
    assert (year <= year.max() - 3).sum() < 10


def test_the_years_of_the_last_year_are_inferred(bundled_study):
    assert says("01_corpus", "Every date in the last year has an inferred year, and no date in an earlier year has one")
    year = bundled_study.papers["published"].dt.year
    assert bundled_study.papers["published_inferred"].equals(year == year.max())


def test_search_finds_foreign_words_farther_off(bundled_study):
    assert says(
        "02_map", "A search for what the collection holds finds nearer papers than a search for what is foreign"
    )
    held = ("robots that learn by watching people", "recommending products to users")
    assert nearest(bundled_study, "volcanic eruptions") < min(nearest(bundled_study, words) for words in held)


def test_most_topics_are_doubtful_and_a_few_stable(bundled_study):
    assert says("03_topics", "most of them are doubtful by the usual measure")
    assert says("03_topics", "A few topics come back nearly whole")
    grade = bundled_study.topics["stability"].map(grade_stability)
    assert (grade == "doubtful").mean() > 0.5
    assert 1 <= (grade == "stable").sum() <= 5


def test_named_themes_have_papers_and_discovered_ones_more(bundled_study):
    assert says("04_themes", "Every theme that the study names has papers of its own")
    assert says("04_themes", "more than half of all papers belong to discovered themes")
    sizes = bundled_study.themes.groupby("kind")["size"]
    assert sizes.min()["named"] > 0
    assert sizes.sum()["discovered"] > len(bundled_study.papers) / 2


def test_representation_learning_and_robotics_overlap_most(bundled_study):
    assert says(
        "04_themes",
        "The named themes that overlap most are representation learning and robotics, and they alone share papers",
    )
    shared = bundled_study.theme_overlaps.query("n_both > 0")
    assert shared[["theme", "other"]].to_numpy().tolist() == [["representation-learning", "robotics"]]


def test_no_named_theme_is_doubtful_and_two_discovered_ones_are(bundled_study):
    assert says("04_themes", "Every named theme has a stability of 0.6 or more; two discovered themes are doubtful")
    grade = bundled_study.themes["stability"].map(grade_stability)
    assert not grade[bundled_study.themes["kind"] == "named"].isin(["doubtful", "not measured"]).any()
    assert (grade[bundled_study.themes["kind"] == "discovered"] == "doubtful").sum() == 2


def test_some_phrases_brought_nothing(bundled_study):
    assert says("04_themes", "some brought no paper, and without them none would be lost")
    phrases = bundled_study.theme_phrases
    assert ((phrases["n_papers"] == 0) & (phrases["n_lost"] == 0)).sum() > 1


def test_a_doubtful_theme_has_the_weakest_label(bundled_study):
    assert says("04_themes", "The label that finds its papers least is *Attention heads*, a doubtful theme")
    assert says("04_themes", "representation learning belong together least, no better than chance")
    themes = bundled_study.themes.set_index("theme")
    assert themes["faithfulness"].idxmin() == "attention-heads"
    assert themes.loc["attention-heads", "stability"] < 0.6
    assert themes["intrusion"].idxmin() == "representation-learning"
    assert themes["intrusion"].min() <= 1 / 6


def test_two_of_eight_years_are_incomplete_and_one_is_empty(bundled_study):
    assert says("05_trends", "Of the eight years the first and the last are incomplete and one holds no paper")
    assert says("05_trends", "two papers have no date")
    years = bundled_study.shares.dropna(subset="period").drop_duplicates("period")
    assert years["complete"].tolist() == [False, *[True] * 6, False]
    assert (years["total"] == 0).sum() == 1
    assert tl.count_set_apart(bundled_study.papers, period="year").to_numpy().tolist() == [["no date", 2]]


def test_only_steep_trends_would_show(bundled_study):
    assert says("05_trends", "can show steep trends only, and none for a small theme that rises")
    assert says("05_trends", "a theme of 20 % would have had to change its odds 4.2-fold a year to show")
    visible = tl.describe_visible(bundled_study.shares, n_themes=len(bundled_study.trends)).table.set_index("share")
    assert visible["smallest_visible"].min() > 2
    assert visible["smallest_visible"].isna().iloc[0]
    assert visible.loc[0.2, "smallest_visible"] == pytest.approx(4.2, abs=0.05)


def test_the_expected_share_is_known_less_well_than_the_sampled_one(bundled_study):
    assert says("05_trends", "the wider one in every year with papers, by less than five points")
    known = bundled_study.shares.dropna(subset="share")
    wider = (known["expected_high"] - known["expected_low"]) - (known["high"] - known["low"])
    assert 0 < wider.min() < wider.max() < 0.05


def test_nothing_is_called(bundled_study):
    assert says("05_trends", "The global test finds no change in the composition")
    assert says("05_trends", "No theme is called rising, falling, changing or steady: all are unclear")
    assert not tl.global_change(bundled_study.shares).changed
    assert set(bundled_study.trends["verdict"]) == {"unclear"}


def test_one_interval_leaves_1_out_when_looked_at_alone(bundled_study):
    assert says("05_trends", "One interval leaves 1 out when looked at alone, that of the theme on LLMs and reasoning")
    assert says("05_trends", "the theme itself is doubtful")
    assert leave_out_one(bundled_study.trends, "theme") == ["llms-reasoning"]
    assert "llms-reasoning" in list_doubtful(bundled_study.themes, "theme")


def test_counted_in_parts_nothing_is_called_either(in_parts):
    assert says("05_trends", "Counted in parts every verdict is the same, and that interval holds 1")
    trends = tl.trend_verdicts(in_parts)
    assert set(trends["verdict"]) == {"unclear"}
    assert leave_out_one(trends, "theme") == []


def test_no_topic_is_called_and_most_could_not_be(bundled_study):
    assert says("05_trends", "No topic is called either; for most of them no rise, however steep, would have shown")
    assert set(bundled_study.topic_trends["verdict"]) == {"unclear"}
    assert bundled_study.topic_trends["smallest_visible"].isna().mean() > 0.5


def test_no_burst_was_searched_for_and_nothing_is_new_or_gone(bundled_study):
    assert says("05_trends", "No burst was searched for: too few complete years. No theme is new or gone")
    assert says("05_trends", "Representation learning comes closest, with no paper since October 2024")
    assert says("05_trends", "a q just above .05")
    assert bundled_study.bursts.empty
    assert "only 5 complete years" in bundled_study.run["bursts"]
    assert not bundled_study.newcomers["found"].any()
    closest = bundled_study.newcomers.sort_values("q").iloc[0]
    assert (closest["theme"], closest["kind"]) == ("representation-learning", "gone")
    assert (closest["day"].year, closest["day"].month) == (2024, 10)
    assert 0.05 < closest["q"] < 0.06


def test_papers_are_too_few_to_compare_words(bundled_study):
    assert says("05_trends", "No theme has papers enough to compare its words over time")
    assert bundled_study.drift.empty


def test_shares_change_within_the_bands_of_author_counts(bundled_study):
    assert says(
        "05_trends", "From the years to 2023 (34 papers) to those after (42), each theme's share changed within"
    )
    assert says(
        "05_trends", "that bands grew or shrank adds less than a third as much. Venues and labels are not known"
    )
    drivers = bundled_study.drivers
    assert set(drivers["column"]) == {"n_authors"}
    assert set(drivers["early"].str[-10:]) == {"2023-12-31"}
    halves = drivers.groupby("theme")[["n_early", "n_late", "within", "composition"]].sum()
    assert halves[["n_early", "n_late"]].drop_duplicates().to_numpy().tolist() == [[34, 42]]
    assert (halves["composition"].abs() < halves["within"].abs() / 3).all()


def test_leaving_papers_out_moves_more_than_another_seed(kept):
    assert says("06_sensitivity", "moves far more papers to another theme than another seed does")
    assert kept["resample"] < kept["seed"] - 0.1


def test_named_themes_are_stabler_on_the_whole(bundled_study):
    assert says("06_sensitivity", "Named themes hold together better than discovered ones on the whole, but not every")
    stability = bundled_study.themes.groupby("kind")["stability"]
    assert stability.mean()["named"] > stability.mean()["discovered"]
    assert stability.min()["named"] < stability.max()["discovered"]


@pytest.mark.slow
def test_another_seed_moves_few_papers_and_other_vectors_more(varied):
    assert says("06_sensitivity", "Another seed of the whole run moves three papers in a hundred at most")
    assert says("06_sensitivity", "words moves up to a quarter of them, and the resolution nearly half")
    moved = 1 - varied.variations["kept"]
    kind = moved.index.str.split().str[0]
    most = moved.groupby(kind).max()
    assert most["seed"] <= 0.03
    assert 0.2 < most["words"] <= 0.25
    assert 0.4 < most["resolution"] < 0.5


@pytest.mark.slow
def test_resolution_decides_how_many_themes_there_are(varied, bundled_study):
    assert says("06_sensitivity", "the lowest gives five, the study's own eight")
    assert varied.variations.loc["resolution 0.5", "n_themes"] == 5
    assert len(bundled_study.themes) == 8


@pytest.mark.slow
def test_named_themes_outlast_every_variation_and_no_discovered_one_does(varied, bundled_study):
    assert says(
        "06_sensitivity",
        "Named themes outlast every variation with an overlap of 0.6 or more; no discovered one does",
    )
    least = varied.themes.groupby("theme")["jaccard"].min()
    kind = bundled_study.themes.set_index("theme")["kind"]
    assert least[kind == "named"].min() >= 0.6
    assert least[kind == "discovered"].max() < 0.6


@pytest.mark.slow
def test_no_verdict_changes_under_a_variation(varied):
    assert says("06_sensitivity", "No verdict changes under any variation that leaves the theme in being")
    assert varied.themes["verdict_kept"].dropna().all()
    assert varied.themes["verdict_kept"].notna().sum() > 80


def test_no_verdict_hangs_on_the_doubtful_papers(bundled_study):
    assert says("06_sensitivity", "nor without the doubtful papers")
    assert bundled_study.trends["holds_without_doubtful"].all()


def test_no_bound_holds_a_verdict_back(bundled_study):
    assert says("06_sensitivity", "With the widest margin and no least effect every theme is unclear too")
    assert set(tl.trend_verdicts(bundled_study.shares, margin=10, min_effect=1)["verdict"]) == {"unclear"}


def test_counting_by_quarter_calls_nothing_either(bundled_study, days):
    assert says("06_sensitivity", "Counted by quarter nothing is called either")
    by_quarter = tl.share_by_period(bundled_study.papers, period="quarter", **days)
    assert not tl.global_change(by_quarter).changed
    assert set(tl.trend_verdicts(by_quarter)["verdict"]) == {"unclear"}


def test_without_the_inferred_years_nothing_is_called(bundled_study, days):
    assert says("06_sensitivity", "without the inferred years nothing is called either")
    papers = bundled_study.papers
    stated = tl.share_by_period(papers[~papers["published_inferred"]], **days)
    assert set(tl.trend_verdicts(stated)["verdict"]) == {"unclear"}
