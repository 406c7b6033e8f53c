import datetime as dt

import pytest

from analysis.corpus.formats.bibtex.reading import BIBTEX
from tests.corpus.made_sources import make_source, read_with

ARTICLE = r"""@article{lovelace2019gaits,
  title    = {Gaits of {GPT}-driven robots \& legs},
  author   = {Lovelace, Ada and {Barnes and Noble} and
              G{\"o}del, Kurt and others},
  abstract = "Legs are hard {"}to{"} build, at 5\% loss.",
  journal  = jl # { (Series B)},
  year     = 2019,
  month    = "1~" # nov,
  doi      = {https://doi.org/10.1000/LEGS\_7},
  url      = {\url{https://example.org/a\_b}},
  keywords = {gait, legs},
  langid   = {ngerman},
}
"""
LEGS = '@string{jl = "Journal of Legs"}\n'


@pytest.fixture
def read(file):
    return lambda text: read_with(BIBTEX, file(text, "papers.bib"))


def test_every_field_finds_its_place_and_keeps_its_latex(read):
    (paper,) = read(LEGS + ARTICLE).records
    assert paper.title == r"Gaits of {GPT}-driven robots \& legs"
    assert paper.abstract == r'Legs are hard {"}to{"} build, at 5\% loss.'
    assert paper.authors == ("Lovelace, Ada", "{Barnes and Noble}", r"G{\"o}del, Kurt")
    assert paper.venue == "Journal of Legs (Series B)"
    assert (paper.doi, paper.url) == ("10.1000/legs_7", "https://example.org/a_b")
    assert (paper.paper_id, paper.language) == ("lovelace2019gaits", "de")
    assert paper.labels == {"keywords": "gait; legs", "type": "article"}
    assert (paper.span.first, paper.span.precision) == (dt.date(2019, 11, 1), "day")
    assert paper.position == "entry 1 (line 2)"


@pytest.mark.parametrize(
    ("fields", "first", "last", "precision"),
    [
        ("year = 2019", (2019, 1, 1), (2019, 12, 31), "year"),
        ("year = {2019}, month = {March}", (2019, 3, 1), (2019, 3, 31), "month"),
        ("year = {2019}, month = 3, day = 4", (2019, 3, 4), (2019, 3, 4), "day"),
        ("year = {2019}, month = {MAR 1}", (2019, 3, 1), (2019, 3, 1), "day"),
        ("year = {2019}, month = jul # {--} # aug", (2019, 7, 1), (2019, 8, 31), "month"),
        ("year = {2019}, month = {Spring}", (2019, 1, 1), (2019, 12, 31), "year"),
        ("date = {2018-11}", (2018, 11, 1), (2018, 11, 30), "month"),
        ("date = {2018-11/2018-12}", (2018, 11, 1), (2018, 12, 31), "month"),
        ("date = {2018-11-05/2018-11-09}", (2018, 11, 5), (2018, 11, 9), "month"),
        ("date = {2018~}", (2018, 1, 1), (2018, 12, 31), "year"),
        ("date = {2018/..}", (2018, 1, 1), (2018, 12, 31), "year"),
        ("date = {2018-11-05}, year = 2018", (2018, 11, 5), (2018, 11, 5), "day"),
        ("year = 2022, month = {MAR 1}, EarlyAccessDate = {FEB 2022}", (2022, 2, 1), (2022, 2, 28), "month"),
        ("year = {2019b}", (2019, 1, 1), (2019, 12, 31), "year"),
    ],
)
def test_dates_of_both_dialects_are_spans_of_days(read, fields, first, last, precision):
    (paper,) = read(f"@article{{a, title = {{A}}, {fields}}}\n").records
    assert (paper.span.first, paper.span.last) == (dt.date(*first), dt.date(*last))
    assert paper.span.precision == precision
    assert not paper.span.inferred


def test_a_date_that_cannot_be_read_is_kept_as_text(read):
    (paper,) = read("@article{a, title = {A}, year = {in press}}").records
    assert (paper.span, paper.date_text) == (None, "in press")


