"""What cannot be run ends in one clear message, exit code 2, and nothing written."""

import errno
import gzip

import numpy as np
import pytest

from analysis.study import run
from tests.conftest import QUICK, forget_run, make_papers, read_files, write_jsonl, write_study

HEADER_ONLY = "Daily Papers\nby AK and the research community\nOct 17\n"


def refused(answer, *parts):
    """One message, on stderr, in one piece."""
    assert answer.code == 2, answer
    assert answer.out == ""
    assert answer.err.count("themeline: ") == 1
    assert answer.err.startswith("themeline: ")
    for part in parts:
        assert part in answer.message
    return True


@pytest.mark.parametrize(
    ("name", "content", "parts"),
    [
        ("gone.csv", None, ["gone.csv: no such file", "Check the name"]),
        ("empty.csv", b"", ["empty.csv: the file is empty"]),
        ("binary.csv", bytes(range(256)) * 9, ["binary.csv: this looks like a binary file"]),
        ("paper.pdf", b"%PDF-1.7 ...", ["paper.pdf: this looks like a PDF document"]),
        ("page.txt", HEADER_ONLY.encode(), ["page.txt"]),
        ("head.csv", b"title,abstract\n", ["no paper could be read from head.csv: no record in it"]),
        ("cut.jsonl.gz", gzip.compress(b'{"title": "A"}\n' * 99)[:-9], ["cut short or damaged"]),
        ("wide.csv", "title,abstract\nA,b\n".encode("utf-16-le"), ["UTF-16 without a byte order mark"]),
    ],
)
def test_a_source_without_papers_is_refused(tmp_path, themeline, name, content, parts):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    out = tmp_path / "deep" / "out"
    assert refused(themeline("run", tmp_path / name, "--out", out), *parts)
    assert not out.parent.exists()


def test_a_folder_without_a_study_is_refused(tmp_path, themeline):
    (tmp_path / "empty").mkdir()
    for command in (["run"], ["check"], ["figures"], ["report"], ["search"]):
        words = ["robots"] if command == ["search"] else []
        answer = themeline(*command, tmp_path / "empty", *words)
        assert refused(answer, "this folder holds no study.toml", "themeline run PAPERS.csv")
    assert list((tmp_path / "empty").iterdir()) == []


