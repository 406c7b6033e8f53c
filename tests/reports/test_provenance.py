"""Where the papers come from: table, figure and report give the same numbers, and they add up."""

import dataclasses
import re

import pandas as pd
import pytest

from analysis.config import parse_config
from analysis.plots import FIGURES, has_data
from analysis.reports import render_report
from analysis.reports.provenance import describe_provenance
from tests.made_provenance import make_crowded
from tests.made_study import make_tables, with_hostile_text, without_dates

CONFIG = parse_config({})
EMPTY = ("merges", "near_duplicates", "date_audit", "date_conflicts", "ledger", "set_aside")


def write(tables, kind):
    figures = {"ledger": FIGURES["ledger"](tables, "")} if has_data("ledger", tables) else {}
    return render_report(tables, figures, formats=[kind], config=CONFIG)[f"report.{kind}"]


def section(text, kind):
    """The section, without the specification of its figure."""
    start, end = (
        ('<h2 id="origin">', '<h2 id="left-out">') if kind == "html" else ("\n## Where the", "\n## What is left")
    )
    return re.sub(r"(?s)<script.*?</script>", "", text[text.index(start) : text.index(end)])


def emptied(tables):
    return dataclasses.replace(tables, **{name: getattr(tables, name).iloc[:0] for name in EMPTY}, run={})


def number(text):
    return int(text.replace(",", ""))


@pytest.mark.parametrize("make", [make_tables, lambda: make_crowded(make_tables())], ids=["one source", "31 sources"])
def test_table_and_sentence_give_the_ledger_and_add_up(make):
    tables = make()
    found = describe_provenance(tables)
    totals = tables.ledger.groupby("stage")["n_records"].sum()
    in_all = {row["stage"]: number(row["n_records"]) for row in found.flow if row["what"] == "in all"}
    assert in_all == {
        "Read": totals["read"],
        "Merged with another": totals["merged"],
        "Set aside": totals["set_aside"],
        "Kept": totals["kept"],
    }
    for stage, total in in_all.items():
        parts = [number(row["n_records"]) for row in found.flow if row["stage"] == stage and row["what"] != "in all"]
        assert sum(parts) == total
    assert in_all["Read"] == in_all["Merged with another"] + in_all["Set aside"] + in_all["Kept"]
    assert f"{totals['read']:,} records were read" in found.sentences[0]
    assert f"{totals['kept']:,} kept" in found.sentences[0]
    assert "does not add up" not in found.sentences[0]


def test_an_account_that_does_not_add_up_is_told():
    tables = make_tables()
    lossy = tables.ledger[tables.ledger["reason"] != "no abstract"]
    told = describe_provenance(dataclasses.replace(tables, ledger=lossy)).sentences[0]
    assert told.endswith("This account does not add up: 1 record too few.")


@pytest.mark.parametrize("kind", ["html", "md"])
def test_both_reports_say_all_parts(kind):
    text = section(write(make_tables(), kind), kind)
    for words in (
        "63 records were read: 1 merged with another, 2 set aside, 60 kept.",
        "Languages, as ISO 639-1 codes: en 58, de 1 and unknown 1.",
        "3 papers have no abstract",
        "day shown on a list",
        "month of the arXiv id",
        "daily.txt, card 40",
        "nearly the same text",
        "not a paper: an advertisement",
        "the year was inferred from the capture date",
        "ab" * 32,
    ):
        assert words in text, words


@pytest.mark.parametrize("kind", ["html", "md"])
def test_a_source_says_what_became_of_its_records(kind):
    row = describe_provenance(make_tables()).sources[0]
    assert [row[name] for name in ("n_read", "merged", "set_aside", "kept")] == ["63", "1", "2", "60"]
    # The records of a file may name another source than the file: then it is not known.
    tables = make_tables()
    ledger = tables.ledger.assign(source=tables.ledger["source"].where(tables.ledger["stage"] == "read", "older.csv"))
    row = describe_provenance(dataclasses.replace(tables, ledger=ledger)).sources[0]
    assert {row[name] for name in ("merged", "set_aside", "kept")} == {"–"}  # noqa: RUF001
    assert "None" not in section(write(tables, kind), kind)


@pytest.mark.parametrize("kind", ["html", "md"])
def test_an_experimental_reader_is_told(kind):
    tables = make_tables()
    assert "xperimental" not in section(write(tables, kind), kind)
    sources = [{**tables.run["corpus"]["sources"][0], "experimental": True}]
    tried = dataclasses.replace(tables, run={**tables.run, "corpus": {**tables.run["corpus"], "sources": sources}})
    text = section(write(tried, kind), kind)
    assert "Daily Papers listing (experimental)" in text
    assert "Experimental: the reading of Daily Papers listing follows" in text


