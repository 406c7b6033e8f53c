"""Corrections as a pure function of tables."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.curation import Route, apply_corrections, make_correction
from tests.curation.made_words import make_wording
from tests.made_study import THEMES, copy_tables, make_tables

TABLES = make_tables()
TABLES.papers.loc[TABLES.papers["theme"] == "robotics", "theme_runner_up"] = "alignment"
WORDING = make_wording(TABLES)
IDS = list(THEMES)
ROBOTICS = list(TABLES.papers.loc[TABLES.papers["theme"] == "robotics", "paper_id"])
VIDEO, USERS = IDS[3], IDS[4]


def correct(*corrections, tables=TABLES):
    return apply_corrections(tables, [make_correction(do, **fields) for do, fields in corrections], WORDING)


def one_theme(corrected, theme):
    return corrected.tables.themes.set_index("theme").loc[theme]


def themes_of(corrected, papers):
    return list(corrected.tables.papers.set_index("paper_id")["theme"][papers])


def differing(first, second):
    """Names of tables that differ."""
    names = [name for name in vars(first) if name != "run"]
    return [name for name in names if not getattr(first, name).equals(getattr(second, name))]


def test_a_renamed_theme_keeps_its_id_colour_and_papers():
    corrected = correct(("rename", {"theme": "robotics", "label": "Robots"}))
    before, after = (tables.themes.set_index("theme").loc["robotics"] for tables in (TABLES, corrected.tables))
    assert after["label"] == "Robots"
    assert after["edited"]
    assert after[["stability", "faithfulness", "intrusion"]].isna().all()
    assert after[["color", "size", "description"]].equals(before[["color", "size", "description"]])
    assert not corrected.tables.themes.set_index("theme").drop("robotics")["edited"].any()


def test_renaming_needs_no_counts_and_everything_else_says_that_it_does():
    rename = make_correction("rename", theme="Robotics", label="Robots")
    assert apply_corrections(TABLES, [rename]).applied
    with pytest.raises(ValueError, match="counts"):
        apply_corrections(TABLES, [make_correction("move", papers=["p000"], to="robotics")])


def test_no_correction_changes_nothing():
    assert differing(apply_corrections(TABLES, []).tables, TABLES) == []


def test_the_largest_theme_takes_the_others_in():
    sizes = TABLES.themes.set_index("theme")["size"]
    largest = max((VIDEO, USERS), key=lambda one: sizes[one])
    corrected = correct(("merge", {"themes": [VIDEO, USERS]}))
    assert one_theme(corrected, largest)["size"] == sizes[VIDEO] + sizes[USERS]
    assert corrected.routes == (Route(({VIDEO, USERS} - {largest}).pop(), (), largest),)
    assert set(corrected.tables.alternatives["theme"]) <= set(corrected.tables.themes["theme"])


def test_named_themes_that_are_merged_keep_their_phrases_and_the_better_score():
    corrected = correct(("merge", {"themes": ["robotics", "alignment"], "into": "alignment"})).tables
    assert list(corrected.theme_scores) == ["paper_id", "representation-learning", "alignment"]
    assert (corrected.theme_scores["alignment"] >= TABLES.theme_scores["robotics"]).all()
    phrases = corrected.theme_phrases
    assert len(phrases) == len(TABLES.theme_phrases)
    assert set(phrases["theme"]) == {"representation-learning", "alignment"}
    own = phrases[phrases["theme"] == "alignment"]
    assert own["n_papers"].sum() == corrected.themes.set_index("theme").loc["alignment", "size"]
    assert set(corrected.theme_overlaps["theme"]) | set(corrected.theme_overlaps["other"]) == {
        "representation-learning",
        "alignment",
    }


def test_a_named_theme_that_goes_into_a_discovered_one_is_asked_for_no_more():
    corrected = correct(("merge", {"themes": ["robotics", VIDEO], "into": VIDEO})).tables
    assert "robotics" not in corrected.theme_scores
    assert "robotics" not in set(corrected.theme_phrases["theme"])


def test_a_split_takes_its_papers_and_follows_its_topics():
    topic = int(TABLES.papers.loc[TABLES.papers["paper_id"] == ROBOTICS[0], "topic"].iloc[0])
    label = TABLES.topics.set_index("topic")["label"][topic]
    corrected = correct(("split", {"theme": "robotics", "topics": [label], "label": "Walking"}))
    inside = (TABLES.papers["theme"] == "robotics") & (TABLES.papers["topic"] == topic)
    assert themes_of(corrected, TABLES.papers.loc[inside, "paper_id"]) == ["walking"] * inside.sum()
    row = one_theme(corrected, "walking")
    assert (row["kind"], row["label"], row["size"], row["edited"]) == ("discovered", "Walking", inside.sum(), True)
    assert pd.isna(row["color"])
    assert "only" not in corrected.applied[0].what


def test_a_topic_of_another_fit_goes_along_when_most_of_its_papers_do():
    inside = TABLES.papers[TABLES.papers["theme"] == IDS[0]]
    own = max((list(rows["paper_id"]) for _, rows in inside.groupby("topic")), key=len)
    assert len(own) > 2
    asked = {"theme": IDS[0], "topics": ["a label that no topic bears any more"], "label": "Part"}
    most = correct(("split", {**asked, "papers": own[:-1]}))
    assert themes_of(most, own) == ["part"] * len(own)
    few = correct(("split", {**asked, "papers": own[:1]}))
    assert themes_of(few, own) == ["part", *[IDS[0]] * (len(own) - 1)]


def test_papers_that_were_split_off_by_name_go_along_wherever_a_new_fit_put_them():
    split = ("split", {"theme": "robotics", "papers": ROBOTICS[:3], "label": "Walking"})
    other = copy_tables(TABLES)
    other.papers.loc[other.papers["paper_id"] == ROBOTICS[0], ["theme", "theme_runner_up"]] = [VIDEO, "robotics"]
    corrected = correct(split, tables=other)
    assert themes_of(corrected, ROBOTICS[:3]) == ["walking"] * 3
    assert corrected.applied[0].themes == ("robotics", "walking", VIDEO)
    assert one_theme(corrected, VIDEO)["edited"]


def test_moved_papers_say_so_and_count_whole():
    corrected = correct(("move", {"papers": ROBOTICS[:2], "to": VIDEO}))
    rows = corrected.tables.papers.set_index("paper_id").loc[ROBOTICS[:2]]
    assert set(rows["theme"]) == {VIDEO}
    assert set(rows["theme_reason"]) == {"moved by hand"}
    assert rows["theme_runner_up"].isna().all()
    assert corrected.applied[0].themes == (VIDEO, "robotics")
    assert one_theme(corrected, VIDEO)["edited"]
    assert one_theme(corrected, "robotics")["edited"]


def test_pinned_papers_change_nothing_as_long_as_the_fit_agrees():
    pin = ("pin", {"papers": ROBOTICS[:2], "to": "robotics"})
    assert not correct(pin).tables.themes["edited"].any()
    other = copy_tables(TABLES)
    other.papers.loc[other.papers["paper_id"].isin(ROBOTICS[:2]), "theme"] = VIDEO
    corrected = correct(pin, tables=other)
    assert themes_of(corrected, ROBOTICS[:2]) == ["robotics"] * 2
    assert corrected.applied[0].n_papers == 2


def test_ignored_words_leave_keyphrases_and_the_labels_that_were_made_of_them():
    corrected = correct(("ignore", {"words": ["robot manipulation", "behaviour"]})).tables
    for table in (corrected.themes[corrected.themes["kind"] != "unassigned"], corrected.topics):
        phrases = [one["phrase"] for phrases in table["keyphrases"] for one in phrases]
        assert phrases
        assert not [phrase for phrase in phrases if "behaviour" in phrase or "robot manipulation" in phrase]
    labels = corrected.themes.set_index("theme")["label"]
    assert "behaviour" not in labels[VIDEO].lower()
    # The study asked for it by this name.
    assert labels["robotics"] == "Robotics"


def test_a_label_that_a_person_gave_keeps_its_words():
    corrected = correct(
        ("rename", {"theme": VIDEO, "label": "Behaviour in video"}), ("ignore", {"words": ["behaviour"]})
    )
    assert one_theme(corrected, VIDEO)["label"] == "Behaviour in video"


def test_words_are_found_from_the_papers_that_are_counted():
    counts = WORDING.counts
    some = [paper for row, paper in enumerate(counts.paper_ids) if row % 4]
    merge = make_correction("merge", themes=[VIDEO, USERS])
    found = apply_corrections(TABLES, [merge], replace(WORDING, counts=counts.align(some)))
    theme = found.applied[0].themes[0]
    assert one_theme(found, theme)["keyphrases"]
    assert one_theme(found, theme)["size"] == TABLES.papers["theme"].isin([VIDEO, USERS]).sum()


def test_themes_are_found_by_the_names_that_they_had():
    corrected = correct(
        ("rename", {"theme": "Robotics", "label": "Robots"}),
        ("merge", {"themes": ["robots", "ALIGNMENT"], "into": "alignment"}),
        ("move", {"papers": ["p001"], "to": "Robotics"}),
    )
    assert not corrected.failed
    assert themes_of(corrected, ["p001"]) == ["alignment"]


@pytest.mark.parametrize(
    ("do", "fields", "reason"),
    [
        ("rename", {"theme": "gone", "label": "x"}, "there is no theme “gone”"),
        ("rename", {"theme": "robotics", "label": "ALIGNMENT"}, "another theme is called “Alignment”"),
        ("rename", {"theme": "unassigned", "label": "x"}, "the papers without a theme are no theme"),
        ("merge", {"themes": ["robotics", "gone"]}, "there is no theme “gone”"),
        ("merge", {"themes": ["robotics", "Robotics"]}, "these themes are one already"),
        ("split", {"theme": "robotics", "papers": ["nobody"], "label": "x"}, "none of its papers is in “Robotics”"),
        ("split", {"theme": "robotics", "papers": ROBOTICS, "label": "x"}, "these are all papers of “Robotics”"),
        ("move", {"papers": ["nobody"], "to": "robotics"}, "none of its papers is in the study"),
        ("pin", {"papers": ["p001"], "to": "gone"}, "there is no theme “gone”"),
    ],
)
def test_what_finds_nothing_to_correct_is_passed_over_with_its_reason(do, fields, reason):
    corrected = correct((do, fields))
    assert not corrected.applied
    assert corrected.failed[0].what.startswith(reason)
    assert differing(corrected.tables, TABLES) == []


def test_of_themes_to_merge_those_that_are_left_are_merged_and_the_others_named():
    corrected = correct(("merge", {"themes": ["robotics", "gone", "alignment"], "into": "robotics", "label": "Both"}))
    assert corrected.applied[0].what == "Merged “Alignment” into “Both”."
    assert corrected.applied[0].missing == "there is no theme “gone”"
    alone = correct(("merge", {"themes": ["robotics", "gone"], "label": "Machines"}))
    assert one_theme(alone, "robotics")["label"] == "Machines"
    assert alone.applied[0].missing == "there is no theme “gone”"


def test_papers_that_are_gone_are_counted():
    corrected = correct(("move", {"papers": [ROBOTICS[0], "nobody", "no one"], "to": VIDEO}))
    assert (corrected.applied[0].n_papers, corrected.applied[0].n_lost) == (1, 2)


LABELS = st.sampled_from(["Alpha", "Beta", "robotics", "Alignment", "<b>=1+1</b>"])
NAMES = st.sampled_from([*IDS, "Robotics", "alpha", "Beta", "unassigned", "gone"])
PAPERS = st.lists(st.sampled_from([*TABLES.papers["paper_id"], "nobody"]), min_size=1, max_size=25, unique=True)
CORRECTIONS = st.one_of(
    st.builds(lambda theme, label: make_correction("rename", theme=theme, label=label), NAMES, LABELS),
    st.builds(
        lambda themes, label: make_correction("merge", themes=themes, label=label),
        st.lists(NAMES, min_size=2, max_size=4, unique=True),
        st.none() | LABELS,
    ),
    st.builds(
        lambda theme, topics, papers, label: make_correction(
            "split", theme=theme, topics=topics, papers=papers, label=label
        ),
        NAMES,
        st.lists(st.integers(0, 7), max_size=3),
        PAPERS,
        LABELS,
    ),
    st.builds(lambda papers, to: make_correction("move", papers=papers, to=to), PAPERS, NAMES),
    st.builds(lambda papers, to: make_correction("pin", papers=papers, to=to), PAPERS, NAMES),
    st.builds(
        lambda words: make_correction("ignore", words=words),
        st.lists(st.sampled_from(["robot", "behaviour", "latent state", "nothing"]), min_size=1, unique=True),
    ),
)


@settings(max_examples=20)
@given(st.lists(CORRECTIONS, max_size=6))
def test_every_paper_keeps_one_theme_that_there_is_and_the_totals_stay(corrections):
    before = copy_tables(TABLES)
    corrected = apply_corrections(TABLES, corrections, WORDING)
    assert differing(before, TABLES) == []
    tables = corrected.tables
    counts = tables.papers["theme"].value_counts()
    sizes = tables.themes.set_index("theme")["size"]
    assert sizes.sum() == len(tables.papers) == len(TABLES.papers)
    assert dict(sizes[sizes > 0]) == dict(counts)
    assert tables.themes["theme"].is_unique
    assert tables.themes["label"].str.casefold().is_unique
    known = set(tables.themes["theme"])
    assert set(tables.topics["theme"]) <= known
    assert set(tables.papers["theme_runner_up"].dropna()) <= known
    assert not (tables.papers["theme_runner_up"] == tables.papers["theme"]).any()
    assert set(tables.theme_phrases["theme"]) <= known
    assert list(tables.theme_scores.columns[1:]) == list(tables.themes.loc[tables.themes["kind"] == "named", "theme"])
    touched = tables.themes[tables.themes["edited"]]
    assert touched["stability"].isna().all()
    assert len(corrected.applied) + len(corrected.failed) == len(corrections)


@settings(max_examples=15)
@given(CORRECTIONS)
def test_a_correction_twice_is_a_correction_once(correction):
    once, twice = (apply_corrections(TABLES, [correction] * times, WORDING) for times in (1, 2))
    assert differing(once.tables, twice.tables) == []
