"""The streaming core: what is refused, what one broken record costs, and what stays bounded."""

import time
import tracemalloc

import pytest

from analysis.config import InputError
from analysis.corpus.formats.xml import limits as xml_limits
from analysis.corpus.formats.xml.decoding import find_root
from analysis.corpus.formats.xml.elements import Part, flatten
from analysis.corpus.formats.xml.limits import MAX_DEPTH, MAX_NAMES
from analysis.corpus.formats.xml.records import read_parts
from analysis.corpus.records import Note, SetAside
from tests.corpus.made_sources import make_source


@pytest.fixture
def read(tmp_path):
    """Read the <r> of some XML: their texts, reasons of what was set aside, notes."""

    def read_it(content, **options):
        path = tmp_path / "made.xml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        source = make_source(path)
        found = list(read_parts(source, ("r",), **options))
        parts = [item for item in found if isinstance(item, Part)]
        aside = [item for item in found if isinstance(item, SetAside)]
        return parts, aside, [item.text for item in found if isinstance(item, Note)] + source.notes

    return read_it


def texts_of(parts):
    return [flatten(part.element) for part in parts]


def test_records_come_in_file_order_with_their_place_and_their_text(read):
    parts, aside, notes = read('<f day="1">\n<r>one</r>\n<o:r><t>two</t>!</o:r>\n<r/></f>')
    assert texts_of(parts) == ["one", "two!", ""]
    assert [part.position for part in parts] == ["r 1 (line 2)", "r 2 (line 3)", "r 3 (line 4)"]
    assert [part.raw for part in parts] == ["<r>one</r>", "<o:r><t>two</t>!</o:r>", "<r/>"]
    assert parts[0].within == {"f": {"day": "1"}}
    assert (aside, notes) == ([], [])


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ("<r><t>x</r>", "mismatched tag"),
        ("<r>this & that</r>", "invalid token"),
        ("<r a=b>x</r>", "invalid token"),
        ("<r>&#0;</r>", "invalid character number"),
        ("<r><t>x</t>", "another <r> begins"),
        ("<r>x<!-- never closed</r>", "unclosed token"),
        ("<r><![CDATA[never closed</r>", "unclosed CDATA"),
        (f"<r>{'<a>' * (MAX_DEPTH + 1)}</r>", "nested deeper"),
        (f"<r>{'<a/>' * 200_001}</r>", "more than 200,000 elements"),
        (f"<r>{'x' * 17 * 2**20}</r>", "longer than 16 MiB"),
        (f'<r a="{"x" * 3 * 2**20}">x</r>', "longer than 2 MiB"),
    ],
    ids=lambda value: value[:20],
)
def test_a_broken_record_costs_itself_alone(read, broken, reason):
    parts, aside, notes = read(f"<f>\n<r>one</r>\n{broken}\n<r>three</r>\n<r>four</r></f>")
    assert texts_of(parts) == ["one", "three", "four"]
    assert [part.position for part in parts] == ["r 1 (line 2)", "r 3 (line 4)", "r 4 (line 5)"]
    assert [item.position for item in aside] == ["r 2 (line 3)"]
    assert reason in aside[0].reason
    assert aside[0].raw.startswith(broken[:100])
    assert len(aside[0].raw) < 21_000
    assert notes == []


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE f [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>',
        f'<!DOCTYPE f [<!ENTITY a "{"x" * 100_000}">]>',
        '<!DOCTYPE f [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE f [<!ENTITY % p SYSTEM "http://127.0.0.1/x.dtd"> %p;]>',
        '<!DOCTYPE f SYSTEM "x.dtd" [<!ATTLIST r a CDATA "added">]>',
    ],
    ids=["billion laughs", "quadratic", "external", "parameter", "attributes"],
)
def test_a_doctype_that_declares_anything_is_refused(read, doctype):
    with pytest.raises(InputError, match="DOCTYPE declares entities or rules of its own"):
        read(f"{doctype}<f><r>&a;{'&b;' * 10_000}</r></f>")


def test_a_doctype_that_only_names_a_dtd_is_read_and_nothing_is_fetched(read, tmp_path):
    (tmp_path / "own.dtd").write_text('<!ENTITY own "fetched">')
    parts, _, _ = read('<!DOCTYPE f PUBLIC "-//X//Y" "own.dtd">\n<f><r>J&uuml;rgen &Eacute; &own;</r></f>')
    assert texts_of(parts) == ["Jürgen É &own;"]


def test_named_entities_need_no_doctype(read):
    assert texts_of(read("<f><r>Zo&euml; &amp; &#233;</r></f>")[0]) == ["Zoë & é"]


def test_documents_that_follow_one_another_are_all_read(read):
    one = '<?xml version="1.0"?>\n<f n="1"><r>{}</r></f>\n'
    parts, aside, notes = read(one.format("a") + one.format("b") + "<g><r>c</r></g><r>d</r>")
    assert texts_of(parts) == ["a", "b", "c", "d"]
    assert list(parts[2].within) == ["g"]
    assert parts[1].position == "r 2 (line 4)"
    assert (aside, notes) == ([], [])


def test_after_a_break_the_elements_around_are_still_known(read):
    parts, aside, _ = read('<c><v id="1"><r>a</r><r>b</v><v id="2"><r>c</r></v></c>')
    assert [part.within["v"]["id"] for part in parts] == ["1", "2"]
    assert len(aside) == 1


