import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.config import InputError
from analysis.corpus.formats.tables.csv import CSV, DELIMITED
from tests.corpus.made_sources import make_source, read_with


def titles(read):
    return [record.title for record in read.records]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_each_delimiter_a_mark_and_cells_of_many_lines_are_read(file, delimiter):
    rows = [
        ["ID", "Title", "Summary", "Year", "Authors", "label_area", "pages"],
        ["a1", '"A; B, C | D"', '"One\ntwo ""three"""', "2023", '"Ng, A.; Bee, C."', "vision", "9"],
        [],
        ["a2", "Short", "Row"],
    ]
    read = read_with(CSV, file("\ufeff" + "\r\n".join(delimiter.join(row) for row in rows), "export.dat"))
    first, second = read.records
    assert (first.position, second.position) == ("line 2", "line 5")
    assert (first.title, first.abstract) == ("A; B, C | D", 'One\ntwo "three"')
    assert (first.authors, first.labels) == (("Ng, A.", "Bee, C."), {"area": "vision"})
    assert (second.title, second.span) == ("Short", None)
    assert any("not used: pages" in note for note in read.notes)
    assert any("1 row has fewer cells than the header (line 5)" in note for note in read.notes)


def test_old_line_ends_and_utf_16_are_read(file):
    assert titles(read_with(CSV, file("title,year\rA,2020\rB,2021\r"))) == ["A", "B"]
    wide = "title\tabstract\nCafé €5\tText\n".encode("utf-16")
    assert titles(read_with(CSV, file(wide, "wide.txt"))) == ["Café €5"]


def test_the_delimiter_may_be_named_above_the_header(file):
    read = read_with(CSV, file("sep=;\nTitle;Publication Date;Upvotes\nA, b;2023-05;3\n"))
    assert (titles(read), read.records[0].n_upvotes, read.records[0].position) == (["A, b"], 3, "line 3")
    assert not any("lines above it" in note for note in read.notes)


def test_lines_on_the_search_above_the_header_are_noted(file):
    text = '"SEARCH QUERY","robots:ti"\n------\n\n"Title","PUI","Author Names"\n"A","L1","Ng A., Bee C."\n'
    read = read_with(CSV, file(text))
    assert (titles(read), read.records[0].authors) == (["A"], ("Ng A.", "Bee C."))
    assert any("the header is line 4" in note for note in read.notes)
    assert any("recognised as Embase" in note for note in read.notes)


@pytest.mark.parametrize("n_after", [1, 3, 9_999])
def test_a_quotation_mark_that_is_never_closed_costs_its_own_row(file, n_after):
    rows = ["title,abstract", "A,a", 'B,"b', *(f"T{number},t" for number in range(n_after))]
    read = read_with(CSV, file("\n".join(rows)))
    assert [(item.position, item.raw) for item in read.set_aside] == [("line 3", 'B,"b')]
    assert "never closed" in read.set_aside[0].reason
    assert titles(read) == ["A", *(f"T{number}" for number in range(n_after))]


def test_a_mark_never_closed_among_quoted_rows_costs_its_own_row(file):
    rows = ['"title","abstract"', '"A","a"', '"B","b', '"C","c"', '"D","d\nd"', '"E","e"']
    read = read_with(CSV, file("\n".join(rows)))
    assert titles(read) == ["A", "C", "D", "E"]
    assert [item.raw for item in read.set_aside] == ['"B","b']


def test_a_mark_inside_a_cell_that_is_not_doubled_is_read_as_it_can_be(file):
    text = (
        'title,abstract\n"The "best" robot",a\n"A \\"good\\" arm, and hand",b\nC,"one\ntwo "three" four\nfive"\nD,d\n'
    )
    read = read_with(CSV, file(text))
    assert not read.set_aside
    assert titles(read) == ['The "best" robot', 'A "good" arm, and hand', "C", "D"]
    assert read.records[2].abstract == 'one\ntwo "three" four\nfive'


