import numpy as np
import pandas as pd
import pytest

from analysis.config import InputError
from analysis.trends import pick_representatives, share_by_period, tabulate_drivers
from analysis.trends.drivers import band_authors


def dated(rows):
    papers = pd.DataFrame(rows, columns=["published", "theme", "venue"])
    return papers.assign(paper_id=[f"p{row}" for row in range(len(papers))])


def drive(papers, by_column="venue", **settings):
    shares = share_by_period(papers, period="year")
    return tabulate_drivers(papers, shares, by_column=by_column, **{"min_papers": 1} | settings)


def draw_papers(rng, n_papers=300, **columns):
    return pd.DataFrame(
        {
            "published": rng.choice(["2019-05-01", "2020-05-01", "2021", "2022-03-01", "2023-01-09"], n_papers),
            "theme": rng.choice(["a", "b", "unassigned"], n_papers),
            "venue": rng.choice(np.array(["X", "Y", "Z", None], dtype=object), n_papers),
            **columns,
        }
    )


def test_change_within_a_venue_is_within():
    early = [("2020-01-01", theme, venue) for venue in "XY" for theme in ["a"] * 2 + ["b"] * 8]
    late = [("2021-01-01", "a", "X")] * 6 + [("2021-01-01", "b", "X")] * 4
    late += [("2021-01-01", "a", "Y")] * 2 + [("2021-01-01", "b", "Y")] * 8
    a = drive(dated(early + late)).table.query("theme == 'a'").set_index("category")
    assert a["within"].to_dict() == pytest.approx({"X": 0.2, "Y": 0.0})
    assert a["composition"].abs().max() == pytest.approx(0)


def test_change_by_a_growing_venue_is_composition():
    rows = [(day, "a", "X") for day, n in (("2020-01-01", 5), ("2021-01-01", 15)) for _ in range(n)]
    rows += [(day, "b", "Y") for day, n in (("2020-01-01", 15), ("2021-01-01", 5)) for _ in range(n)]
    found = drive(dated(rows))
    change = found.changes.set_index("theme").loc["a"]
    assert change["change"] == pytest.approx(0.5)
    assert change["composition"] == pytest.approx(0.5)
    assert found.table["within"].abs().max() == pytest.approx(0)
    # Both venues moved it: X, rich in the theme, grew and Y, without it, shrank.
    assert found.table.query("theme == 'a'")["contribution"].tolist() == pytest.approx([0.25, 0.25])


@pytest.mark.parametrize("seed", range(5))
def test_parts_sum_exactly_to_the_change(seed):
    rng = np.random.default_rng(seed)
    papers = draw_papers(rng, label_areas=[list(rng.choice(list("pqr"), rng.integers(0, 4))) for _ in range(300)])
    for by_column in ("venue", "label_areas"):
        found = drive(papers, by_column, max_categories=2)
        sums = found.table.groupby("theme", sort=False)[["within", "composition", "contribution"]].sum()
        changes = found.changes.set_index("theme")
        np.testing.assert_allclose(sums["contribution"], changes["change"], atol=1e-12)
        np.testing.assert_allclose(sums["within"] + sums["composition"], changes["change"], atol=1e-12)
        np.testing.assert_allclose(changes["within"], sums["within"], atol=1e-12)
        np.testing.assert_allclose(changes["share_late"] - changes["share_early"], changes["change"], atol=1e-12)


def test_change_is_that_of_the_shares():
    papers = draw_papers(np.random.default_rng(3))
    found = drive(papers)
    # Five years of about 60 papers each: the halves differ least in papers with three years in one of them.
    years = papers["published"].str[:4].astype(int)
    first = min((2021, 2022), key=lambda year: abs((years < year).sum() - (years >= year).sum()))
    late = papers[years >= first]
    assert found.changes.set_index("theme").loc["a", "share_late"] == pytest.approx((late["theme"] == "a").mean())
    assert (found.n_early, found.n_late, found.n_apart) == (len(papers) - len(late), len(late), 0)
    assert found.early == f"2019-01-01 to {first - 1}-12-31"
    assert found.late == f"{first}-01-01 to 2023-12-31"


def test_halves_of_too_few_papers_tell_nothing():
    found = drive(dated([("2020-01-01", "a", "X")] * 3 + [("2021-01-01", "b", "Y")] * 20), min_papers=10)
    assert found.table.empty
    assert found.reason == "Too few dated papers: 3 in the early half and 20 in the late one, and each needs 10."


