"""What a report says of the period by which papers are counted, and of papers in none."""

import dataclasses

import pytest

from analysis.plots import FIGURES
from analysis.reports import render_report
from analysis.trends import share_by_period
from tests.made_study import make_tables
from tests.reports.rendered import CONFIG

# They name the period in words of their own.
DRAWN = ("theme-shares", "theme-heatmap", "papers-per-period")


def write(period, reason, *, drawn=()):
    """The report of sixty papers, two of them undated and one more dated to its year."""
    tables = make_tables()
    papers = tables.papers.copy()
    papers.loc[3, "published_precision"] = "year"
    dated = papers[["published", "published_precision", "theme"]]
    shares = share_by_period(dated, period=period)
    run = tables.run | {"period": {"period": period, "reason": reason}}
    told = dataclasses.replace(tables, papers=papers, shares=shares, run=run)
    figures = {name: FIGURES[name](told, "") for name in drawn}
    return " ".join(render_report(told, figures, formats=["md"], config=CONFIG)["report.md"].split())


@pytest.mark.parametrize(("period", "unit"), [("week", "week"), ("half", "half-year")])
def test_the_period_is_said_once_and_in_words(period, unit):
    text = write(period, f"Counted by {unit}, as the study sets it.", drawn=DRAWN if period == "half" else ())
    assert f"Counted by {unit}, as the study sets it." in text
    assert "Papers are counted by" not in text
    # A reason that leaves the period out gets it in front.
    assert f"Papers are counted by {unit}. For want of papers." in write(period, "For want of papers.")
    assert "by half." not in text


def test_papers_in_no_period_are_counted_by_kind():
    said = "2 undated papers and 1 paper dated too coarsely for one half-year."
    assert f"In no half-year: {said}" in write("half", "Counted by half-year, as the study sets it.")
    text = write("year", "Counted by year, as the study sets it.")
    assert "In no year: 2 undated papers." in text
    assert "too coarsely" not in text