@pytest.mark.parametrize(
    "fields",
    [
        "eprint = {2301.00001v2}, archivePrefix = {arXiv}",
        "eprint = {2301.00001}, eprinttype = {arxiv}",
        "journal = {arXiv preprint arXiv:2301.00001}",
        "journal = {CoRR}, volume = {abs/2301.00001}, url = {https://arxiv.org/abs/2301.00001}",
        "doi = {10.48550/arXiv.2301.00001}",
        "note = {arXiv:2301.00001 [cs]}",
    ],
)
def test_an_arxiv_id_is_found_wherever_it_stands(read, fields):
    assert read(f"@misc{{a, title = {{A}}, {fields}}}").records[0].arxiv_id == "2301.00001"


def test_an_eprint_of_another_archive_is_no_arxiv_id(read):
    assert not read("@misc{a, title = {A}, eprint = {12345}, eprinttype = {pubmed}}").records[0].arxiv_id


def test_biblatex_names_are_read(read):
    text = "@online{a, title = {A}, subtitle = {B}, journaltitle = {J}, primaryclass = {cs.LG}, language = {english}}"
    (paper,) = read(text).records
    assert (paper.title, paper.venue, paper.language) == ("A: B", "J", "en")
    assert paper.labels == {"type": "online", "arxiv_primary": "cs.LG"}


def test_a_volume_hands_its_title_and_year_to_the_papers_above_it(read):
    text = """@inproceedings{a, title = {A}, crossref = {LEGS19}}
@inproceedings{b, title = {B}, crossref = {legs19}, year = 2018}
@proceedings{legs19, title = {Proc. of Legs}, year = 2019, month = may}"""
    found = read(text)
    assert [paper.venue for paper in found.records] == ["Proc. of Legs", "Proc. of Legs"]
    assert [paper.span.first for paper in found.records] == [dt.date(2019, 5, 1), dt.date(2018, 1, 1)]
    assert [(aside.position, aside.reason) for aside in found.set_aside] == [
        ("entry 3 (line 3)", "a volume of proceedings, no paper")
    ]


def test_comments_and_preambles_are_counted(read):
    found = read('@comment{jabref-meta: x;}\n@preamble{"\\x"}\n% a remark\nfree text\n' + LEGS + ARTICLE)
    assert len(found.records) == 1
    assert found.notes == ["papers.bib: passed over, being no papers: 1 @comment, 1 @preamble, 1 line outside entries."]


def test_commas_may_begin_the_lines(read):
    (paper,) = read("@article{a\n  , title = {A}\n\n  , year = 2019\n}").records
    assert (paper.title, paper.span.first) == ("A", dt.date(2019, 1, 1))


def test_two_entries_with_one_key_stay_two(read):
    assert [paper.title for paper in read("@misc{a, title={A}} @misc{a, title={B}}").records] == ["A", "B"]


def test_round_brackets_and_odd_spacing_are_read(read):
    text = '@ARTICLE (a, TITLE = {A (1)}, note = "x) y")\n@article\n{b,\n title={B}\n}\n'
    text += "@ article { c c , title = {C \\\\}}"
    assert [(paper.paper_id, paper.title) for paper in read(text).records] == [
        ("a", "A (1)"),
        ("b", "B"),
        ("c c", "C \\\\"),
    ]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ("@article{broken, title = {never closed,\n  year = 2019\n}\n", "not closed before the next entry (line 4)"),
        ("@article{broken\n  title = {A}\n}\n", "cannot be parted into fields"),
        ("@article{broken, title {A}, year = 2019}\n", "cannot be parted into fields"),
    ],
)
def test_a_broken_entry_costs_itself_alone(read, broken, reason):
    found = read(broken + ARTICLE + ARTICLE)
    assert len(found.records) == 2
    (aside,) = found.set_aside
    assert (aside.position, reason in aside.reason, "broken" in aside.raw) == ("entry 1 (line 1)", True, True)


