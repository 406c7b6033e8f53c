import dataclasses
import datetime as dt
import json
import re

import pandas as pd
import pytest

import analysis as tl
from analysis.config import InputError
from analysis.study import digest
from analysis.study.digest import read_since
from tests.made_study import make_tables
from tests.study.made_news import TURN, make_news, make_part, make_turning_papers, open_tables

DAY = dt.date(2025, 10, 17)


@pytest.fixture(scope="module")
def turning():
    return digest(make_news(), since=TURN)


def test_a_planted_turn_changes_the_verdict_and_no_quiet_time_before_does(turning):
    changed = turning.news.verdicts[turning.news.verdicts["changed"]].set_index("theme")
    assert changed.loc["robotics", ["before", "now"]].tolist() == ["unclear", "rising"]
    quiet = digest(make_news(), since="2023-07-01", until="2023-12-31")
    assert not quiet.news.verdicts["changed"].any()
    assert quiet.bulletin.standing.startswith("No verdict changed: the trend of each of the 3 themes was unclear")


def test_verdicts_before_are_those_of_a_study_of_the_papers_before(turning):
    papers = make_turning_papers()
    then = make_part(papers[papers["published"] < TURN], captured="2023-12-31").trends
    before = turning.news.verdicts.dropna(subset="before").set_index("theme")["before"]
    assert before.to_dict() == then.set_index("theme")["verdict"].to_dict()


def test_a_last_day_gives_what_the_study_would_have_given_on_that_day():
    papers = make_turning_papers()
    then = digest(make_part(papers[papers["published"] <= "2024-06-30"], captured="2024-06-30"), since=TURN).news
    now = digest(make_news(), since=TURN, until="2024-06-30").news
    assert now.counts == then.counts | {"later": 120}
    for name in ("verdicts", "bursts", "newcomers", "words"):
        pd.testing.assert_frame_equal(getattr(now, name), getattr(then, name), check_dtype=False)
    known = then.themes["n_new"] + then.themes["n_before"] > 0
    pd.testing.assert_frame_equal(now.themes[known], then.themes[known])


def test_a_planted_newcomer_burst_and_phrase_are_told(turning):
    said = turning.bulletin
    assert any("Recommendation and user modelling”: 36 papers, none before." in line for line in said.arrivals)
    assert any(line.startswith("“Robotics”: from 2024-") and "2024-12" in line for line in said.bursts)
    assert any("“world model” (0 % → 100 %" in line for line in said.words)


def test_a_burst_that_has_ended_is_no_news():
    found = digest(make_news(), since=TURN)
    bursts = found.news.bursts.assign(end=pd.Timestamp("2024-11-30"))
    news = dataclasses.replace(found.news, bursts=bursts)
    from analysis.reports.digest import write_bulletin

    assert not write_bulletin(news, make_news().tables, make_news().place.config).bursts


def test_every_paper_counts_on_one_side_and_every_new_one_is_listed_or_counted(turning):
    assert sum(turning.news.counts.values()) == len(make_news().papers)
    said = turning.bulletin
    more = sum(int(re.search(r"\d+", group["more"])[0]) if group["more"] else 0 for group in said.groups)
    assert len(said.papers) + sum(len(group["papers"]) for group in said.groups) + more == turning.news.n_new


def test_papers_are_not_set_against_each_other_by_how_well_they_fit_different_themes():
    study = make_news()
    papers = study.papers.assign(n_comments=pd.array([0] * len(study.papers), dtype="Int64"))
    found = digest(open_tables(dataclasses.replace(study.tables, papers=papers)), since=TURN)
    assert found.news.measure == "theme score"
    assert not found.bulletin.papers
    assert found.bulletin.groups
    assert "Ordered by how well they fit their theme" in found.text


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-07-01", "2025-07-01"),
        ("7d", "2025-10-11"),
        ("1d", "2025-10-17"),
        ("4w", "2025-09-20"),
        ("1m", "2025-09-18"),
        ("10m", "2024-12-18"),
        ("1y", "2024-10-18"),
        (dt.date(2025, 1, 2), "2025-01-02"),
    ],
)
def test_a_day_may_be_given_as_so_long_before_the_last_day_of_the_collection(text, day):
    assert read_since(text, DAY, name="since").isoformat() == day


