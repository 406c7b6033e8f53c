"""Tables come back as they were written, and damage is told."""

import dataclasses
import json
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.config import InputError
from analysis.results import TABLES, Tables, describe_tables, hash_tables, read_tables, write_tables
from analysis.results.store import read_table
from tests.made_study import make_tables

FRAMES = [name.rpartition("/")[2] for name in TABLES]
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
CELLS = {
    "text": st.none() | WORDS,
    "date": st.none() | st.dates(),
    "bool": st.none() | st.booleans(),
    "int": st.none() | st.integers(-(2**53), 2**53),
    "float": st.none() | st.floats(allow_infinity=False, allow_nan=False),
    "number": st.none() | st.integers(0, 10**6) | st.floats(0, 1e6),
    "texts": st.none() | st.lists(WORDS, max_size=3),
    "phrases": st.none() | st.lists(st.fixed_dictionaries({"phrase": WORDS, "weight": st.floats(0, 1)}), max_size=3),
}


def build_frame(columns, rows):
    types = {column.name: column.type for column in columns if column.name != "*"}
    frame = pd.DataFrame({name: pd.Series([row[name] for row in rows], dtype=object) for name in types})
    for name, kind in types.items():
        if kind == "int":
            frame[name] = frame[name].astype("Int64")
        elif kind in ("float", "number"):
            frame[name] = frame[name].astype(float)
        elif kind == "bool":
            frame[name] = frame[name].astype("boolean")
    return frame


@cache
def empty_tables():
    return Tables(**{name.rpartition("/")[2]: build_frame(TABLES[name], []) for name in TABLES}, run={"seed": 1})


def as_lists(frame):
    """Values without the types that pandas dresses them in."""
    columns = {}
    for name in frame:
        values = []
        for value in frame[name].tolist():
            if isinstance(value, np.ndarray | list):
                values.append(list(value))
            elif value is None or pd.isna(value):
                values.append(None)
            else:
                values.append(value.date() if isinstance(value, pd.Timestamp) else value)
        columns[name] = values
    return columns


def test_every_table_comes_back_as_it_was_written(tmp_path):
    tables = make_tables()
    write_tables(tables, tmp_path)
    found = read_tables(tmp_path)
    for name in FRAMES:
        wanted, read = as_lists(getattr(tables, name)), as_lists(getattr(found, name))
        order = [column.name for column in TABLES[next(key for key in TABLES if key.endswith(f"/{name}"))]]
        assert [column for column in read if column in order] == [column for column in order if column != "*"]
        dates = {key: [str(value)[:10] if value else None for value in wanted[key]] for key in wanted}
        for key in wanted:
            if "published" in key or key.startswith("period"):
                assert [str(value) if value else None for value in read[key]] == dates[key], (name, key)
            else:
                assert read[key] == wanted[key], (name, key)
    assert found.run == {"schema": 3, **tables.run}


def test_written_again_after_reading_the_bytes_are_the_same(tmp_path):
    write_tables(make_tables(), tmp_path / "one")
    write_tables(read_tables(tmp_path / "one"), tmp_path / "two")
    assert hash_tables(tmp_path / "one") == hash_tables(tmp_path / "two")


def test_empty_tables_keep_their_columns_and_types(tmp_path):
    write_tables(empty_tables(), tmp_path)
    found = read_tables(tmp_path)
    assert len(found.papers) == 0
    assert str(found.papers["published"].dtype).startswith("datetime64")
    assert str(found.papers["topic"].dtype) == "int64"
    assert str(found.trends["p"].dtype) == "float64"


@pytest.mark.parametrize("name", TABLES)
@settings(max_examples=15)
@given(data=st.data())
def test_any_values_and_nulls_come_back(tmp_path_factory, name, data):
    folder = tmp_path_factory.mktemp("data")
    row = {column.name: CELLS[column.type] for column in TABLES[name] if column.name != "*"}
    rows = data.draw(st.lists(st.fixed_dictionaries(row), min_size=1, max_size=4))
    frame = build_frame(TABLES[name], rows)
    short = name.rpartition("/")[2]
    with pytest.MonkeyPatch.context() as patch:
        # This table alone: writing and reading the empty ones takes nearly all of the time.
        patch.setattr("analysis.results.store.TABLES", {name: TABLES[name]})
        (folder / "results").mkdir()
        write_tables(dataclasses.replace(empty_tables(), **{short: frame}), folder)
    found = as_lists(read_table(folder / f"{name}.parquet", TABLES[name]))
    assert found == {key: [row[key] for row in rows] for key in row}


def test_counts_are_whole_numbers_unless_papers_are_split(tmp_path):
    shares = make_tables(12, n_years=3).shares
    for counts, dtype in ((shares["count"], "int64"), (shares["count"] + 0.25, "float64")):
        write_tables(dataclasses.replace(empty_tables(), shares=shares.assign(count=counts)), tmp_path)
        found = read_tables(tmp_path).shares["count"]
        assert str(found.dtype) == dtype
        assert found.tolist() == counts.tolist()


