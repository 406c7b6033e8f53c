import datetime as dt
import time
import zipfile

import openpyxl
import pytest

from analysis.config import InputError
from analysis.corpus.formats.tables.xlsx import XLSX
from analysis.corpus.records import Context
from tests.corpus.made_sources import make_source, read_with


@pytest.fixture
def book(tmp_path):
    """Write sheets (name to rows) as a workbook and return the path."""

    def write(name="papers.xlsx", **sheets):
        made = openpyxl.Workbook()
        made.remove(made.active)
        for title, rows in sheets.items():
            sheet = made.create_sheet(title)
            for row in rows:
                sheet.append(row)
        made.save(tmp_path / name)
        return tmp_path / name

    return write


def repack(path, **changed):
    """The workbook at `path` with some parts replaced (their names without folder and ending)."""
    with zipfile.ZipFile(path) as archive:
        parts = {member.filename: archive.read(member) for member in archive.infolist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, changed.get(name.rsplit("/")[-1].removesuffix(".xml"), content))
    return path


HEADER = ["Title", "Abstract", "Publication Date", "Year", "Authors", "pages"]


def test_cells_keep_their_types_and_rows_their_numbers(book):
    day = dt.datetime(2024, 5, 6)
    rows = [
        HEADER,
        ["A", "a\nb", day, 2024, "Ng, A.; Bee, C.", 9],
        [],
        ["B", None, None, 2021.0],
        ["C", None, dt.date(2020, 1, 2)],
    ]
    read = read_with(XLSX, book(Papers=rows))
    first, second, third = read.records
    assert (first.title, first.abstract, first.authors) == ("A", "a\nb", ("Ng, A.", "Bee, C."))
    assert (first.span.first, second.span.precision, third.span.first) == (day.date(), "year", dt.date(2020, 1, 2))
    assert [record.position for record in read.records] == ["row 2", "row 4", "row 5"]
    assert '"Abstract":"a\\nb"' in first.raw


def test_the_first_sheet_with_a_header_is_read_and_the_others_are_noted(book):
    papers = [
        ["SEARCH QUERY", "robots:ti"],
        ["----"],
        [],
        ["Title", "PUI", "Author Names"],
        ["A", "L1", "Ng A., Bee C."],
    ]
    read = read_with(XLSX, book(About=[["made by"], ["us"]], Papers=papers, More=papers))
    assert [record.authors for record in read.records] == [("Ng A.", "Bee C.")]
    assert any("sheet 'Papers' is read, 'About', 'More' not" in note for note in read.notes)
    assert any("the header is row 4" in note for note in read.notes)


def test_a_workbook_without_titles_is_refused_until_its_columns_are_named(book):
    path = book(One=[["name", "text"], ["A", "b"]])
    with pytest.raises(InputError, match=r"papers.xlsx, sheet 'One': no column 'title' .*columns found: name, text"):
        read_with(XLSX, path)
    assert [record.title for record in read_with(XLSX, path, columns={"title": "name"}).records] == ["A"]
    with pytest.raises(InputError, match="no sheet of this workbook holds a row"):
        read_with(XLSX, book(Empty=[]))


def test_a_cell_beyond_the_header_sets_its_row_aside(book):
    read = read_with(XLSX, book(One=[["title", "abstract"], ["A", "b", "c"], ["B", "b"]]))
    assert [record.title for record in read.records] == ["B"]
    assert [(item.position, item.reason) for item in read.set_aside] == [
        ("row 2", "1 filled cell stands beyond the last column of the header")
    ]


def test_a_formula_is_never_computed(book):
    read = read_with(XLSX, book(One=[["title", "abstract"], ["=1+1", "text"]]))
    assert [(record.title, record.abstract) for record in read.records] == [("", "text")]


def test_wrong_dimensions_do_not_cut_the_table(book):
    path = book(One=[["title", "abstract"], ["A", "b"]])
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    assert b'ref="A1:B2"' in sheet
    read = read_with(XLSX, repack(path, sheet1=sheet.replace(b'ref="A1:B2"', b'ref="A1"')))
    assert [(record.title, record.abstract) for record in read.records] == [("A", "b")]


def test_a_packed_workbook_and_one_in_an_archive_are_read(book, tmp_path):
    import gzip

    path = book(One=[["title"], ["A"]])
    packed = tmp_path / "papers.xlsx.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    archived = tmp_path / "papers.zip"
    with zipfile.ZipFile(archived, "w") as archive:
        archive.write(path, "sub/papers.xlsx")
    for source in (packed, archived):
        assert [record.title for record in read_with(XLSX, source).records] == ["A"]


def test_other_archives_are_not_claimed(tmp_path):
    path = tmp_path / "letter.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    assert not XLSX.recognise(make_source(path))


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("sheet1", b"<worksheet><sheetData><row"),
        ("workbook", b"not XML at all"),
        ("sheet1", b'<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'),
        ("sheet1", b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet>&a;</worksheet>'),
    ],
)
def test_a_damaged_or_hostile_part_ends_in_a_message(book, part, content):
    path = repack(book(One=[["title"], ["A"]]), **{part: content})
    with pytest.raises(InputError, match="damaged Excel workbook"):
        read_with(XLSX, path)


def test_a_truncated_workbook_ends_in_a_message(book):
    path = book(One=[["title"], *[[f"T{n}"] for n in range(500)]])
    source = make_source(path)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(InputError, match="damaged Excel workbook"):
        list(XLSX.read(source, Context()))


def test_a_bomb_is_refused_before_it_is_unpacked(book):
    path = repack(book(One=[["title"], ["A"]]), sheet1=b"<worksheet>" + b" " * 80_000_000)
    began = time.monotonic()
    with pytest.raises(InputError, match="unpacks to 76 MiB in"):
        read_with(XLSX, path)
    assert time.monotonic() - began < 2


def test_a_row_far_below_ends_in_bounded_time(book):
    rows = b'<row r="1"><c r="A1" t="inlineStr"><is><t>title</t></is></c></row>'
    far = b'<row r="99999999999"><c r="A99999999999" t="inlineStr"><is><t>A</t></is></c></row>'
    namespace = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    path = repack(book(One=[["title"], ["A"]]), sheet1=namespace + rows + far + b"</sheetData></worksheet>")
    began = time.monotonic()
    with pytest.raises(InputError, match="more than 1048576 rows"):
        read_with(XLSX, path)
    assert time.monotonic() - began < 10
