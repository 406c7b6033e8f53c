"""Totals of the field: read before anything slow, found from any folder, told in the record."""

import json

import pytest

from analysis.study import check, load, make_figures, run
from tests.conftest import make_papers, write_study

SETTINGS = "[trends]\nperiod = 'year'\nfield_totals = '../field/totals.csv'\n"
TOTALS = "period,total\n" + "".join(f"{year},{100 * (year - 2016)}\n" for year in range(2015, 2026))


def lay_out(folder, totals=TOTALS, settings=SETTINGS):
    if totals is not None:
        (folder / "field").mkdir(parents=True)
        (folder / "field" / "totals.csv").write_text(totals.replace("-100", "1").replace("2016,0", "2016,1"))
    return write_study(folder / "study", make_papers(12), settings=settings)


@pytest.fixture
def no_themes(monkeypatch):
    """Fail where the slow half begins."""

    def refuse(*_, **__):
        raise AssertionError("the slow half has begun")

    monkeypatch.setattr("analysis.themes.build_themes", refuse)


def test_rates_are_counted_and_told(tmp_path):
    study = run(lay_out(tmp_path))
    rates = study.rates
    assert set(rates["theme"]) == set(study.shares["theme"])
    known = rates[rates["rate"].notna()]
    # The first and the last year are not covered to their ends.
    assert sorted(known["period"].dt.year.unique()) == [2019, 2020, 2021, 2022]
    assert (known["rate"] == 1000 * known["count"] / known["field_total"]).all()
    assert study.run["field"] == (
        "In the 4 complete periods that have a total in totals.csv, the collection holds 8 of the field's 1,800 papers "
        "(4.44 per 1,000)."
    )
    assert study.run["field_totals"]["name"] == study.run["config"]["trends"]["field_totals"] == "totals.csv"
    assert len(study.run["field_totals"]["sha256"]) == 64


def test_figures_need_the_tables_and_not_the_totals(tmp_path):
    folder = lay_out(tmp_path)
    run(folder)
    (tmp_path / "field" / "totals.csv").unlink()
    assert len(load(folder).rates)
    assert len(make_figures(folder).rates)
    assert check(folder) == []


def test_another_folder_still_finds_them(tmp_path):
    study = run(lay_out(tmp_path), out=tmp_path / "far" / "away")
    assert len(study.rates)
    text = (tmp_path / "far" / "away" / "study.toml").read_text()
    assert json.loads(text.split("field_totals = ")[1].splitlines()[0]) == "../../field/totals.csv"
    assert len(run(tmp_path / "far" / "away").rates)


def test_without_totals_there_are_no_rates(small_study):
    assert small_study.rates.empty
    assert small_study.run["field"] == ""
    assert "field_totals" not in small_study.run


@pytest.mark.parametrize(
    ("totals", "words"),
    [
        (None, "totals.csv: there is no such file"),
        ("", "totals.csv: it cannot be read as CSV"),
        ("month,total\n2019,5\n", "totals.csv: the columns period are missing. Found: month, total"),
        ("period,total\nsoon,5\n", "1 period(s) cannot be read (row 1: 'soon')"),
        ("period,total\n2019,5\n2020,5\n", "no total for 2 period(s) (2021-01-01, 2022-01-01)"),
        (TOTALS + "2021-02,9\n", "1 period(s) begin within a year (2021-02-01)"),
        (TOTALS.replace("2019,300", "2019,1"), "2019-01-01: 1 below 2 of the collection"),
    ],
)
def test_totals_at_fault_are_refused_before_anything_slow(tmp_path, themeline, no_themes, totals, words):
    folder = lay_out(tmp_path, totals)
    before = sorted(path.name for path in folder.rglob("*"))
    answer = themeline("run", folder)
    assert answer.code == 2
    assert words in answer.message
    assert sorted(path.name for path in folder.rglob("*") if ".themeline" not in path.parts) == before


def test_a_path_that_is_none_is_refused(tmp_path, themeline, no_themes):
    folder = lay_out(tmp_path, settings='[trends]\nfield_totals = "a\\u0000b"\n')
    answer = themeline("run", folder)
    assert answer.code == 2
    assert "cannot be read as CSV" in answer.message
    assert themeline("run", lay_out(tmp_path / "2", settings='[trends]\nfield_totals = "."\n')).code == 2