def test_venue_of_one_half_only_adds_composition_only():
    rows = [("2020-01-01", "a", "X"), ("2020-01-01", "b", "X"), ("2021-01-01", "a", "X"), ("2021-01-01", "a", "New")]
    new = drive(dated(rows)).table.query("theme == 'a' and category == 'New'").iloc[0]
    assert np.isnan(new["share_early"])
    assert new["within"] == 0
    assert new["composition"] > 0


def test_small_categories_are_pooled_and_unknown_ones_named():
    rows = [(day, "a", venue) for day in ("2020-01-01", "2021-01-01") for venue in ["X"] * 5 + ["Y", "Z", None, " "]]
    found = drive(dated(rows), max_categories=1).table
    assert found["category"].tolist() == ["X", "other", "unknown"]
    assert found["n_early"].tolist() == [5, 2, 2]


def test_paper_with_two_labels_counts_half_in_each():
    papers = dated([("2020-01-01", "a", "X"), ("2021-01-01", "a", "X"), ("2021-06-01", "b", "X")])
    papers["label_areas"] = [["p", "q"], ["p"], np.array(["q"])]
    found = drive(papers, "label_areas").table.query("theme == 'a'").set_index("category")
    assert found["n_early"].to_dict() == {"p": 0.5, "q": 0.5}
    assert found["n_late"].to_dict() == {"p": 1, "q": 1}


def test_author_counts_are_read_in_bands():
    bands = band_authors(pd.Series([1, 2, 3, 4, 6, 7, 10, 11, 900, None], dtype="Int64"))
    assert bands.iloc[:9].tolist() == [
        "1 author",
        *["2-3 authors"] * 2,
        *["4-6 authors"] * 2,
        *["7-10 authors"] * 2,
        *["11 or more authors"] * 2,
    ]
    assert bands.isna().tolist() == [False] * 9 + [True]
    papers = dated([("2020-01-01", "a", "X"), ("2021-01-01", "a", "X")]).assign(n_authors=pd.array([1, None], "Int64"))
    assert drive(papers, "n_authors").table["category"].tolist() == ["1 author", "unknown"]


@pytest.mark.parametrize(
    ("days", "reason"),
    [
        (["2020-01-01", "2020-02-01"], "Only 1 year with dated papers: an early and a late half need 2."),
        ([None, None], "No paper is dated finely enough to place in time."),
    ],
)
def test_one_period_or_none_gives_the_reason(days, reason):
    papers = dated([(day, "a", "X") for day in days])
    found = drive(papers)
    assert found.reason == reason
    assert found.table.empty
    assert found.changes.empty
    assert found.n_apart == 2
    full = drive(dated([("2020", "a", "X"), ("2021", "a", "X")]))
    assert list(found.table) == list(full.table)
    assert list(found.changes) == list(full.changes)


def test_gap_of_years_and_one_theme_change_nothing():
    found = drive(dated([("1999-01-01", "a", "X"), ("2021-01-01", "a", "Y")]))
    assert found.changes["change"].tolist() == [0]
    assert found.table["contribution"].tolist() == [0, 0]


def test_representatives_are_the_best_of_each_period():
    papers = dated([("2020-01-01", "a", "X")] * 4 + [("2021-01-01", "a", "X"), ("2020-05-01", "unassigned", "X")])
    papers = pd.concat([papers, dated([(None, "a", "X")]).assign(paper_id="undated")], ignore_index=True)
    papers["theme_score"] = [0.2, 0.9, None, 0.9, 0.1, 0.8, 1.0]
    picked = pick_representatives(papers, share_by_period(papers, period="year"), n_papers=2)
    assert picked["paper_id"].tolist() == ["p1", "p3", "p4"]
    assert picked["rank"].tolist() == [1, 2, 1]
    assert picked["period"].dt.year.tolist() == [2020, 2020, 2021]


def test_representatives_of_undated_papers_are_none():
    papers = dated([(None, "a", "X")]).assign(theme_score=0.5)
    assert pick_representatives(papers, share_by_period(papers)).empty


def test_wrong_input_is_refused():
    papers = dated([("2020-01-01", "a", "X"), ("2021-01-01", "b", "X")])
    with pytest.raises(InputError, match="columns journal are missing"):
        drive(papers, "journal")
    with pytest.raises(InputError, match="max_categories = 0"):
        drive(papers, max_categories=0)
    shares = share_by_period(papers, period="year")
    with pytest.raises(InputError, match="theme that shares lacks"):
        tabulate_drivers(papers.assign(theme="c"), shares, by_column="venue", min_papers=1)
    with pytest.raises(InputError, match="theme_score"):
        pick_representatives(papers, share_by_period(papers))
