"""Themes are found again in another generation: by name, by shared papers, by meaning."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.curation.matching import Generation, count_shared, match_themes, measure_overlap
from tests.curation.made_generations import make_generation, point_to

THREE = {"robots": range(10), "stars": range(10, 22), "cooking": range(22, 30)}


def pair_up(old, new, **rules):
    return {match.new: match.old for match in match_themes(old, new, **rules)}


def tell_by(old, new):
    return {match.new: match.by for match in match_themes(old, new)}


def test_the_same_papers_under_other_ids_are_the_same_themes():
    new = {"a": range(22, 30), "b": range(10), "c": range(10, 22)}
    assert pair_up(make_generation(THREE), make_generation(new)) == {"a": "cooking", "b": "robots", "c": "stars"}


def test_overlap_is_over_the_papers_that_both_hold():
    old = make_generation({"robots": range(10), "stars": range(10, 20)})
    new = make_generation({"robots": [*range(5), *range(100, 160)], "stars": range(5, 20)})
    overlap = measure_overlap(count_shared(old, new))
    assert overlap.loc["robots", "robots"] == 5 / 10
    assert overlap.loc["stars", "stars"] == 10 / 15
    assert overlap.loc["robots", "stars"] == 5 / 20


def test_papers_that_come_new_do_not_part_a_theme_from_itself():
    new = {"robots": [*range(10), *range(100, 120)], "stars": range(10, 22), "law": range(200, 220)}
    old = make_generation({name: THREE[name] for name in ("robots", "stars")})
    assert pair_up(old, make_generation(new)) == {"robots": "robots", "stars": "stars"}


def test_of_a_theme_that_was_split_the_larger_half_is_the_heir():
    new = make_generation({"less": range(4), "more": range(4, 10), "stars": range(10, 22)})
    assert pair_up(make_generation(THREE), new) == {"more": "robots", "stars": "stars"}


def test_a_merged_theme_is_the_heir_of_the_larger_one():
    new = make_generation({"both": range(22), "cooking": range(22, 30)})
    assert pair_up(make_generation(THREE), new) == {"both": "stars", "cooking": "cooking"}


def test_a_theme_goes_on_where_most_of_its_papers_are_if_nobody_else_does():
    old = make_generation({"clinics": range(20), "texts": range(20, 100), "images": range(100, 200)})
    new = {"both": [*range(18), *range(20, 46), *range(100, 106)], "texts": range(46, 100), "images": range(106, 200)}
    found = {match.new: match for match in match_themes(old, make_generation(new))}
    assert found["both"].old == "clinics"
    assert found["both"].overlap == 18 / 50
    assert pair_up(old, make_generation(new), same_papers=0.5)["both"] == "clinics"
    # Swallowed by a theme that is another one's heir, it has no heir.
    swallowed = make_generation({"texts": range(100), "images": range(100, 200)})
    assert pair_up(old, swallowed) == {"texts": "texts", "images": "images"}


def test_one_shared_paper_of_many_is_no_evidence():
    old, new = make_generation({"robots": range(200)}), make_generation({"stars": range(199, 400)})
    assert measure_overlap(count_shared(old, new)).loc["robots", "stars"] == 1
    assert match_themes(old, new) == ()
    assert pair_up(make_generation({"robots": range(2)}), make_generation({"a": range(2)})) == {"a": "robots"}


def test_what_overlaps_too_little_does_not_push_aside_what_overlaps_enough():
    # Overlaps: a-x 0.5, a-y 0.4, b-x 0.25; the sum would be higher without a-x.
    old = make_generation({"a": range(20), "b": range(20, 24)})
    new = make_generation({"x": [*range(12), *range(20, 24)], "y": range(12, 20)})
    assert pair_up(old, new, same_papers=0.45) == {"x": "a"}
    assert pair_up(old, new, same_papers=0.2) == {"y": "a", "x": "b"}


def test_a_theme_that_dissolved_has_no_heir():
    new = make_generation({f"part-{part}": range(part, 30, 5) for part in range(5)})
    assert pair_up(make_generation(THREE), new) == {}


def test_named_themes_are_matched_by_name_whatever_their_papers():
    old = make_generation(THREE, labels={"robots": "Robots"}, named=["robots"])
    new = make_generation({"robots-2": range(20, 30), "b": range(10), "c": range(10, 20)},
                          labels={"robots-2": "robots"}, named=["robots-2"])  # fmt: skip
    assert pair_up(old, new) == {"robots-2": "robots", "c": "stars"}
    assert tell_by(old, new) == {"robots-2": "name", "c": "papers"}


def test_a_named_theme_whose_name_was_reworded_is_known_by_its_id():
    old = make_generation(THREE, labels={"robots": "Robots"}, named=["robots"])
    new = make_generation(THREE, labels={"robots": "Robots!"}, named=["robots"])
    assert pair_up(old, new)["robots"] == "robots"


def test_a_found_theme_that_is_asked_for_by_its_name_stays_the_same():
    old = make_generation(THREE, labels={"stars": "Stars"})
    new = make_generation({"asked": range(10, 18), "rest": range(18, 22)}, labels={"asked": "Stars"}, named=["asked"])
    assert pair_up(old, new) == {"asked": "stars"}


def test_a_name_that_the_study_gave_is_not_inherited_by_a_found_theme():
    old = make_generation(THREE, named=["robots"])
    assert pair_up(old, make_generation({"a": range(10), "b": range(10, 22)})) == {"b": "stars"}


def test_themes_without_shared_papers_are_told_by_meaning():
    later = {"x": range(100, 110), "y": range(110, 120), "z": range(120, 130)}
    old = make_generation(THREE, vectors=point_to(THREE, {"robots": 0, "stars": 1, "cooking": 2}))
    new = make_generation(later, vectors=point_to(later, {"x": 2, "y": 5, "z": 0}))
    matches = {match.new: match for match in match_themes(old, new)}
    assert {name: match.old for name, match in matches.items()} == {"x": "cooking", "z": "robots"}
    assert all(match.by == "meaning" and match.similarity > 0.95 for match in matches.values())
    assert pair_up(make_generation(THREE), new) == {}


def test_meaning_does_not_overrule_shared_papers():
    new = {"a": [*range(5), *range(10, 14)], "b": [*range(5, 10), *range(14, 22)], "c": range(22, 30)}
    same = dict.fromkeys("abc", 0) | dict.fromkeys(THREE, 0)
    old = make_generation(THREE, vectors=point_to(THREE, same))
    found = match_themes(old, make_generation(new, vectors=point_to(new, same)))
    assert {match.by for match in found} == {"papers"}


def test_no_themes_and_no_papers_have_no_match():
    nobody = Generation(np.array([], dtype=object), np.array([], dtype=object), {})
    assert match_themes(nobody, nobody) == ()
    assert match_themes(make_generation(THREE), nobody) == ()
    assert match_themes(nobody, make_generation(THREE)) == ()


THEMES = st.lists(st.sampled_from(["a", "b", "c", "d", "unassigned"]), min_size=1, max_size=40)


def scatter(themes, start=0):
    groups = {}
    for paper, theme in enumerate(themes, start=start):
        groups.setdefault(theme, []).append(paper)
    return groups


@given(THEMES, THEMES, st.integers(0, 20))
@settings(max_examples=60)
def test_no_theme_has_two_heirs_and_none_two_ancestors(before, after, shift):
    old, new = make_generation(scatter(before)), make_generation(scatter(after, shift))
    matches = match_themes(old, new)
    assert len({match.old for match in matches}) == len({match.new for match in matches}) == len(matches)
    assert all(match.old in old.labels and match.new in new.labels for match in matches)
    assert all(match.overlap >= 1 / 7 for match in matches)


@given(THEMES, THEMES, st.permutations(range(40)), st.permutations(["a", "b", "c", "d"]))
@settings(max_examples=60)
def test_neither_the_order_of_papers_nor_the_ids_of_new_themes_matter(before, after, order, ids):
    old, new = make_generation(scatter(before)), make_generation(scatter(after))
    rows = [row for row in order if row < len(new.paper_ids)]
    called = dict(zip("abcd", (f"new-{one}" for one in ids), strict=True)) | {"unassigned": "unassigned"}
    marked = {one: f"x-{one}" for one in "abcd"} | {"unassigned": "unassigned"}
    plain = Generation(
        new.paper_ids,
        np.array([marked[one] for one in new.theme], dtype=object),
        {marked[one]: marked[one] for one in new.labels},
    )
    other = Generation(
        new.paper_ids[rows],
        np.array([called[one] for one in new.theme[rows]], dtype=object),
        {called[one]: called[one] for one in sorted(new.labels, reverse=True)},
    )
    assert {called[new_id.removeprefix("x-")]: old_id for new_id, old_id in pair_up(old, plain).items()} == pair_up(
        old, other
    )
