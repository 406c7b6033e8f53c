import datetime as dt
import gzip
import json

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis.config import InputError
from analysis.corpus.formats.tables.parquet import OUR_KEY, PARQUET
from analysis.corpus.records import Context
from tests.corpus.made_sources import make_source, read_with


@pytest.fixture
def table(tmp_path):
    """Write columns as Parquet and return the path."""

    def write(columns, name="papers.parquet", metadata=None, **options):
        made = pa.table(columns)
        pq.write_table(made.replace_schema_metadata(metadata), tmp_path / name, **options)
        return tmp_path / name

    return write


def test_a_table_of_another_hand_is_read_with_its_types(table):
    day = dt.datetime(2023, 5, 6)
    path = table(
        {
            "Title": ["A", "B"],
            "abstract": ["x", None],
            "date": pa.array([day, None], pa.timestamp("us")),
            "id": [7, 8],
            "authors": pa.array([[{"name": "Ann Ng"}], []]),
            "keywords": [["arm", "hand"], None],
            "raw": [b"\x00\xff", None],
        }
    )
    first, second = read_with(PARQUET, path).records
    assert (first.title, first.paper_id, first.authors, first.span.first) == ("A", "7", ("Ann Ng",), day.date())
    assert first.labels == {"keywords": "arm; hand"}
    assert (second.abstract, second.span, second.position) == ("", None, "row 2")


def test_texts_stored_as_bytes_are_decoded(table):
    path = table({"title": pa.array(["Café".encode()], pa.binary())})
    assert read_with(PARQUET, path).records[0].title == "Café"


def test_many_row_groups_and_packed_files_are_read_in_order(table, tmp_path):
    path = table({"title": [f"T{number}" for number in range(2_500)]}, row_group_size=700)
    expected = [f"T{number}" for number in range(2_500)]
    packed = tmp_path / "papers.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    for source in (path, packed):
        assert [record.title for record in read_with(PARQUET, source).records] == expected


def test_a_table_of_ours_keeps_its_sources_and_its_day(table):
    ours = {OUR_KEY: json.dumps({"corpus": 1, "captured": "2024-05-06"})}
    columns = {
        "paper_id": ["a"],
        "title": ["A"],
        "published": [dt.date(2023, 2, 1)],
        "published_precision": ["month"],
        "published_kind": ["online"],
        "published_inferred": [True],
        "authors": [["van Bee, Cy Lee"]],
        "source": ["x.bib"],
        "position": ["item 3"],
        "label_area": ["robots"],
    }
    path = table(columns, metadata=ours)
    read = read_with(PARQUET, path)
    (record,) = read.records
    assert (record.source, record.position, record.labels) == ("x.bib", "item 3", {"area": "robots"})
    assert (record.span.last, record.span.inferred, record.date_kind) == (dt.date(2023, 2, 28), True, "online")
    assert record.authors == ("van Bee, Cy Lee",)
    assert (read.captured.day, read.captured.stated_by, read.notes) == (dt.date(2024, 5, 6), "file", [])
    assert read_with(PARQUET, path, captured=dt.date(2024, 1, 1)).captured is None


def test_a_table_without_titles_is_refused_until_its_columns_are_named(table):
    path = table({"name": ["A"]})
    with pytest.raises(InputError, match=r"columns found: name\).*--map title=COLUMN"):
        read_with(PARQUET, path)
    assert read_with(PARQUET, path, columns={"title": "name"}).records[0].title == "A"


@pytest.mark.parametrize("keep", [8, 200, -30])
def test_a_damaged_file_ends_in_a_message(table, keep):
    path = table({"title": [f"T{number}" for number in range(1_000)]})
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(InputError, match="damaged Parquet file"):
        read_with(PARQUET, path)


def test_pages_of_junk_end_in_a_message(table):
    path = table({"title": [f"T{number}" for number in range(1_000)]}, compression="zstd")
    content = bytearray(path.read_bytes())
    content[40:400] = b"\xff" * 360
    path.write_bytes(bytes(content))
    with pytest.raises(InputError, match="damaged Parquet file"):
        read_with(PARQUET, path)


@pytest.mark.parametrize("nested", [False, True])
def test_one_text_that_fills_every_row_is_refused(table, nested):
    text = "word " * 200_000
    texts = pa.array([0] * 3_000, pa.int32())
    column = pa.DictionaryArray.from_arrays(texts, [text])
    if nested:
        column = pa.ListArray.from_arrays(pa.array(range(3_001), pa.int32()), column)
    path = table({"title": ["A"] * 3_000, "keywords" if nested else "abstract": column}, compression="zstd")
    assert path.stat().st_size < 2**20
    source = make_source(path)
    with pytest.raises(InputError, match="unpacks to more than 256 MiB"):
        list(PARQUET.read(source, Context()))


def test_more_columns_than_papers_have_are_refused(table):
    path = table({f"c{number}": [1] for number in range(20_000)})
    with pytest.raises(InputError, match="20000 columns; at most 16384 are read"):
        read_with(PARQUET, path)


def test_a_data_frame_that_pandas_wrote_is_read(tmp_path):
    frame = pd.DataFrame({"title": ["A"], "published": pd.to_datetime(["2023-05-06"])}, index=[5])
    frame.to_parquet(tmp_path / "p.parquet")
    (record,) = read_with(PARQUET, tmp_path / "p.parquet").records
    assert (record.title, record.span.first) == ("A", dt.date(2023, 5, 6))
