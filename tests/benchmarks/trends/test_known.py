"""Verdicts beside expectations: on a made corpus, and the published page beside its notes."""

import json

import numpy as np
import pandas as pd
import pytest

from analysis.config import InputError
from tests.benchmarks.trends import known as benchmark
from tests.benchmarks.trends.known_measure import compare, count_corpus, count_events, draw_titles, tabulate
from tests.benchmarks.trends.known_page import find_stale, render_page, write_note
from tests.benchmarks.trends.known_texts import KNOWN, NOTES, Note, Notes, read_known, read_notes
from tests.conftest import REPOSITORY
from tests.themes.made_texts import COOKING, ROBOTS, STARS

PUBLISHED = REPOSITORY / "figures" / "benchmarks"
MADE = """
corpus = "made.jsonl"
period = "month"

[[theme]]
name = "Robotics"
expected = "rising"
why = "Planted."
phrases = ["robot manipulation", "robotic grasping"]

[[theme]]
name = "Astronomy"
expected = "level"
why = "It is not: its papers get fewer."
phrases = ["astronomical observations", "stars and galaxies", "telescope surveys"]

[[theme]]
name = "Poetry"
expected = "level"
why = "There is none."
phrases = ["medieval French poetry"]
"""
NOTES_MADE = """
drift = "Robotics"

[sections]
"Bursts, by week" = "Nothing to see."

[[theme]]
name = "Robotics"
words = 'robot'
text = "It rises to {share_last}."

[theme.numbers]
share_last = 0.8

[theme.right]
first = [1, 1]

[[event]]
name = "a | star"
words = 'galaxy'
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with a corpus of a year: robots fill the place of stars, two in eight papers are about food."""
    folder = tmp_path_factory.mktemp("known")
    records = []
    for month in range(12):
        n_robots = round(month * 6 / 11)
        texts = [ROBOTS[(month + i) % len(ROBOTS)] for i in range(n_robots)]
        texts += [STARS[(month + i) % len(STARS)] for i in range(6 - n_robots)]
        texts += [COOKING[(2 * month + i) % len(COOKING)] for i in range(2)]
        for i, text in enumerate(texts):
            paper = {"id": f"p{month}-{i}", "title": f"Part {8 * month + i}", "abstract": text}
            records.append(paper | {"published": f"2024-{month + 1:02}-{1 + 3 * i:02}"})
    (folder / "made.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in records), encoding="utf-8")
    (folder / "known.toml").write_text(MADE, encoding="utf-8")
    (folder / "notes.toml").write_text(NOTES_MADE, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def counted(made):
    return count_corpus(read_known(made / "known.toml"), made, cache=made / "cache", n_alternatives=2)


@pytest.fixture(scope="module")
def table(made, counted):
    known = read_known(made / "known.toml")
    return tabulate(counted, known, read_notes(made / "notes.toml", known))


def test_a_planted_rise_agrees_and_its_numbers_are_those_of_the_papers(table, counted):
    robots = table.set_index("theme").loc["Robotics"]
    assert (robots["verdict"], robots["outcome"]) == ("rising", "agrees")
    assert robots["low"] > 1
    own = counted.papers[counted.papers["theme"] == "robotics"]
    assert robots["n_papers"] == len(own)
    assert robots["share_last"] == pytest.approx((own["published"] >= "2024-09-01").sum() / 32)
    # The texts name robots in every paper about them and in no other.
    planted = [sum(round(month * 6 / 11) for month in range(start, start + 4)) / 32 for start in (0, 4, 8)]
    assert [robots[f"words_{third}"] for third in ("first", "middle", "last")] == pytest.approx(planted)
    assert robots["words_inside"] == pytest.approx(own["abstract"].str.contains("robot").mean())


def test_a_theme_that_no_paper_bears_is_not_shown(table):
    poetry = table.set_index("theme").loc["Poetry"]
    assert (poetry["verdict"], poetry["outcome"], poetry["n_papers"]) == ("unclear", "not shown", 0)


def test_themes_without_a_note_and_discovered_ones_have_no_words_and_discovered_ones_no_expectation(table):
    assert np.isnan(table.set_index("theme").loc["Astronomy", "words_first"])
    others = table[table["kind"] == "discovered"]
    assert len(others) > 0
    assert set(others["expected"]) == set(others["outcome"]) == {""}


@pytest.mark.parametrize(
    ("expected", "verdict", "outcome"),
    [
        ("rising", "rising", "agrees"),
        ("rising", "falling", "contradicts"),
        ("rising", "steady", "contradicts"),
        ("rising", "changing", "not shown"),
        ("falling", "unclear", "not shown"),
        ("falling", "falling", "agrees"),
        ("level", "steady", "agrees"),
        ("level", "unclear", "not shown"),
        ("level", "changing", "contradicts"),
        ("level", "rising", "contradicts"),
    ],
)
def test_only_a_verdict_of_the_same_course_agrees(expected, verdict, outcome):
    assert compare(expected, verdict) == outcome


def test_the_page_tells_of_every_theme_and_of_notes_that_no_longer_hold(made, counted, table):
    known = read_known(made / "known.toml")
    notes = read_notes(made / "notes.toml", known)
    page = render_page(table, counted, known, notes)
    assert "### Robotics: agrees" in page
    assert "It rises to 80 %." in page
    assert f"**Written for other numbers** (Robotics: share_last was 0.8, now {table['share_last'].iloc[0]}" in page
    assert "No paper bears it." in page
    assert "Nobody has looked at the papers yet." in page
    assert "Nothing to see." in page
    assert "| a \\| star |" in page


def test_events_count_the_papers_that_name_them(made, counted):
    known = read_known(made / "known.toml")
    events = count_events(counted, read_notes(made / "notes.toml", known))
    assert events.shape == (1, 12)
    assert events.sum(axis=1).item() == counted.papers["abstract"].str.contains("galaxy").sum()


def test_the_titles_that_are_read_are_the_same_every_time(counted):
    drawn = draw_titles(counted, "Robotics", 3)
    assert drawn["third"].value_counts().max() <= 3
    pd.testing.assert_frame_equal(drawn, draw_titles(counted, "Robotics", 3))


def test_the_command_writes_the_page_and_the_table(made, counted, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(benchmark, "count_corpus", lambda *_, **__: counted)
    wanted = ["--corpora", made, "--out", tmp_path, "--known", made / "known.toml", "--notes", made / "notes.toml"]
    assert benchmark.main([str(one) for one in wanted]) == 0
    assert "share_last was 0.8" in capsys.readouterr().err
    assert len(pd.read_csv(tmp_path / "trends-known.csv")) >= 2
    page = (tmp_path / "trends-known.md").read_text(encoding="utf-8")
    assert str(made) not in page


def test_an_absent_corpus_is_refused_in_one_sentence(tmp_path, capsys):
    assert benchmark.main(["--corpora", str(tmp_path), "--out", str(tmp_path / "out")]) == 2
    message = capsys.readouterr().err
    assert message.count("\n") == 1
    assert "hf_daily_2024-05_2025-06.jsonl.gz: this corpus is missing" in message
    assert not (tmp_path / "out").exists()


def test_notes_on_an_unknown_theme_or_with_a_number_that_is_not_given_are_refused(made):
    known = read_known(made / "known.toml")
    (made / "strange.toml").write_text(NOTES_MADE.replace('drift = "Robotics"', 'drift = "Ships"'), encoding="utf-8")
    with pytest.raises(InputError, match="no such theme: Ships"):
        read_notes(made / "strange.toml", known)
    (made / "strange.toml").write_text(NOTES_MADE.replace("{share_last}", "{share_first}"), encoding="utf-8")
    with pytest.raises(InputError, match="Robotics: share_first"):
        read_notes(made / "strange.toml", known)


def test_a_number_is_stale_beyond_its_last_digit():
    table = pd.DataFrame({"theme": ["a"], "share_first": [0.0849], "n_papers": [12], "verdict": ["unclear"]})

    def note(**numbers):
        return Notes({}, {"a": Note("", "", numbers)}, "a", {})

    assert find_stale(table, note(share_first=0.085, n_papers=12, verdict="unclear")) == []
    assert find_stale(table, note(share_first=0.084)) == ["a: share_first was 0.084, now 0.0849"]
    assert len(find_stale(table, note(n_papers=13, verdict="rising"))) == 2


def test_the_published_notes_speak_of_the_published_numbers():
    known = read_known(KNOWN)
    notes = read_notes(NOTES, known)
    table = pd.read_csv(PUBLISHED / "trends-known.csv", keep_default_na=False, na_values=[""])
    assert find_stale(table, notes) == []
    assert list(notes.themes) == [one.name for one in known.themes]
    for note in notes.themes.values():
        assert {"verdict", "outcome"} <= set(note.numbers)
        assert all(0 <= hits <= read for hits, read in note.right.values())


def test_the_published_page_holds_the_published_numbers_and_every_note():
    known, page = read_known(KNOWN), (PUBLISHED / "trends-known.md").read_text(encoding="utf-8")
    table = pd.read_csv(PUBLISHED / "trends-known.csv").set_index("theme")
    for one in known.themes:
        assert f"### {one.name}: {table.loc[one.name, 'outcome']}\n\nExpected {one.expected}" in page
        assert table.loc[one.name, "outcome"] == compare(one.expected, table.loc[one.name, "verdict"])
    notes = read_notes(NOTES, known)
    for text in [*map(write_note, notes.themes.values()), *notes.sections.values()]:
        assert text.strip() in page
    assert "Written for other numbers" not in page
