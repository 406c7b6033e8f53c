"""What is said of the sources in a later run is kept where nobody has edited the study file."""

import pytest

from analysis.study.places import plan_study
from tests.conftest import make_papers, write_study

COLUMNS = {"published": "When"}


@pytest.fixture
def table(tmp_path, monkeypatch):
    """A table whose dates are in a column that nobody would take for one, and its study as the first run writes it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.csv").write_text("title,abstract,When\nOne,A text.,2024-03-01\n", encoding="utf-8")
    (tmp_path / "mine-themeline").mkdir()
    study = tmp_path / "mine-themeline/study.toml"
    study.write_text(plan_study(("mine.csv",)).toml, encoding="utf-8")
    return study


@pytest.mark.parametrize("target", ["mine.csv", "mine-themeline"])
def test_columns_that_are_named_later_go_into_the_study_file(target, table):
    place = plan_study((target,), columns=COLUMNS)
    assert place.config.corpus.columns == COLUMNS
    table.write_text(place.toml, encoding="utf-8")
    again = plan_study((target,))
    assert (again.config.corpus.columns, again.toml) == (COLUMNS, None)


def test_the_day_of_capture_joins_what_was_said_before(table):
    table.write_text(plan_study(("mine.csv",), columns=COLUMNS).toml, encoding="utf-8")
    place = plan_study(("mine.csv",), captured="2024-05-06")
    assert 'captured = 2024-05-06\ncolumns = {"published" = "When"}\n' in place.toml


def test_a_study_file_that_was_edited_is_left_as_it_is(table):
    table.write_text(f"{table.read_text(encoding='utf-8')}# mine\n", encoding="utf-8")
    place = plan_study(("mine.csv",), columns=COLUMNS)
    assert (place.config.corpus.columns, place.toml) == (COLUMNS, None)


def test_a_copy_of_a_study_keeps_its_own_corrections(tmp_path):
    folder = write_study(tmp_path / "one", make_papers(3))
    (folder / "curation.toml").write_text("# none yet\n", encoding="utf-8")
    assert plan_study((folder,), out=tmp_path / "two").toml is not None
    (tmp_path / "two").mkdir()
    (tmp_path / "two/study.toml").write_text(plan_study((folder,), out=tmp_path / "two").toml, encoding="utf-8")
    assert plan_study((folder,), out=tmp_path / "two", captured="2024-05-06").curated is None