def test_fields_below_an_entry_that_closes_too_early_are_told(read):
    found = read("@article{a,\n title = {A}},\n year = 2019,\n abstract = {Lost}\n}\n" + ARTICLE)
    assert len(found.records) == 2
    assert any("line 3 looks like a field but belongs to no entry" in note for note in found.notes)


def test_a_brace_that_never_closes_ends_within_bounds(read):
    found = read("@article{a, title = {" + ("word " * 200 + "\n") * 6_000)
    assert not found.records
    assert "longer than 4 MiB" in found.set_aside[0].reason
    assert len(found.set_aside[0].raw) < 25_000


def test_macros_that_double_themselves_end_within_bounds(read):
    bomb = '@string{a0 = "' + "x" * 100 + '"}\n'
    bomb += "".join(f"@string{{a{n + 1} = a{n} # a{n}}}\n" for n in range(60))
    (paper,) = read(bomb + "@article{b, title = a60 # a60}").records
    assert len(paper.title) <= 2**20


def test_a_macro_that_none_defines_keeps_its_name(read):
    (paper,) = read("@article{a, title = {A}, journal = jmlr, month = sept, year = 2020}").records
    assert (paper.venue, paper.span.first) == ("jmlr", dt.date(2020, 9, 1))


def test_a_field_that_is_given_twice_counts_once(read):
    assert read("@article{a, title = {A}, title = {B}}").records[0].title == "A"


@pytest.mark.parametrize(
    "text",
    [
        "title,abstract\n@article,x\n",
        '{"a": "@article{b, title = {A}}"}',
        "<p>\n@article{b, title = {A}}</p>",
        "",
        "a@b.org {x}",
        "Mail me @ home\n",
    ],
)
def test_other_texts_are_not_claimed(file, text):
    assert not BIBTEX.recognise(make_source(file(text or "\n", "papers.bib")))


def test_a_binary_file_is_not_claimed(file):
    assert not BIBTEX.recognise(make_source(file(b"\x89PNG\r\n\x1a\n\x00\x00@article{a, title = {A}}", "papers.bib")))
    assert not BIBTEX.recognise(make_source(file(bytes(range(128, 256)) * 50, "papers.bib")))


def test_what_zotero_keeps_in_the_note_is_read(read):
    entry = r"""@incollection{ng_legs_2008,
	title = {A {Survey} of {Legs}},
	note = {00071
DOI: 10.1000/978-0-1\_3
PMID: 40000001},
	year = {2008}
}"""
    (paper,) = read(entry).records
    assert (paper.doi, paper.pmid) == ("10.1000/978-0-1_3", "40000001")
    (other,) = read(entry.replace("year =", "doi = {10.1000/own},\n year =")).records
    assert other.doi == "10.1000/own"


def test_an_address_may_be_the_doi(read):
    (paper,) = read(
        "@article{a, title = {A}, ee = {https://doi.org/10.1000/ICASSP.1}, url = {http://example.org/1}}"
    ).records
    assert (paper.doi, paper.url) == ("10.1000/icassp.1", "http://example.org/1")


@pytest.mark.parametrize(
    ("volume", "arxiv_id"), [("abs/2001.00001", "2001.00001"), ("abs/cs/0101001", "cs/0101001"), ("12", "")]
)
def test_the_volume_of_corr_is_the_arxiv_id(read, volume, arxiv_id):
    (paper,) = read(f"@article{{a, title = {{A}}, journal = {{CoRR}}, volume = {{{volume}}}}}").records
    assert paper.arxiv_id == arxiv_id


def test_a_field_whose_name_has_a_blank_costs_no_other(read):
    (paper,) = read(
        "@ARTICLE{a,\ntitle={A},\nfunding_text 1={Thanks [1].},\nfunding_text 1={x},\nyear={2020},\n}"
    ).records
    assert (paper.title, paper.span.precision) == ("A", "year")
