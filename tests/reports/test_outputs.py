"""Everything written at once, while a browser draws: the same files as step by step."""

from __future__ import annotations

import pytest

from analysis.config import parse_config
from analysis.reports import (
    count_pictures,
    export,
    find_browser,
    render_figures,
    write_figures,
    write_outputs,
    write_report,
)
from analysis.reports import figures as figure_files
from analysis.reports import tables as flat_files
from analysis.reports.figures import NO_BROWSER, Pictures
from analysis.reports.tables import FLAT, flatten_tables, write_flat
from tests.made_study import make_tables, with_hostile_text, without_dates
from tests.reports.rendered import draw_figures


def read_folder(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def few_figures(monkeypatch):
    names = ("paper-map", "theme-sizes", "trend-table")
    monkeypatch.setattr(export, "FIGURES", {name: export.FIGURES[name] for name in names})


@pytest.mark.usefixtures("few_figures")
def test_all_at_once_gives_the_files_of_step_by_step(tmp_path):
    tables, config = make_tables(), parse_config({"figures": {"formats": ["html"]}})
    drawn, notes = write_outputs(tables, tmp_path / "one", config=config)
    figures = render_figures(tables, config)
    write_figures(figures, tmp_path / "two", formats=["html"])
    write_report(tables, tmp_path / "two/reports", formats=config.report.formats, config=config)
    assert read_folder(tmp_path / "one") == read_folder(tmp_path / "two")
    assert list(drawn) == list(figures)
    assert notes == []


@pytest.mark.usefixtures("few_figures")
def test_without_a_browser_all_at_once_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(figure_files, "find_browser", lambda: None)
    _, notes = write_outputs(make_tables(), tmp_path, config=parse_config({}))
    assert notes == [NO_BROWSER]
    assert (tmp_path / "reports/report.html").exists()


def test_a_browser_that_does_not_start_hinders_no_page(tmp_path, monkeypatch):
    broken = tmp_path / "browser"
    broken.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    broken.chmod(0o755)
    monkeypatch.setattr(figure_files, "find_browser", lambda: str(broken))
    with Pictures(tmp_path, ["png"]) as pictures:
        pictures.add("paper-map", draw_figures("sixty papers")["paper-map"])
    assert str(broken) in pictures.notes[0]
    assert pictures.notes[-1] == "Left out: paper-map.png."


@pytest.mark.usefixtures("few_figures")
@pytest.mark.skipif(find_browser() is None, reason="needs a Chrome or Chromium")
def test_each_picture_that_is_done_is_told_once(tmp_path):
    told, config = [], parse_config({"figures": {"formats": ["png", "svg"]}, "report": {"formats": ["md"]}})
    write_outputs(make_tables(), tmp_path, config=config, on_drawn=told.append)
    pictures = [path for path in tmp_path.iterdir() if path.suffix in (".png", ".svg")]
    assert sum(told) == len(pictures) == count_pictures(make_tables(), config) == 6


def draw_and_fail(folder):
    figure = draw_figures("sixty papers")["theme-shares"]
    with Pictures(folder, ["png", "svg"]) as pictures:
        for i in range(400):
            pictures.add(f"figure-{i}", figure)
        raise KeyError("at fault")


@pytest.mark.skipif(find_browser() is None, reason="needs a Chrome or Chromium")
def test_a_fault_while_drawing_does_not_wait_for_the_pictures(tmp_path):
    with pytest.raises(KeyError, match="at fault"):
        draw_and_fail(tmp_path)
    # What the browser had begun comes to its end; the rest of the 800 is not begun.
    assert len(list(tmp_path.iterdir())) < 100


MADE = [make_tables, lambda: with_hostile_text(make_tables()), lambda: without_dates(make_tables())]


@pytest.mark.parametrize("make", MADE)
def test_csv_files_written_in_blocks_are_those_made_whole(tmp_path, monkeypatch, make):
    tables = make()
    whole = flatten_tables(tables)
    monkeypatch.setattr(flat_files, "_BLOCK", 7)
    write_flat(tables, tmp_path)
    assert read_folder(tmp_path) == {f"{name}.csv": whole[name].encode("utf-8") for name in FLAT}
