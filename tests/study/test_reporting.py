"""Reports of a study from the command line: formats, single themes, folders, templates."""

from __future__ import annotations

import pytest

from analysis.study import check, load, make_report, run
from tests.conftest import make_papers, read_files, write_study

pytestmark = pytest.mark.usefixtures("no_browser")


@pytest.fixture(scope="module")
def theme(small_study):
    return small_study.themes.loc[small_study.themes["size"] > 0, ["theme", "label"]].iloc[0]


def test_the_report_comes_in_every_format_and_passes_the_check(own_study, themeline, theme):
    answer = themeline("report", own_study, "--format", "json, xlsx,bibtex,ris,pdf")
    assert answer.code == 0
    assert "The report as PDF was left out: no Chrome or Chromium was found." in answer.err
    reports = own_study / "figures/reports"
    assert {"report.json", "report.xlsx", "report.html", "papers.csv"} <= {path.name for path in reports.iterdir()}
    assert (reports / f"themes/{theme['theme']}.bib").exists()
    assert check(own_study) == []


def test_a_report_on_one_theme_is_asked_for_by_id_or_label(own_study, themeline, theme):
    for name in (theme["theme"], theme["label"].upper()):
        assert themeline("report", own_study, "--theme", name, "--format", "md,json").code == 0
    names = {path.name for path in (own_study / "figures/reports/themes").iterdir()}
    assert names == {f"{theme['theme']}.md", f"{theme['theme']}.json"}
    assert check(own_study) == []
    (own_study / f"figures/reports/themes/{theme['theme']}.md").write_text("changed", encoding="utf-8")
    assert check(own_study) == [f"figures/reports/themes/{theme['theme']}.md: not what the tables give"]


def test_the_next_run_takes_away_what_was_asked_for_by_hand(own_study, themeline, theme):
    assert themeline("report", own_study, "--theme", theme["theme"], "--format", "md").code == 0
    assert themeline("figures", own_study).code == 0
    assert not (own_study / f"figures/reports/themes/{theme['theme']}.md").exists()
    assert check(own_study) == []


def test_reports_elsewhere_leave_the_study_and_other_files_alone(own_study, themeline, theme, tmp_path):
    before, out = read_files(own_study), tmp_path / "desk"
    out.mkdir()
    (out / "mine.txt").write_text("mine", encoding="utf-8")
    assert themeline("report", own_study, "--format", "md,csv,ris", "--out", out).code == 0
    assert themeline("report", own_study, "--theme", theme["theme"], "--format", "csv,bibtex", "--out", out).code == 0
    names = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    slug = theme["theme"]
    assert {"mine.txt", "report.md", "papers.csv", f"themes/{slug}.ris", f"{slug}.bib", f"{slug}/papers.csv"} <= names
    assert not [name for name in names if name.startswith(".")]
    assert read_files(own_study) == before
    # Nothing lies beside it to be shown.
    assert "../" not in (out / "report.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--format", "docx"], "format: not known: docx. Choose of html, md, pdf, xlsx, csv, json, bibtex, ris."),
        (["--format", ","], "format: not known: nothing given."),
        (["--theme", "robtics", "--format", "md"], "theme: this study has no 'robtics'."),
    ],
)
def test_a_report_that_cannot_be_is_refused_and_nothing_changes(own_study, themeline, arguments, message):
    before = read_files(own_study)
    answer = themeline("report", own_study, *arguments)
    assert answer.code == 2
    assert answer.message.startswith(message)
    assert read_files(own_study) == before


def test_a_file_in_the_way_of_a_folder_is_refused(own_study, themeline, tmp_path):
    (tmp_path / "taken").write_text("mine", encoding="utf-8")
    assert "this is a file" in themeline("report", own_study, "--out", tmp_path / "taken").message


def add_templates(study, **texts):
    folder = study / "mine"
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")
    settings = (study / "study.toml").read_text(encoding="utf-8")
    (study / "study.toml").write_text(
        settings + '[report]\ntemplates = "mine"\nformats = ["md", "ris"]\n', encoding="utf-8"
    )


def test_templates_lie_beside_the_settings(own_study, tmp_path, monkeypatch):
    add_templates(own_study, report__md__j2="Mine: {{ report.title }}")
    monkeypatch.chdir(tmp_path)
    make_report(own_study, formats=["md"])
    assert (own_study / "figures/reports/report.md").read_text(encoding="utf-8").startswith("Mine: ")
    assert not [fault for fault in check(own_study) if "report.md" in fault]
    (own_study / "mine/report.md.j2").write_text("Other", encoding="utf-8")
    assert "figures/reports/report.md: not what the tables give" in check(own_study)


def test_a_damaged_template_stops_a_run_before_it_reads_a_paper(tmp_path, themeline):
    study = write_study(tmp_path / "study", [])
    add_templates(study, report__html__j2="{% if %}")
    answer = themeline("run", study)
    assert answer.code == 2
    assert answer.message.startswith(f"{study}/mine/report.html.j2, line 1: this template is at fault")
    assert not (study / "data").exists()


def test_a_study_made_elsewhere_still_finds_its_templates(tmp_path):
    study = write_study(tmp_path / "a/study", make_papers(4), n_alternatives=0)
    add_templates(study, report__md__j2="Mine")
    made = run(study / "study.toml", out=tmp_path / "b")
    assert load(tmp_path / "b").place.config.report.templates == "../a/study/mine"
    reports = made.root / "figures/reports"
    assert (reports / "report.md").read_text(encoding="utf-8") == "Mine\n"
    assert {path.suffix for path in reports.rglob("*.*")} == {".md", ".ris"}
    assert check(made.root) == []


def test_a_changed_template_is_a_change_of_the_study(own_study):
    add_templates(own_study, report__md__j2="Mine")
    run(own_study)
    told: list[str] = []
    run(own_study, say=told.append)
    assert "nothing has changed" in told[0]
    (own_study / "mine/report.md.j2").write_text("Yours", encoding="utf-8")
    run(own_study, say=told.append)
    assert (own_study / "figures/reports/report.md").read_text(encoding="utf-8") == "Yours\n"