def test_a_month_back_from_its_last_day_ends_where_the_shorter_month_does():
    assert read_since("1m", dt.date(2024, 3, 31), name="since").isoformat() == "2024-03-01"


@pytest.mark.parametrize("text", ["", "yesterday", "2025-13-01", "7", "7 days", "9999y", "-7d", "01.07.2025"])
def test_what_is_no_day_is_refused_with_what_would_be_one(text):
    with pytest.raises(InputError, match=r"--since '.*': this is no day\. Write a day such as 2025-10-17, or how long"):
        read_since(text, DAY, name="since")


def test_without_any_date_a_relative_day_has_nothing_to_count_from():
    with pytest.raises(InputError, match="has no last day to count from"):
        read_since("7d", None, name="since")


def test_where_nobody_says_when_papers_were_captured_the_latest_paper_is_the_last_day():
    tables = make_tables()
    run = {**tables.run, "corpus": {**tables.run["corpus"], "sources": []}}
    found = digest(open_tables(dataclasses.replace(tables, run=run)), since="30d")
    latest = tables.papers["published"].max().date()
    assert found.news.captured is None
    assert (found.news.until, found.news.since) == (latest, latest - dt.timedelta(days=29))
    assert any("does not say when its papers were captured" in note for note in found.bulletin.notes)


def test_a_span_beyond_the_capture_is_called_incomplete():
    found = digest(make_news(), since="2024-12-01", until="2025-03-31")
    assert (
        "The span is not complete: the collection was captured on 2024-12-31, and ends there." in found.bulletin.notes
    )


def test_the_library_gives_it_at_its_front_door():
    assert tl.digest is digest


def test_the_command_writes_one_file_of_the_kind_that_its_name_says(themeline, small_study, tmp_path):
    for kind in ("eml", "html", "txt", "json"):
        out = tmp_path / "new" / f"news.{kind}"
        answer = themeline("digest", small_study.root, "--since", "2022-01-01", "--out", out, "--to", "ada@example.org")
        assert (answer.code, answer.err) == (0, "")
        assert [path.name for path in out.parent.glob(f"*.{kind}")] == [out.name]
    assert b"\r\nTo: ada@example.org\r\n" in b"\r\n" + (tmp_path / "new/news.eml").read_bytes()
    assert json.loads((tmp_path / "new/news.json").read_text(encoding="utf-8"))["since"] == "2022-01-01"


def test_the_command_fills_a_folder_or_prints_and_leaves_the_study_alone(themeline, small_study, tmp_path):
    before = {path: path.stat().st_mtime_ns for path in small_study.root.rglob("*")}
    answer = themeline("digest", small_study.root, "--since", "2022-01-01", "--out", tmp_path / "out")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        f"digest-2022-01-01.{kind}" for kind in ("eml", "html", "txt", "json")
    }
    printed = themeline("digest", small_study.root, "--since", "2022-01-01")
    assert printed.out == (tmp_path / "out/digest-2022-01-01.txt").read_text(encoding="utf-8")
    told = json.loads(themeline("digest", small_study.root, "--since", "2022-01-01", "--json").out)
    assert told["counts"]["new"] == sum(theme["n_new"] for theme in told["themes"])
    assert answer.code == 0
    assert {path: path.stat().st_mtime_ns for path in small_study.root.rglob("*")} == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--since", "soon"], "--since 'soon': this is no day"),
        (["--since", "2022-02-30"], "--since '2022-02-30': this is no day"),
        (["--since", "2022-01-02", "--until", "2022-01-01"], "--until 2022-01-01 lies before --since 2022-01-02"),
        (["--since", "2022-01-01", "--top", "-1"], "top = -1 is not allowed"),
        (["--since", "2022-01-01", "--out", "news.pdf"], r"news.pdf: '.pdf' is none of .eml, .html, .txt and .json"),
        (["--since", "2022-01-01", "--to", "a@b.org\nBcc: c@d.org"], "--to 'a@b.org Bcc: c@d.org': it holds line"),
        (["--since", "2022-01-01", "--from", "nobody"], "--from 'nobody': this is no address"),
    ],
)
def test_what_is_at_fault_is_said_in_one_message(themeline, small_study, tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    answer = themeline("digest", small_study.root, *arguments)
    assert answer.code == 2
    assert answer.message.startswith(message)
    assert not list(tmp_path.iterdir())
