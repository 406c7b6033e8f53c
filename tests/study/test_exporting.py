import shutil

import pandas as pd
import pytest

from analysis.config import InputError
from analysis.corpus import read_corpus
from analysis.corpus.exporting import EXPORTS
from analysis.study import export_papers


@pytest.fixture
def study(small_study, tmp_path):
    """A copy that may be written into."""
    return shutil.copytree(small_study.root, tmp_path / "study")


def test_every_theme_and_the_whole_are_written_in_every_format(small_study, study):
    written = export_papers(study)
    themes = [
        theme for theme, size in zip(small_study.themes["theme"], small_study.themes["size"], strict=True) if size
    ]
    names = ["papers", *(f"themes/{theme}" for theme in themes)]
    expected = {f"{name}{form.suffix}" for name in names for form in EXPORTS.values()}
    assert {path.relative_to(study / "exports").as_posix() for path in written} == expected


@pytest.mark.parametrize("form", EXPORTS)
def test_what_is_exported_is_the_same_corpus_again(small_study, study, form):
    (path, *_) = export_papers(study, formats=[form])
    again = read_corpus(path).papers
    papers = small_study.papers
    for name in ("paper_id", "title", "abstract", "published", "published_end", "published_precision", "source"):
        pd.testing.assert_series_equal(again[name], papers[name], check_dtype=False)


@pytest.mark.parametrize("form", EXPORTS)
def test_the_files_of_the_themes_hold_every_paper_once(small_study, study, form):
    paths = [path for path in export_papers(study, formats=[form]) if path.parent.name == "themes"]
    parts = {path.stem: set(read_corpus(path).papers["paper_id"]) for path in paths}
    told = small_study.papers.groupby("theme")["paper_id"].agg(set).to_dict()
    assert parts == told


def test_one_theme_is_asked_for_by_id_or_label(small_study, study, tmp_path):
    theme, label = small_study.themes.loc[small_study.themes["size"].idxmax(), ["theme", "label"]]
    for name in (theme, label.upper()):
        (path,) = export_papers(study, out=tmp_path / "out", formats=["csv"], themes=[name])
        assert path == tmp_path / f"out/themes/{theme}.csv"


def test_what_is_not_there_is_refused_before_anything_is_written(study):
    with pytest.raises(InputError, match=r"format: not known: docx. Choose of bibtex, ris"):
        export_papers(study, formats=["csv", "docx"])
    with pytest.raises(InputError, match=r"theme: this study has no 'nothing of the kind'"):
        export_papers(study, themes=["nothing of the kind"])
    assert not (study / "exports").exists()


def test_the_command_says_what_it_wrote(themeline, study):
    answer = themeline("export", study, "--format", "ris, csv", "--out", study / "out")
    assert answer.code == 0
    assert answer.out.splitlines()[:2] == [str(study / "out/papers.ris"), str(study / "out/papers.csv")]
    assert themeline("export", study, "--format", "docx").message.startswith("format: not known: docx")
