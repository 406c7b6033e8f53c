import gzip
import hashlib
import json

import pytest

from analysis.config import InputError
from analysis.corpus import read_corpus


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b" \n\t\n", "the file is empty"),
        (b"\xef\xbb\xbf\n", "the file is empty"),
        (b"\x89PNG\r\n\x1a\n....", "looks like a PNG image, which is not read. Supported: exports as BibTeX"),
        (b"%PDF-1.7 ...", "looks like a PDF document"),
        (b"PK\x03\x04 ...", "zip archive is cut short or damaged"),
        (b"\x80\x04\x95 ...", "looks like a Python pickle"),
        (b"title,abstract\nA\x00,b", "holds NUL bytes"),
        (b"PAR1 but not really PAR1", "damaged Parquet file"),
        (b"\x1f\x8b not really gzip", "gzip file is cut short or damaged"),
        (gzip.compress(b'{"title": "A"}\n' * 1000)[:-20], "gzip file is cut short or damaged"),
        (gzip.compress(b""), "the file is empty"),
        (b"<html><body>Papers</body></html>", "web page that holds no papers as data"),
        (b"<svg><title>A</title></svg>", "looks like XML of a kind that is not read"),
        (b"Dear all,\nplease find attached.\n", "no papers are recognised in it"),
        (b"{broken\n{worse\n", "no paper could be read from hostile.txt: 2 times not valid JSON"),
        (b"title,abstract\n", "no paper could be read from hostile.txt: no record in it"),
        (b'{"title": "  ", "abstract": null}', "1 time neither title nor abstract"),
        (b"\xff\xfe\x00\xd8\x41", "damaged UTF-16"),
    ],
)
def test_a_file_that_holds_no_papers_is_refused_with_a_reason(file, content, message):
    with pytest.raises(InputError, match=message):
        read_corpus(file(content, "hostile.txt"))


def test_all_sources_at_fault_are_named_at_once(tmp_path, file):
    with pytest.raises(InputError) as caught:
        read_corpus(tmp_path / "gone.csv", tmp_path, file(b"", "void.csv"), "bad\x00name")
    lines = str(caught.value).splitlines()
    assert len(lines) == 3
    for line, said in zip(lines, ["no such file", "the file is empty", "no such file"], strict=True):
        assert said in line


def test_no_source_and_a_wrong_choice_are_refused(lines):
    with pytest.raises(InputError, match="no source given"):
        read_corpus()
    with pytest.raises(InputError, match="Give 'keep' or 'drop'"):
        read_corpus(lines({"title": "A"}), undated="maybe")


def test_dropping_the_undated_may_leave_no_paper_and_says_so(lines):
    with pytest.raises(InputError, match="1 time undated"):
        read_corpus(lines({"title": "A"}), undated="drop")


def test_utf_16_and_windows_1252_are_decoded(file):
    table = "title\tabstract\nCafé €5 naïve\tText\n"
    wide = read_corpus(file(b"\xfe\xff" + table.encode("utf-16-be"), "a.csv"))
    assert wide.papers["title"].iloc[0] == "Café €5 naïve"
    narrow = read_corpus(file(table.encode("cp1252"), "b.csv"))
    assert narrow.papers["title"].iloc[0] == "Café €5 naïve"
    assert any("not UTF-8" in note for note in narrow.notes)


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_an_abstract_of_a_megabyte_is_read_whole(lines, file, kind):
    abstract = "word " * 200_000 + "end"
    path = lines({"title": "A", "abstract": abstract}) if kind == "json" else file(f"title,abstract\nA,{abstract}\n")
    assert read_corpus(path).papers["abstract"].iloc[0] == abstract


def test_text_that_attacks_stays_literal_text_without_controls(lines):
    titles = [
        "<script>alert(1)</script>",
        "=cmd|' /C calc'!A0",
        "\u202etxt.exe\u202c \u2067x",
        "🎉 Café",
        "a\x1b[31mred\x00",
    ]
    papers = read_corpus(lines(*[{"title": title, "abstract": f"n {n}"} for n, title in enumerate(titles)])).papers
    assert list(papers["title"]) == [titles[0], titles[1], "txt.exe x", "🎉 Café", "a[31mred"]


def test_half_a_surrogate_pair_anywhere_can_still_be_written(file):
    half = "\\ud800"
    text = (
        f'{{"id": "{half}", "title": "A{half}", "labels": {{"{half}": "{half}"}}, "year": "{half}"}}\n{{"x": "{half}"}}'
    )
    corpus = read_corpus(file(text))
    for table in (corpus.papers.astype(str), corpus.set_aside):
        table.to_csv().encode("utf-8")
    "".join(corpus.notes).encode("utf-8")


def test_deep_nesting_and_giant_numbers_cost_one_line_each(lines):
    corpus = read_corpus(lines({"title": "A"}, "[" * 100_000, '{"title": 1' + "0" * 9000 + "}", '{"n_authors": 1e999}'))
    assert corpus.n_papers == 1
    assert corpus.ledger["set_aside"] == 3


def test_a_sidecar_must_be_sound_and_a_foreign_toml_is_ignored(lines):
    path = lines({"title": "A"})
    sidecar = path.with_suffix(".toml")
    sidecar.write_text("[corpus]\nsources = ['papers.jsonl']\n")
    assert read_corpus(path).sources[0].captured is None
    sidecar.write_text(f'sha256 = "{hashlib.sha256(path.read_bytes()).hexdigest().upper()}"\ncaptured = "2024-05-06"\n')
    assert read_corpus(path).sources[0].captured == "2024-05-06"
    for broken, message in [("captured = ", "not a TOML file"), ("captured = 2024", "is not a date")]:
        sidecar.write_text(broken)
        with pytest.raises(InputError, match=message):
            read_corpus(path)


def test_an_unclosed_quotation_mark_costs_its_own_row(file):
    rows = "".join(f"T{n},text {n}\n" for n in range(5000))
    corpus = read_corpus(file(f'title,abstract\nA,"b\n{rows}', "p.csv"), near_duplicates=False)
    assert corpus.ledger["set_aside"] == 1
    assert corpus.n_papers == 5000


def test_an_array_cut_short_keeps_the_records_before_the_cut(file):
    corpus = read_corpus(file(b'[{"title": "A"}, {"title": '))
    assert list(corpus.papers["title"]) == ["A"]
    assert corpus.ledger["set_aside"] == 1


def test_a_list_of_json_values_is_set_aside_item_by_item(file):
    corpus = read_corpus(file(json.dumps([{"title": "A"}, 3, "x", None])))
    assert list(corpus.set_aside["position"]) == ["item 2", "item 3", "item 4"]