def test_what_was_not_measured_is_neither_true_nor_false(tmp_path):
    trends = make_tables().trends
    for holds, dtype in (([True, pd.NA, False, True, pd.NA], "boolean"), ([True] * 5, "bool")):
        kept = trends.assign(holds_without_doubtful=pd.array(holds, dtype="boolean"))
        write_tables(dataclasses.replace(empty_tables(), trends=kept), tmp_path)
        found = read_tables(tmp_path).trends["holds_without_doubtful"]
        assert str(found.dtype) == dtype
        assert found.isna().tolist() == [value is pd.NA for value in holds]


def test_scores_of_any_number_of_named_themes_are_kept(tmp_path):
    scores = pd.DataFrame({"paper_id": ["a", "b"], "robotics": [0.1, np.nan], "unassigned-2": [1.0, 0.0]})
    write_tables(dataclasses.replace(empty_tables(), theme_scores=scores), tmp_path)
    assert as_lists(read_tables(tmp_path).theme_scores) == as_lists(scores)


def test_label_columns_of_the_source_are_kept_as_text(tmp_path):
    papers = make_tables(5, n_years=2).papers.assign(label_area=["a", None, "c", "", "e"])
    write_tables(dataclasses.replace(empty_tables(), papers=papers), tmp_path)
    assert as_lists(read_tables(tmp_path).papers)["label_area"] == ["a", None, "c", "", "e"]


def test_a_table_that_lacks_a_column_is_not_written(tmp_path):
    tables = make_tables()
    with pytest.raises(KeyError, match="table lacks the columns label, size"):
        write_tables(dataclasses.replace(tables, topics=tables.topics.drop(columns=["label", "size"])), tmp_path)


@pytest.fixture
def written(tmp_path):
    write_tables(make_tables(12, n_years=3), tmp_path / "data")
    return tmp_path / "data"


def test_no_results_at_all_says_how_to_get_them(tmp_path):
    with pytest.raises(InputError, match=r"this study has no results yet. Run `themeline run"):
        read_tables(tmp_path / "data")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"schema": 2}', "results of schema version 2, but this version reads 3. Run the study again."),
        ("{}", "results of schema version None"),
        ("[]", "damaged"),
        ("", "damaged"),
        ("{", "damaged"),
        ("[" * 100_000, "damaged"),
    ],
)
def test_a_record_of_another_version_or_damaged_is_told(written, text, message):
    (written / "results" / "run.json").write_text(text)
    with pytest.raises(InputError, match=message):
        read_tables(written)


@pytest.mark.parametrize("name", TABLES)
def test_a_missing_or_damaged_table_is_told_by_its_path(written, name):
    path = written / f"{name}.parquet"
    whole = path.read_bytes()
    for damaged in (b"", b"PAR1", whole[: len(whole) // 2], b"no table" * 99):
        path.write_bytes(damaged)
        with pytest.raises(InputError, match=rf"{path.name}: damaged .*Run the study again"):
            read_tables(written)
    path.unlink()
    with pytest.raises(InputError, match=rf"{path.name}: this table is missing"):
        read_tables(written)
    path.mkdir()
    with pytest.raises(InputError, match=rf"{path.name}: damaged"):
        read_tables(written)


def test_a_table_in_the_place_of_another_is_told(written):
    (written / "results" / "topics.parquet").write_bytes((written / "results" / "themes.parquet").read_bytes())
    with pytest.raises(InputError, match=r"topics.parquet: columns missing or of another type: topic, parent, theme_p"):
        read_tables(written)


@settings(max_examples=150)
@given(at=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_flipped_bit_never_ends_in_a_traceback(tmp_path_factory, at, bit):
    folder = tmp_path_factory.getbasetemp() / "flipped"
    if not folder.exists():
        write_tables(make_tables(12, n_years=3), folder)
    content = bytearray((folder / "results" / "topics.parquet").read_bytes())
    content[int(at * len(content))] ^= 1 << bit
    (folder / "topics.parquet").write_bytes(content)
    try:
        read_table(folder / "topics.parquet", TABLES["results/topics"])
    except InputError as error:
        told = str(error)
    else:
        told = "topics.parquet: "  # Most flips change a value and no more.
    assert "topics.parquet: " in told


def test_the_dictionary_lists_every_column():
    text = describe_tables()
    for name, columns in TABLES.items():
        assert f"### `{name}.parquet`" in text
        for column in columns:
            assert f"| `{column.name}` | {column.type} |" in text


def test_the_record_is_readable_text(written):
    text = (written / "results" / "run.json").read_text(encoding="utf-8")
    assert next(iter(json.loads(text))) == "schema"
    assert text.endswith("}\n")


def test_records_set_aside_are_written_as_lines_too(written):
    lines = (written / "results" / "set_aside.jsonl").read_text(encoding="utf-8").splitlines()
    aside = make_tables(12, n_years=3).set_aside
    assert [json.loads(line) for line in lines] == aside.to_dict(orient="records")


def test_a_line_of_a_record_says_null_where_nothing_is_known(tmp_path):
    aside = pd.DataFrame({"source": ["a"], "position": [None], "reason": ["r"], "raw": ["one\u2028two\n"]}, dtype="str")
    write_tables(dataclasses.replace(empty_tables(), set_aside=aside), tmp_path)
    text = (tmp_path / "results" / "set_aside.jsonl").read_text(encoding="utf-8")
    assert json.loads(text) == {"source": "a", "position": None, "reason": "r", "raw": "one\u2028two\n"}
