"""Figures over time by every calendar period, and what they say of papers in none."""

from itertools import pairwise

import pandas as pd
import pytest

from analysis.plots import papers_per_period, theme_share_heatmap, theme_shares
from analysis.plots.periods import choose_ticks, grid_shares, label_ticks
from analysis.trends import share_by_period

THEMES = ("robotics", "alignment")
# Three undated papers, and two dated to a year: too coarse for all but a year.
APART = (None, None, None, "2024", "2024")


def make_shares(first, last, period, *, step="3D", apart=()):
    days = pd.date_range(first, last, freq=step).strftime("%Y-%m-%d").tolist()
    dates = [*days, *apart]
    themes = [THEMES[i % 3 % 2] for i in range(len(dates))]
    return share_by_period(pd.DataFrame({"published": dates, "theme": themes}), period=period)


def notes_of(figure):
    lines = [figure.layout.meta["alt"], *(one.text for one in figure.layout.annotations)]
    return " ".join(" ".join(lines).replace("<br>", " ").split())


def titles_of(figure):
    """Heads of the figure: what it shows, per week, month, ..."""
    return [one.text for one in figure.layout.annotations if one.text.startswith(("<b>Share of", "<b>Papers per"))]


@pytest.mark.parametrize(
    ("period", "unit", "first", "last", "labels"),
    [
        ("week", "week", "2024-12-16", "2025-01-12", ["2024-W51", "2024-W52", "2025-W01", "2025-W02"]),
        ("week", "week", "2020-12-21", "2021-01-10", ["2020-W52", "2020-W53", "2021-W01"]),
        ("month", "month", "2023-12-01", "2024-02-29", ["2023-12", "2024-01", "2024-02"]),
        ("month", "month", "2023-02-01", "2023-02-28", ["2023-02"]),
        ("quarter", "quarter", "2023-12-01", "2024-06-30", ["2023 Q4", "2024 Q1", "2024 Q2"]),
        ("half", "half-year", "2023-12-01", "2024-12-31", ["2023 H2", "2024 H1", "2024 H2"]),
        ("half", "half-year", "2023-01-01", "2023-06-30", ["2023 H1"]),
        ("year", "year", "2023-12-01", "2024-12-31", ["2023", "2024"]),
    ],
)
def test_periods_are_named_by_the_calendar(period, unit, first, last, labels):
    grid = grid_shares(make_shares(first, last, period))
    assert grid.periods["label"].tolist() == labels
    assert grid.unit == unit


@pytest.mark.parametrize(("period", "last"), [("week", "2027-02-01"), ("half", "2035-02-01")])
def test_no_two_periods_share_a_label(period, last):
    labels = grid_shares(make_shares("2019-12-30", last, period)).periods["label"]
    assert labels.is_unique
    assert labels.is_monotonic_increasing


def test_ticks_stand_at_the_turns_of_years():
    weeks = grid_shares(make_shares("2022-06-01", "2025-06-30", "week")).periods["label"].tolist()
    ticks = choose_ticks(weeks, 8)
    assert [weeks[i] for i in ticks] == ["2023-W01", "2024-W01", "2025-W01"]
    assert label_ticks(weeks, ticks) == ["2023", "2024", "2025"]
    halves = grid_shares(make_shares("2015-09-01", "2024-02-01", "half", step="9D")).periods["label"].tolist()
    ticks = choose_ticks(halves, 6)
    assert [halves[i] for i in ticks] == ["2016 H1", "2018 H1", "2020 H1", "2022 H1", "2024 H1"]


def test_ticks_within_one_year_are_spaced_evenly_and_say_the_period():
    weeks = grid_shares(make_shares("2024-11-04", "2025-02-23", "week")).periods["label"].tolist()
    ticks = choose_ticks(weeks, 8)
    assert label_ticks(weeks, ticks) == [weeks[i].replace("-", "<br>") for i in ticks]
    assert len(ticks) == 8
    assert weeks.index("2025-W01") in ticks
    assert len({j - i for i, j in pairwise(ticks)}) == 1


@pytest.mark.parametrize(("period", "unit"), [("week", "week"), ("half", "half-year")])
def test_captions_tell_the_undated_from_the_too_coarsely_dated(period, unit):
    shares = make_shares("2024-01-01", "2025-12-31", period, apart=APART)
    apart = f"3 undated papers and 2 papers dated too coarsely for one {unit}."
    assert f"In no {unit}: {apart}" in notes_of(theme_shares(shares))
    assert f"In no {unit}: {apart}" in notes_of(theme_share_heatmap(shares))
    assert f"Not shown: {apart}" in notes_of(papers_per_period(shares))
    for figure in (theme_shares(shares), theme_share_heatmap(shares), papers_per_period(shares)):
        assert f" {unit}" in titles_of(figure)[0]


def test_a_year_takes_in_papers_dated_to_the_year():
    grid = grid_shares(make_shares("2024-01-01", "2025-12-31", "year", apart=APART))
    assert (grid.n_undated, grid.n_coarse) == (3, 0)


def test_one_period_counts_apart_what_lies_in_none():
    shares = make_shares("2024-01-01", "2024-06-30", "half", apart=APART[2:])
    said = notes_of(theme_shares(shares))
    assert "in 2024 H1" in said
    assert "Not counted: 1 undated paper and 2 papers dated too coarsely for one half-year." in said


def test_dates_too_coarse_for_any_period_are_not_called_missing():
    shares = share_by_period(pd.DataFrame({"published": ["2024", "2024", None], "theme": "robotics"}), period="week")
    for draw in (theme_shares, theme_share_heatmap, papers_per_period):
        said = notes_of(draw(shares))
        assert "No paper has a date that falls in one period" in said
        assert "1 undated paper and 2 papers dated too coarsely for one period" in said
        assert "year" not in said
