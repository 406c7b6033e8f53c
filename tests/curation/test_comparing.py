"""What became of each theme is told as it was planted."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.curation.comparing import CHANGES, COLUMNS, compare_themes, tabulate_flows
from tests.curation.made_generations import make_generation, point_to
from tests.curation.test_matching import THEMES, scatter

OLD = {"robots": range(20), "stars": range(20, 40), "cooking": range(40, 60)}


def tell(old, new):
    """Change by old and new id."""
    table = compare_themes(old, new).table
    return {(row["old"], row["new"]): row["change"] for row in table.to_dict("records")}


def test_an_equal_generation_is_unchanged():
    assert set(tell(make_generation(OLD), make_generation(OLD)).values()) == {"unchanged"}


def test_a_split_names_both_halves():
    new = {"robots": range(12), "drones": range(12, 20), "stars": range(20, 40), "cooking": range(40, 60)}
    changes = compare_themes(make_generation(OLD), make_generation(new))
    split = changes.table[changes.table["change"] == "split"].set_index("new")
    assert dict(split["old"].fillna("")) == {"robots": "robots", "drones": ""}
    assert split.loc["robots", "others"] == ["drones"]
    assert split.loc["drones", "others"] == ["robots"]
    assert split.loc["robots", "sentence"] == "The papers of “robots” went into “robots” (60 %) and “drones” (40 %)."
    assert split.loc["drones", "sentence"] == "Split off from “robots”, of whose papers it has 40 %."


def test_a_merger_names_both_parts():
    new = make_generation({"machines": range(40), "cooking": range(40, 60)})
    changes = compare_themes(make_generation(OLD), new).table
    merged = changes[changes["change"] == "merged"]
    assert set(merged["old"]) == {"robots", "stars"}
    by_new = merged.set_index(merged["new"].fillna(""))["sentence"]
    assert by_new["machines"] == "“machines” has its papers from “robots” (50 %) and “stars” (50 %)."
    assert by_new[""] == "Merged into “machines”, which has 50 % of its papers from here."
    assert sorted(merged["new"].fillna("")) == ["", "machines"]


def test_a_small_theme_that_a_large_one_swallows_is_merged_into_it():
    old = make_generation({"texts": range(100), "clinics": range(100, 110)})
    new = make_generation({"texts": range(107), "unassigned": range(107, 110)})
    changes = compare_themes(old, new).table.set_index("old")
    assert changes.loc["clinics", "change"] == "merged"
    assert changes.loc["clinics", "sentence"] == "70 % of its papers went into “texts”."
    assert changes.loc["texts", "change"] == "unchanged"


def test_a_small_theme_that_leaves_a_large_one_is_split_off():
    old = make_generation({"texts": range(100)})
    new = make_generation({"texts": range(90), "clinics": [*range(90, 100), *range(200, 205)]})
    changes = compare_themes(old, new).table.set_index("new")
    assert changes.loc["clinics", "change"] == "split"
    assert changes.loc["clinics", "sentence"] == "67 % of its papers came from “texts”."
    mostly_new = make_generation({"texts": range(90), "clinics": [*range(90, 100), *range(200, 215)]})
    assert tell(old, mostly_new)[None, "clinics"] == "born"


def test_a_few_papers_that_change_sides_are_no_split():
    new = make_generation({"robots": range(17), "stars": [*range(17, 20), *range(20, 40)], "cooking": range(40, 60)})
    assert set(tell(make_generation(OLD), new).values()) == {"unchanged"}


def test_births_and_deaths():
    new = make_generation({**OLD, "law": range(100, 120)})
    changes = compare_themes(make_generation(OLD), new).table.set_index("change")
    assert changes.loc["born", "new"] == "law"
    assert changes.loc["born", "sentence"] == "All of its 20 papers are new to the corpus."
    new = make_generation({"robots": range(20), "stars": range(20, 40)})
    changes = compare_themes(make_generation(OLD), new).table.set_index("change")
    assert changes.loc["died", "old"] == "cooking"
    assert changes.loc["died", "sentence"] == "Its papers are no longer in the corpus."


def test_a_theme_whose_papers_scattered_died_and_says_where_they_are():
    new = make_generation({"robots": [*range(20), *range(40, 47)], "stars": range(20, 40), "unassigned": range(47, 60)})
    changes = compare_themes(make_generation(OLD), new).table.set_index("change")
    assert changes.loc["died", "sentence"] == "Its papers are now in no theme (13) and “robots” (7)."


def test_growth_is_measured_against_the_whole_corpus():
    in_step = {"robots": [*range(20), *range(100, 110)], "stars": [*range(20, 40), *range(110, 120)],
               "cooking": [*range(40, 60), *range(120, 130)]}  # fmt: skip
    assert set(tell(make_generation(OLD), make_generation(in_step)).values()) == {"unchanged"}
    ahead = in_step | {"robots": [*range(20), *range(100, 140)], "cooking": range(40, 60), "stars": range(20, 40)}
    changes = tell(make_generation(OLD), make_generation(ahead))
    assert changes == {("robots", "robots"): "grown", ("stars", "stars"): "shrunk", ("cooking", "cooking"): "shrunk"}
    called = make_generation(ahead, labels={"robots": "Machines"})
    told = compare_themes(make_generation(OLD), called).table.set_index("old")["sentence"]
    assert told["robots"] == ("Was called “robots”; 20 papers before, 60 now: 33.3 % of all papers, then 60.0 %.")


def test_two_papers_more_are_no_growth():
    old = make_generation({"robots": range(4), "stars": range(20, 40)})
    new = make_generation({"robots": [*range(4), 100, 101], "stars": range(20, 40)})
    assert tell(old, new)["robots", "robots"] == "unchanged"


def test_another_label_is_told():
    new = make_generation({**OLD, "bots": OLD["robots"]} | {"robots": []}, labels={"bots": "Bots"})
    row = compare_themes(make_generation(OLD), new).table.set_index("change").loc["renamed"]
    assert (row["old_label"], row["new_label"], row["renamed"]) == ("robots", "Bots", True)


def test_where_no_paper_is_shared_nothing_is_claimed_without_vectors():
    later = {theme: range(100 + papers[0], 100 + papers[-1] + 1) for theme, papers in OLD.items()}
    assert set(tell(make_generation(OLD), make_generation(later)).values()) == {"unknown"}
    directions = {"robots": 0, "stars": 1, "cooking": 2}
    old = make_generation(OLD, vectors=point_to(OLD, directions))
    moved = make_generation(later, vectors=point_to(later, directions | {"cooking": 5}))
    assert tell(old, moved) == {
        ("robots", "robots"): "unchanged", ("stars", "stars"): "unchanged",
        (None, "cooking"): "born", ("cooking", None): "died",
    }  # fmt: skip


def test_named_themes_are_compared_whatever_the_corpora_share():
    old = make_generation({"robots": range(10)}, named=["robots"])
    new = make_generation({"robots": range(100, 110)}, named=["robots"])
    assert tell(old, new) == {("robots", "robots"): "unchanged"}


def test_flows_hold_every_paper_of_either_once():
    new = make_generation({"robots": range(10, 30), "unassigned": range(30, 35), "law": range(100, 104)})
    flows = tabulate_flows(make_generation(OLD), new)
    assert flows.to_dict("records") == [
        {"old": "robots", "new": "robots", "n_papers": 10},
        {"old": "robots", "new": None, "n_papers": 10},
        {"old": "stars", "new": "robots", "n_papers": 10},
        {"old": "stars", "new": "unassigned", "n_papers": 5},
        {"old": "stars", "new": None, "n_papers": 5},
        {"old": "cooking", "new": None, "n_papers": 20},
        {"old": None, "new": "law", "n_papers": 4},
    ]


@given(THEMES, THEMES, st.integers(0, 60))
@settings(max_examples=60)
def test_every_theme_is_told_of_once_and_no_paper_is_lost(before, after, shift):
    old, new = make_generation(scatter(before)), make_generation(scatter(after, shift))
    changes = compare_themes(old, new)
    assert list(changes.table.columns) == list(COLUMNS)
    assert sorted(changes.table["old"].dropna()) == sorted(old.labels)
    assert sorted(changes.table["new"].dropna()) == sorted(new.labels)
    assert set(changes.table["change"]) <= set(CHANGES)
    assert changes.table["sentence"].str.endswith(".").all()
    flows = changes.flows
    assert flows.loc[flows["old"].notna(), "n_papers"].sum() == changes.n_old == len(old.paper_ids)
    assert flows.loc[flows["new"].notna(), "n_papers"].sum() == changes.n_new == len(new.paper_ids)
    assert flows.dropna()["n_papers"].sum() == changes.n_shared


@pytest.mark.parametrize("empty", ["old", "new", "both"])
def test_studies_without_a_paper_can_be_compared(empty):
    nobody, somebody = make_generation({}), make_generation(OLD)
    changes = compare_themes(nobody if empty != "new" else somebody, nobody if empty != "old" else somebody)
    assert isinstance(changes.flows, pd.DataFrame)
    assert len(changes.table) == (0 if empty == "both" else 3)