def test_marks_in_tab_separated_text_need_not_mean_anything(file):
    text = 'title\tabstract\n"Green" robots\ta\n"Half open\tb\n5" screens\tc\n'
    assert titles(read_with(CSV, file(text))) == ['"Green" robots', '"Half open', '5" screens']


def test_a_row_with_too_many_cells_and_the_header_again_are_set_aside(file):
    read = read_with(CSV, file("title,abstract\nA,b,\nC,d, e\ntitle,abstract\n"))
    assert titles(read) == ["A"]
    assert [(item.position, item.reason[:43]) for item in read.set_aside] == [
        ("line 3", "3 cells where the header has 2: an unquoted"),
        ("line 4", "the header again"),
    ]


def test_columns_without_a_name_and_with_the_same_name_are_told_apart(file):
    read = read_with(CSV, file(",title,title,abstract\n0,A,other,b\n"))
    assert (titles(read), read.records[0].abstract) == (["A"], "b")
    assert any("not used: column 1, title (2)" in note for note in read.notes)


def test_an_export_without_abstracts_says_how_to_get_them(file):
    header = "PMID,Title,Authors,Citation,Journal/Book,Publication Year,Create Date\n"
    read = read_with(CSV, file(header + "12,A,Ng A.,J. 2020 Feb;1.,J,2020,2020/01/01\n"))
    assert any("no column holds abstracts" in note and "format 'PubMed'" in note for note in read.notes)
    empty = read_with(CSV, file("title,abstract\nA,\n"))
    assert any("every abstract is empty" in note for note in empty.notes)


def test_a_table_without_titles_is_refused_until_its_columns_are_named(file):
    path = file("name,text\nA,b\nC,d\n")
    assert not CSV.recognise(make_source(path))
    with pytest.raises(InputError, match=r"columns found: name, text\).*--map title=COLUMN"):
        read_with(DELIMITED, path)
    read = read_with(DELIMITED, path, columns={"title": "name", "abstract": "text"})
    assert [(record.title, record.abstract) for record in read.records] == [("A", "b"), ("C", "d")]


def test_a_table_of_ours_gets_its_formulas_and_its_sources_back(file):
    header = (
        "paper_id,title,published,published_end,published_precision,published_kind,published_inferred,authors,"
        "source,position,label_area\n"
    )
    row = "a1,'=1+1,2023-02-01,2023-02-28,month,online,True,\"Ng, Ann Mae; Bee\",x.bib,item 3,''=t\n"
    text = header + row
    (record,) = read_with(CSV, file(text)).records
    assert (record.title, record.source, record.position) == ("=1+1", "x.bib", "item 3")
    assert (record.span.precision, record.span.inferred, record.date_kind) == ("month", True, "online")
    assert (record.authors, record.labels) == (("Ng, Ann Mae", "Bee"), {"area": "'=t"})


def test_an_apostrophe_of_others_stays(file):
    assert titles(read_with(CSV, file("title,abstract\n'=1,b\n"))) == ["'=1"]


@pytest.mark.parametrize(
    "text",
    [
        "Dear all,\nplease find attached.\n",
        '{"title": "A", "abstract": "b"}\n',
        '["title", "abstract"]\n',
        "@article{a, title={A}, abstract={b}}\n",
        "TI  - Title, abstract\nAB  - x\n",
        "<html><title>title,abstract</title>\n",
        "| Title | Summary |\n|-------|:-------|\n| A | b |\n",
        "new\n\nRobots that walk\n\nAn abstract, and more.\n",
        "",
    ],
)
def test_what_is_no_table_is_not_claimed(file, text):
    source = make_source(file(text))
    assert not CSV.recognise(source)
    assert not DELIMITED.recognise(source)


def test_ten_million_columns_end_in_a_message(file):
    path = file("title," * 10_000_000, "wide.csv")
    source = make_source(path)
    began = time.monotonic()
    assert not CSV.recognise(source)
    with pytest.raises(InputError, match="more than 16384 columns"):
        list(CSV.read(source, read_context()))
    assert time.monotonic() - began < 10


