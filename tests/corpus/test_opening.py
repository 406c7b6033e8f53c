import gzip
import io
import zipfile

import pytest
import zstandard

from analysis.config import InputError
from analysis.corpus import gathering, opening
from analysis.corpus.gathering import list_files, open_sources
from tests.corpus.made_sources import make_source

TEXT = "first\r\nsecond\nthird"


def texts(source):
    return [line.text for line in source.lines()]


def pack(content: bytes, kind: str) -> bytes:
    if kind == "gzip":
        return gzip.compress(content)
    if kind == "zstd":
        return zstandard.compress(content)
    if kind == "two gzip members":
        return gzip.compress(content[:5]) + gzip.compress(content[5:])
    if kind == "two zstd frames":
        return zstandard.compress(content[:5]) + zstandard.compress(content[5:])
    return content


@pytest.mark.parametrize("kind", ["plain", "gzip", "zstd", "two gzip members", "two zstd frames"])
def test_packed_or_not_the_lines_are_the_same(file, kind):
    source = make_source(file(pack(TEXT.encode(), kind), "papers.bin"))
    assert texts(source) == ["first", "second", "third"]
    assert source.head_text == TEXT
    assert texts(source) == ["first", "second", "third"], "a source can be read again"


@pytest.mark.parametrize("content", [TEXT, "\ufeff" + TEXT, "first\rsecond\rthird"])
def test_line_ends_and_byte_order_marks_are_no_text(file, content):
    assert texts(make_source(file(content))) == ["first", "second", "third"]


@pytest.mark.parametrize(("mark", "encoding"), [(b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")])
def test_utf16_is_read_by_its_mark(file, mark, encoding):
    source = make_source(file(mark + TEXT.encode(encoding)))
    assert texts(source) == ["first", "second", "third"]
    assert source.head_text == TEXT


def test_a_line_in_another_encoding_costs_no_other_line(file):
    source = make_source(file("Köln\n".encode() + "Zürich\n".encode("cp1252") + "Łódź\n".encode() + b"\x81\n"))
    assert texts(source) == ["Köln", "Zürich", "Łódź", "\x81"]
    assert source.notes == [
        "papers.txt: 2 lines are not UTF-8 (the first is line 2) and were read as Windows-1252 (Latin-1). "
        "Check the accents, or save it as UTF-8."
    ]


def test_a_line_longer_than_any_record_is_cut_and_noted(file, monkeypatch):
    monkeypatch.setattr(opening, "MAX_LINE", 10)
    source = make_source(file("short\n" + "x" * 95 + "\nafter\n" + "y" * 10 + "\n"))
    assert texts(source) == ["short", "x" * 10, "after", "y" * 10]
    assert any("longer than" in note for note in source.notes)


@pytest.mark.parametrize("kind", ["gzip", "zstd"])
def test_a_packed_file_cut_short_is_told(file, kind):
    import random

    noise = random.Random(1).randbytes(300_000).hex().encode()
    packed = pack(noise, kind)
    source = make_source(file(packed[: len(packed) // 2], "papers.bin"))
    with pytest.raises(InputError, match=rf"papers\.bin: the {kind} file is cut short or damaged .* Fetch or copy it"):
        texts(source)


@pytest.mark.parametrize("kind", ["gzip", "zstd"])
def test_a_bomb_is_not_unpacked(file, kind, monkeypatch):
    monkeypatch.setattr(opening, "_RATIO_FROM", 2**20)
    source = make_source(file(pack(b"a" * 2**24, kind)))
    with pytest.raises(InputError, match="unpacks to more than 200 times its size"):
        texts(source)


def test_members_of_an_archive_are_sources_whose_names_lead_nowhere(tmp_path):
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../evil.bib", "one")
        archive.writestr("in/side.ris.gz", gzip.compress(b"two"))
        archive.writestr("__MACOSX/._side.ris", "junk")
        archive.writestr("README.txt", "about")
    sources = open_sources(path)
    assert [source.name for source in sources] == ["all.zip/evil.bib", "all.zip/in/side.ris.gz"]
    assert [texts(source) for source in sources] == [["one"], ["two"]]
    assert sorted(item.name for item in tmp_path.iterdir()) == ["all.zip"]


def test_an_archive_of_too_many_or_encrypted_members_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for n in range(4):
            archive.writestr(f"{n}.bib", "x")
    monkeypatch.setattr(gathering, "MAX_MEMBERS", 3)
    with pytest.raises(InputError, match="4 files in one archive, at most 3 are read"):
        open_sources(path)
    content = bytearray(path.read_bytes())
    # Bit 0 of the flags in every entry of the central directory says "encrypted".
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        content[at + 8] |= 1
        at = content.find(b"PK\x01\x02", at + 1)
    monkeypatch.undo()
    path.write_bytes(content)
    with pytest.raises(InputError, match="encrypted"):
        open_sources(path)


@pytest.mark.parametrize("content", [b"PK\x03\x04 nothing", b"PK\x03\x04" + b"\x00" * 200])
def test_a_damaged_archive_is_told(file, content):
    with pytest.raises(InputError, match="zip archive is cut short or damaged"):
        open_sources(file(content, "all.zip"))


def test_a_member_that_lies_about_its_check_sum_is_told(tmp_path):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.bib", "honest text")
    path = tmp_path / "all.zip"
    path.write_bytes(packed.getvalue().replace(b"honest", b"forged"))
    with pytest.raises(InputError, match=r"all\.zip/a\.bib: .*(CRC|damaged)"):
        texts(open_sources(path)[0])


def test_folders_and_patterns_name_their_files_once_in_order(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("b/2.csv", "b/1.csv", "a.bib", "b/.hidden", "b/1.toml", "b/README.md"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    found = list_files(["b", "*.bib", "b/*.csv", tmp_path / "a.bib"])
    assert [(file.path.as_posix(), file.is_named) for file in found] == [
        ("b/1.csv", False),
        ("b/2.csv", False),
        ("a.bib", False),
    ]


def test_what_is_not_there_is_named_all_at_once(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "void").mkdir()
    with pytest.raises(InputError) as caught:
        list_files(["gone.csv", "void", "*.ris", "bad\x00name"])
    told = str(caught.value).splitlines()
    assert len(told) == 4
    for line, said in zip(told, ("no such file", "holds no file", "no file matches", "no such file"), strict=True):
        assert said in line


def test_what_a_study_made_in_a_folder_is_no_source(tmp_path):
    made = ("data/results/papers.parquet", "figures/reports/papers.csv", "exports/papers.bib", "data/cache/x.json")
    given = ("study.toml", "raw.csv", "data/raw/more.csv")
    for name in ("papers.csv", *(f"mine/{one}" for one in (*made, *given))):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    found = [file.path.relative_to(tmp_path).as_posix() for file in list_files([tmp_path])]
    assert found == ["mine/data/raw/more.csv", "mine/raw.csv", "papers.csv"]