def test_a_file_cut_short_keeps_what_was_whole(read):
    parts, aside, _ = read("<f>\n<r>one</r>\n<r>two<t>")
    assert texts_of(parts) == ["one"]
    assert [(item.position, item.reason) for item in aside] == [
        ("r 2 (line 3)", "cut short: the file ends (line 3) before its last tag")
    ]
    _, aside, notes = read("<f>\n<r>one</r>\n")
    assert aside == []
    assert "cut short" in notes[0]


@pytest.mark.parametrize("content", ["<f><a></f>", "<f", "plain text", "<a>" * 100_000])
def test_a_file_without_one_sound_record_is_refused_with_the_line(read, content):
    with pytest.raises(InputError, match=r"made.xml: .*line 1.* No record was found"):
        read(content)


def test_a_sound_file_without_records_says_so(read):
    assert read("<f><a/></f>") == ([], [], ["made.xml: well-formed, but it holds no r."])


@pytest.mark.parametrize(
    ("declared", "written", "said"),
    [
        ("utf-8", "utf-8-sig", ""),
        ("utf-16", "utf-16", ""),
        ("utf-16", "utf-8", ""),
        ("iso-8859-1", "iso-8859-1", ""),
        ("windows-1252", "cp1252", ""),
        ("utf-8", "cp1252", "not UTF-8"),
        ("iso-8859-1", "utf-8", "declares iso-8859-1, but its bytes are UTF-8"),
        ("no-such-code", "utf-8", ""),
        ("zlib", "utf-8", ""),
    ],
)
def test_the_encoding_is_told_by_the_bytes_where_the_declaration_is_wrong(read, declared, written, said):
    text = f'<?xml version="1.0" encoding="{declared}"?>\n<f><r>Gödel, Émile</r></f>'
    parts, _, notes = read(text.encode(written))
    assert texts_of(parts) == ["Gödel, Émile"]
    assert said in "".join(notes)
    assert bool(notes) == bool(said)


def test_a_character_cut_by_the_reading_of_pieces_is_whole(read):
    word = "ü" * 300_001
    parts, _, notes = read(f"<f><r>{word}</r></f>")
    assert texts_of(parts) == [word]
    assert notes == []


def test_control_characters_are_read_as_blanks_and_counted(read):
    parts, _, notes = read(b"<f><r>a\x00b\x0bc</r></f>")
    assert texts_of(parts) == ["a b c"]
    assert notes == ["made.xml: 2 control characters, which XML does not allow, were read as blanks."]


def test_what_is_skipped_is_not_built(read):
    parts, _, _ = read("<f><r>a<body>b<c/><body>x</body></body>d</r></f>", skipped=("body",))
    assert texts_of(parts) == ["ad"]


def test_reading_resumes_at_records_and_not_at_what_stands_beside_them(read):
    parts, _, _ = read("<f><u>1</u><r>x & y <u>2</u></r><r>z</r></f>", beside=("u",))
    assert texts_of(parts) == ["1", "z"]


def test_names_without_end_are_not_remembered(read):
    names = "".join(f"<a{n}/>" for n in range(MAX_NAMES + 100_000))
    parts, _, notes = read(f"<f><r>one</r>{names}<r>two</r></f>")
    assert texts_of(parts) == ["one", "two"]
    assert "different names" in notes[0]


@pytest.mark.parametrize("unit", ["<r>{}", "<r>{}</r>"], ids=["broken records", "documents"])
def test_a_file_that_breaks_off_again_and_again_is_left_after_a_bounded_number(read, monkeypatch, unit):
    monkeypatch.setattr(xml_limits, "MAX_BROKEN", 100)
    parts, aside, notes = read(unit.format("x" * 2000) * 2_000)
    assert 100 <= len(parts) + len(aside) < 300
    assert "the rest is not read" in notes[0]


@pytest.mark.parametrize("unit", ["<r><![CDATA[ ", "<r><?a ", "<r><!-- a -- "])
def test_going_back_after_a_break_is_bounded(read, unit):
    _, aside, _ = read("<f>" + unit * 20_000)
    assert aside


def test_memory_does_not_grow_with_the_file(tmp_path):
    path = tmp_path / "made.xml"
    record = f"<r><t>{'many words in a record ' * 20}</t></r>"
    peaks = []
    for n_records in (2_000, 20_000):
        path.write_text(f"<f>{record * n_records}</f>")
        source = make_source(path)
        tracemalloc.start()
        n_parts = sum(1 for _ in read_parts(source, ("r",)))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert n_parts == n_records
    assert peaks[1] < 1.2 * peaks[0]


def test_the_root_is_found_behind_prolog_and_comments(tmp_path):
    path = tmp_path / "made.xml"
    path.write_text('\ufeff<?xml version="1.0"?>\n<!-- <no> -->\n<!DOCTYPE x SYSTEM "x.dtd">\n<p:x a="1">rest', "utf-8")
    assert find_root(make_source(path)) == ("x", '<p:x a="1">', "rest")
    for text in ("plain", "<", "<?xml", '{"a": "<b>"}'):
        path.write_text(text)
        assert find_root(make_source(path)) is None


@pytest.mark.parametrize(
    "head", ["<" + "A" * 250_000, "<!DOCTYPE " + "]" * 250_000, "<" + "a:" * 120_000, "<?" * 120_000]
)
def test_no_head_takes_long_to_recognise(tmp_path, head):
    path = tmp_path / "made.xml"
    path.write_text(head)
    source = make_source(path)
    begin = time.perf_counter()
    assert find_root(source) is None
    assert time.perf_counter() - begin < 2