def test_no_study_here_is_refused(tmp_path, themeline, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert refused(themeline("run"), "No study here")
    assert refused(themeline("check", "nowhere"), "nowhere: no such study")
    assert refused(themeline("run", "nowhere.toml"), "nowhere.toml: no such study")


@pytest.mark.parametrize(
    ("toml", "parts"),
    [
        ("[corpus]\nsource = ['a']", ["study.toml [corpus]: unknown setting 'source'. Did you mean 'sources'?"]),
        ("[clustering]\nmin_size = 3", ["[clustering]: unknown setting 'min_size'. Did you mean 'min_topic_size'?"]),
        ("sed = 3", ["(top level): unknown setting 'sed'. Did you mean 'seed'?"]),
        ("qqq = 3", ["unknown setting 'qqq'. Known here: clustering, corpus,"]),
        ("seed = 'many'", ["seed = 'many' is not allowed: give a whole number."]),
        ("seed = -1", ["seed = -1 is not allowed"]),
        ("corpus = 3", ["corpus = 3 is not allowed: it is a section. Write [corpus]."]),
        ("[corpus]\nsources = 'a.csv'", ["sources = 'a.csv' is not allowed: give a list"]),
        ("[corpus]\nsources = [1]", ["[corpus]: sources[0] = 1 is not allowed: give text"]),
        ("[corpus]\ncaptured = 'soon'", ["captured = 'soon' is not allowed: give a day, such as 2025-10-17."]),
        ("[corpus]\ncaptured = 86400", ["captured = 86400 is not allowed: give a day, such as 2025-10-17."]),
        ("[trends]\nstart = 2025", ["start = 2025 is not allowed: give a day"]),
        ("[report]\nformats = ['docx']", ["[report]: formats[0] = 'docx' is not allowed", "'html', 'md', 'pdf'"]),
        ("[[themes.named]]\nname = 'A'\nphrases = ['x']\n" * 2, ["[themes]: two named themes are called 'a'."]),
        ("[[themes.named]]\nname = 'A'\nphrase = ['x']", ["phrases is missing", "Did you mean 'phrases'?"]),
        ("[[themes.named]]\nname = '?'\nphrases = ['x']", ["a name needs a letter or a digit"]),
        ("[[themes.named]]\nname = 'Unassigned'\nphrases = ['x']", ["kept for the papers that have no theme"]),
        ("[[themes.named]]\nname = 'A'\nphrases = [' ']", ["a phrase is empty"]),
        ("seed = ", ["study.toml: this is not a TOML file", "Mend that line."]),
        ("seed = " + "9" * 9000, ["study.toml: this is not a TOML file"]),
        ("seed = " + "[" * 90_000, ["study.toml: this is not a TOML file"]),
        ("[corpus]", ["[corpus]: sources is empty", 'sources = ["papers.csv"]']),
        ("[corpus]\nsources = ['gone.csv', 'lost.csv']", ["gone.csv: no such file", "lost.csv: no such file"]),
        ("[corpus]\nsources = ['']", ["[corpus]: sources[0] = '' is not allowed"]),
        ("seed = 'x'\n[map]\nmin_dist = 9", ["seed = 'x'", "[map]: min_dist = 9"]),
    ],
)
def test_settings_at_fault_are_named_before_anything_is_read(tmp_path, themeline, toml, parts):
    (tmp_path / "study.toml").write_text(toml)
    assert refused(themeline("run", tmp_path, "--out", tmp_path / "out"), *parts)
    assert [path.name for path in tmp_path.iterdir()] == ["study.toml"]


@pytest.mark.slow
def test_an_encoder_that_is_not_here_leaves_no_folder(tmp_path, themeline):
    folder = write_study(tmp_path / "in", make_papers(3), settings='[embedding]\nencoder = "no/such-model"\n')
    out = tmp_path / "a" / "b"
    answer = themeline("run", folder, "--out", out)
    assert answer.code == 2
    assert "encoder 'no/such-model' is neither a folder" in answer.message
    assert not out.parent.exists()


def test_a_day_of_capture_that_is_none_is_refused(tmp_path, themeline):
    source = write_jsonl(tmp_path / "papers.jsonl", make_papers(2))
    for command in ("run", "ingest"):
        out = tmp_path / "out" / "corpus.parquet"
        answer = themeline(command, source, "--captured", "nonsense", "--out", out)
        assert refused(answer, "--captured: ", "captured = 'nonsense' is not allowed: give a day, such as 2025-10-17")
    assert not (tmp_path / "out").exists()


def test_out_is_never_a_file_nor_another_study(tmp_path, themeline, small_study):
    source = write_jsonl(tmp_path / "papers.jsonl", make_papers(2))
    before = read_files(small_study.root)
    assert refused(themeline("run", source, "--out", source), "papers.jsonl: this is a file. Give a folder")
    assert refused(themeline("run", source, "--out", source / "deep"), "papers.jsonl: this is a file. Give a folder")
    answer = themeline("run", source, "--out", small_study.root)
    assert refused(answer, "already holds another study (of papers.jsonl). Choose another --out.")
    assert read_files(small_study.root) == before
    assert source.read_bytes().count(b"\n") == 2


def test_a_study_and_a_source_together_are_refused(tmp_path, themeline):
    folder = write_study(tmp_path, make_papers(2))
    answer = themeline("run", folder / "study.toml", folder / "papers.jsonl", "--out", tmp_path / "out")
    assert refused(answer, "give either one study or source files, not both")


def test_a_file_in_the_way_is_found_before_anything_moves(own_study, tmp_path, themeline):
    folder = own_study
    before = read_files(folder)
    (folder / "figures" / "reports" / "report.md").unlink()
    (folder / "figures" / "reports" / "report.md").mkdir()
    answer = themeline("run", folder)
    assert answer.code == 2
    assert "report.md: a folder stands where a file is needed. Move it away." in answer.message
    del before["figures/reports/report.md"]
    assert read_files(folder) == before
    other = write_study(tmp_path / "other", make_papers(2))
    (other / "figures").write_text("mine")
    answer = themeline("run", other)
    assert answer.code == 2
    assert "a file stands where a folder is needed" in answer.message
    assert (other / "figures").read_text() == "mine"
    assert not (other / "data" / "results").exists() or not list((other / "data" / "results").iterdir())


def test_a_path_that_is_not_utf_8_is_refused_before_the_run(tmp_path, themeline):
    source = tmp_path / "caf\udce9.jsonl"
    try:
        write_jsonl(source, make_papers(1))
    except OSError:
        pytest.skip("this file system holds UTF-8 names only")
    assert refused(themeline("run", source, "--out", tmp_path / "out"), "it is not UTF-8 text. Rename it")
    assert not (tmp_path / "out").exists()


def test_a_format_that_is_none_is_refused(small_study, themeline):
    assert refused(themeline("report", small_study.root, "--format", "nope,md"), "nope", "Choose of html, md, pdf,")
    assert refused(themeline("report", small_study.root, "--format", ","), "nothing given")


def test_a_search_needs_words_results_and_vectors(small_study, own_study, themeline, tmp_path):
    assert themeline("search", small_study.root).code == 2
    assert refused(themeline("search", small_study.root, " "), "no words were given")
    assert refused(themeline("search", small_study.root, "x", "--top", "0"), "Ask for at least 1 paper")
    folder = write_study(tmp_path / "new", make_papers(2))
    assert refused(themeline("search", folder, "robots"), "this study has no results yet", "themeline run")
    assert refused(themeline("check", folder), "this study has no results yet")
    assert refused(themeline("figures", folder), "this study has no results yet")
    assert {path.name for path in folder.iterdir()} == {"papers.jsonl", "study.toml"}
    vectors = own_study / "data" / "model" / "vectors.npy"
    for damaged in (vectors.read_bytes()[:200], b"", b"\x93NUMPY\x01\x00"):
        vectors.write_bytes(damaged)
        assert refused(themeline("search", own_study, "robots"), "vectors are missing or damaged")
    vectors.unlink()
    assert refused(themeline("search", own_study, "robots"), "vectors are missing or damaged")


def test_vectors_of_other_papers_are_refused(own_study, themeline):
    vectors = own_study / "data" / "model" / "vectors.npy"
    np.save(vectors, np.load(vectors)[:2])
    assert refused(themeline("search", own_study, "robots"), "2 vectors for 12 papers")


def test_ingest_never_writes_over_a_source_or_into_a_folder(tmp_path, themeline):
    source = write_jsonl(tmp_path / "papers.jsonl", make_papers(2))
    corpus = tmp_path / "corpus.parquet"
    assert themeline("ingest", source, "--out", corpus).code == 0
    assert refused(themeline("ingest", corpus, "--out", corpus), "this is one of the sources")
    assert refused(themeline("ingest", source, "--out", tmp_path / "x.csv"), "ends in .parquet")
    (tmp_path / "folder.parquet").mkdir()
    assert refused(themeline("ingest", source, "--out", tmp_path / "folder.parquet"), "this is a folder")
    assert not list(tmp_path.glob("folder.*.json*"))


def test_bertopic_is_refused_where_there_is_nothing_to_describe(tmp_path):
    from analysis import InputError

    study = run(write_study(tmp_path, [{"title": "One", "abstract": "The same text."}]))
    with pytest.raises(InputError, match="fewer than two phrases"):
        study.to_bertopic()


@pytest.mark.slow
def test_a_study_that_leads_out_of_its_folder_removes_nothing(tmp_path):
    folder = write_study(tmp_path / "study", make_papers(2))
    run(folder)
    own = tmp_path / "own.txt"
    own.write_text("mine")
    manifest = folder / "figures" / "manifest.json"
    for listed in (
        '{"files": {"../own.txt": {}, "figures/../../own.txt": {}, "study.toml": {}}}',
        "[]",
        '{"files": 3}',
    ):
        manifest.write_text(listed)
        run(folder)
        assert own.read_text() == "mine"
        assert (folder / "study.toml").exists()


def test_a_run_with_no_browser_says_so_and_is_whole(tmp_path, themeline, no_browser):
    folder = write_study(tmp_path, make_papers(2))
    (folder / "study.toml").write_text((folder / "study.toml").read_text().replace(QUICK, ""))
    answer = themeline("run", folder)
    assert answer.code == 0
    assert "PNG and SVG were left out" in answer.err
    assert themeline("check", folder).code == 0


def test_a_full_disk_leaves_what_was_there(own_study, tmp_path, themeline, monkeypatch):
    folder = own_study
    forget_run(folder)
    before = read_files(folder)

    def fail(*arguments, **options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("analysis.reports.write_manifest", fail)
    for arguments in (["run", folder], ["figures", folder], ["run", folder, "--out", tmp_path / "new" / "out"]):
        answer = themeline(*arguments)
        assert answer.code == 2
        assert answer.message == "No space left on device. Nothing was changed. Make room on that disk and run again."
    assert read_files(folder) == before
    assert not (folder / ".themeline" / "new").exists()
    assert not (tmp_path / "new").exists()