@pytest.mark.parametrize("kind", ["html", "md"])
def test_a_paper_with_a_title_alone_is_marked_where_it_is_listed(kind):
    tables = make_tables()
    papers = tables.papers.assign(title_only=tables.papers["paper_id"] == "p001")
    text = write(dataclasses.replace(tables, papers=papers), kind)
    assert len(re.findall(r"part 1\b[^\n]*\(\d{4}-\d\d-\d\d, title only\)", text)) >= 1
    assert not re.search(r"part 2\b[^\n]*title only\)", text)


def test_placed_papers_and_their_lineage_are_told():
    tables = make_tables()
    assert describe_provenance(tables).placed == []
    placed = tables.papers["paper_id"].isin(["p001", "p002"])
    run = {
        **tables.run,
        "lineage": [
            {"how": "fitted", "sources": ["daily.txt"], "n_papers": 58},
            {"how": "placed", "sources": ["new.ris", "b.bib"], "n_papers": 2},
        ],
        "placement": {"sentences": ["The new papers are like the old ones."], "auc": 0.5},
    }
    added = dataclasses.replace(tables, papers=tables.papers.assign(placed=placed), run=run)
    assert describe_provenance(added).placed == [
        "58 papers from daily.txt were part of the fit.",
        "2 papers from new.ris and b.bib were placed by the fitted model.",
        "2 papers of 60 are marked “placed”: such papers bear themes, but had no part in making them.",
        "The new papers are like the old ones.",
    ]
    assert re.search(r"part 1\b[^\n]*\(\d{4}-\d\d-\d\d, placed\)", write(added, "md"))


def test_long_lists_are_cut_and_say_where_the_rest_stands():
    found = describe_provenance(make_crowded(make_tables()))
    assert [len(rows) for rows in (found.merges, found.alike, found.conflicts)] == [20] * 3
    assert found.more["alike"] == "25 more pairs: see near_duplicates.csv."
    assert found.more["notes"] == "40 more notes: see data/results/run.json."
    assert found.more["set_aside"] == ""
    similarities = [float(row["similarity"]) for row in found.alike]
    assert similarities == sorted(similarities, reverse=True)
    assert similarities[0] == pytest.approx(44 / 45, abs=0.005)


def test_a_paper_without_a_date_has_no_span_in_the_audit():
    rows = describe_provenance(without_dates(make_tables())).dates
    assert [(row["kind"], row["precision"], row["year"], row["span"], row["n_papers"]) for row in rows] == [
        ("no date", "", "", "", "60")
    ]


@pytest.mark.parametrize("kind", ["html", "md"])
def test_empty_tables_are_said_and_not_drawn(kind):
    text = section(write(emptied(make_tables()), kind), kind)
    for words in (
        "No record was set aside.",
        "No record was merged with another.",
        "No two papers are much alike.",
        "No date is contradicted by another witness.",
    ):
        assert words in text
    assert "The ledger" not in text
    assert "Records merged" not in text
    assert not re.search(r"\b(nan|NaN|NaT|None|<NA>)\b", text)


@pytest.mark.parametrize("kind", ["html", "md"])
def test_names_reasons_and_notes_stay_text(kind):
    text = section(write(make_crowded(with_hostile_text(make_tables())), kind), kind)
    assert "<script" not in text
    assert "\u202e" not in text
    assert "](javascript" not in text.replace("\\](javascript&#58;", "") or kind == "html"
    if kind == "md":
        tables = [block.splitlines() for block in text.split("\n\n") if block.startswith("| ")]
        assert len(tables) == 7
        for head, *rows in tables:
            assert {row.replace("\\|", "").count("|") for row in rows} == {head.count("|")}


def test_languages_that_nobody_knows_are_not_listed():
    tables = make_tables()
    unknown = tables.papers.assign(language=pd.Series([None] * len(tables.papers), dtype="str"))
    told = " ".join(describe_provenance(dataclasses.replace(tables, papers=unknown)).sentences)
    assert "Languages" not in told


def test_pairs_that_nobody_looked_for_are_not_said_to_be_absent():
    tables = make_tables()
    run = {"config": {"corpus": {"near_duplicates": False}}}
    bare = dataclasses.replace(tables, near_duplicates=tables.near_duplicates.iloc[:0], run=run)
    told = " ".join(describe_provenance(bare).sentences)
    assert "Papers much alike were not looked for" in told
    assert "No two papers" not in told