def test_memory_does_not_grow_with_the_file(file):
    text = "title,abstract\n" + 'A,"b\n' + "".join(f"T{number},{'word ' * 40}\n" for number in range(20_000))
    source = make_source(file(text))
    tracemalloc.start()
    n_found = sum(1 for _ in CSV.read(source, read_context()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert n_found > 20_000
    assert peak < len(text)


def test_bytes_without_sense_cost_no_more_than_their_rows(file):
    many = b"".join(b"T%d,t\n" % number for number in range(50_000))
    junk = b'\x00\xff,\x80\nC,"d\x00"\n' + b"x" * 3_000_000 + b",y\n"
    read = read_with(CSV, file(b"title,abstract\n" + many + junk + b"D,e\n"))
    assert not read.set_aside
    assert titles(read)[49_999::2] == ["T49999", "C", "D"]


@settings(max_examples=150)
@given(
    rows=st.lists(
        st.tuples(
            *[st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\x00\ufeff"), max_size=30)] * 2
        )
    ),
    delimiter=st.sampled_from(",;\t|"),
)
def test_what_a_csv_writer_wrote_is_read_back(tmp_path_factory, rows, delimiter):
    import csv

    path = tmp_path_factory.mktemp("csv") / "p.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL)
        writer.writerows([("title", "abstract"), *rows])
    expected = [(a, b) for a, b in rows if (a, b) != ("title", "abstract")]
    read = read_with(CSV, path)
    found = [(record.title, record.abstract) for record in read.records]
    assert found == [tuple("" if cell.isspace() else cell for cell in row) for row in expected if any(row)]


@settings(max_examples=150)
@given(body=st.text(alphabet="ab\",;\t\n\\'| ", max_size=200))
def test_every_line_is_accounted_for_whatever_the_marks(tmp_path_factory, body):
    path = tmp_path_factory.mktemp("csv") / "p.csv"
    path.write_text(f"title,abstract\n{body}\n", encoding="utf-8", newline="")
    read = read_with(CSV, path)
    raw = "\n".join(
        item.raw for item in sorted([*read.records, *read.set_aside], key=lambda item: int(item.position.split()[1]))
    )
    filled = [line for line in raw.split("\n") if line.strip(' ,"')]
    assert filled == [line for line in body.split("\n") if line.strip(' ,"')]


def read_context():
    from analysis.corpus.records import Context

    return Context()


def test_the_year_may_stand_in_the_day_of_a_web_of_science_table_too(file):
    text = "PT\tAU\tTI\tSO\tPD\tPY\nJ\tNg, B\tA\tLegs\tAug 1 2019\t2019\nJ\tNg, B\tB\tLegs\tOct 2019\t2019\n"
    text += "J\tNg, B\tC\tLegs\tDEC 15\t2019\n"
    spans = [record.span for record in read_with(CSV, file(text)).records]
    days = [(span.first.isoformat(), span.precision) for span in spans]
    assert days == [("2019-08-01", "day"), ("2019-10-01", "month"), ("2019-12-15", "day")]


def test_cells_guarded_as_formulas_for_excel_are_read_without_their_guard(file):
    text = "Article Title,Author,Publication Date,Accession Number,Abstract,PLink\n"
    text += '"Legs","Ng, Ann; Bee, Cy",="4/3/2024","17","We walk.","https://example.org/17"\n'
    text += '"Arms","Ng, Ann",="Jun2023","18","We lift.","https://example.org/18"\n'
    legs, arms = read_with(CSV, file(text)).records
    assert (legs.paper_id, legs.authors, legs.span.first.isoformat()) == ("17", ("Ng, Ann", "Bee, Cy"), "2024-04-03")
    assert (arms.span.first.isoformat(), arms.span.precision) == ("2023-06-01", "month")
