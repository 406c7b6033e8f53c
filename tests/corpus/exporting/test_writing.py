"""What the exports look like to other programs, and what they do with text that means harm."""

import csv
import datetime as dt
import json
import os

import bibtexparser
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import rispy

from analysis.config import InputError
from analysis.corpus.exporting import EXPORTS, write_papers
from analysis.corpus.formats.bibtex.reading import BIBTEX
from analysis.corpus.formats.tagged.ris import RIS
from tests.corpus.made_sources import read_with

PAPERS = pd.DataFrame(
    {
        "paper_id": ["lovelace", "ng 2", "NG-2"],
        "title": ["Gaits of robots", "Arms & legs", "Toes"],
        "abstract": ["Legs are hard.", "", None],
        "published": pd.to_datetime(["2019-05-01", "2020-03-04", None]),
        "published_end": pd.to_datetime(["2019-05-31", "2020-03-04", None]),
        "published_precision": ["month", "day", "none"],
        "authors": [["Lovelace, Ada", "Kurt Gödel"], ["Barnes and Noble"], []],
        "venue": ["Journal of Legs", "Proceedings of Limbs", None],
        "doi": ["10.1000/legs_7", None, None],
        "arxiv_id": [None, None, "2301.00001"],
        "label_keywords": ["gait; legs", None, None],
        "theme": ["robotics", "robotics", None],
        "map_x": [0.5, -1.25, float("nan")],
    }
)
HOSTILE = [
    "a\nER  - \nTY  - JOUR\nTI  - forged",
    "a},\n}\n@article{forged, title = {forged}",
    "\x00\x07\x1b[31m\x9b",
    "{" * 50,
    "\\",
    '"; DROP',
    "\u2028@misc{forged,\u2029",
]


@pytest.fixture
def read(tmp_path):
    def write(papers, name, **options):
        return write_papers(papers, tmp_path / name, **options).read_text("utf-8")

    return write


def test_an_independent_parser_reads_the_bibtex(read):
    library = bibtexparser.parse_string(read(PAPERS, "p.bib"))
    assert not library.failed_blocks
    assert [(entry.entry_type, entry.key) for entry in library.entries] == [
        ("article", "lovelace"), ("inproceedings", "ng-2"), ("misc", "NG-2-2"),
    ]  # fmt: skip
    first, second, third = ({field.key: field.value for field in entry.fields} for entry in library.entries)
    assert (first["date"], first["year"], first["month"]) == ("2019-05", "2019", "may")
    assert first["author"] == "Lovelace, Ada and Kurt Gödel"
    assert (first["journal"], first["doi"], first["theme"]) == ("Journal of Legs", "10.1000/legs_7", "robotics")
    assert (second["booktitle"], second["author"]) == ("Proceedings of Limbs", "{Barnes and Noble}")
    assert second["title"] == r"Arms \& legs"
    assert (third["eprint"], third["archiveprefix"], "date" in third) == ("2301.00001", "arXiv", False)


def test_an_independent_parser_reads_the_ris(read):
    first, second, third = rispy.loads(read(PAPERS, "p.ris"))
    assert [entry["type_of_reference"] for entry in (first, second, third)] == ["JOUR", "CONF", "GEN"]
    assert (first["title"], first["secondary_title"]) == ("Gaits of robots", "Journal of Legs")
    assert (first["year"], first["date"], second["date"]) == ("2019", "2019/05//", "2020/03/04/")
    assert (first["authors"], first["keywords"]) == (["Lovelace, Ada", "Kurt Gödel"], ["gait", "legs"])
    assert (first["id"], first["doi"]) == ("lovelace", "10.1000/legs_7")


def test_the_csl_json_has_the_types_and_names_of_its_schema(read):
    first, second, third = json.loads(read(PAPERS, "p.json"))
    assert [item["type"] for item in (first, second, third)] == ["article-journal", "paper-conference", "article"]
    assert first["author"] == [{"family": "Lovelace", "given": "Ada"}, {"family": "Gödel", "given": "Kurt"}]
    assert (first["issued"], second["issued"]) == ({"date-parts": [[2019, 5]]}, {"date-parts": [[2020, 3, 4]]})
    assert (first["container-title"], first["DOI"], "issued" in third) == ("Journal of Legs", "10.1000/legs_7", False)


def test_the_csv_holds_every_column_and_no_formula(tmp_path):
    papers = PAPERS.assign(title=["=1+1", "-2", "'=x"], authors=[np.array(["@a; b", "c"]), None, []])
    with write_papers(papers, tmp_path / "p.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["title"] for row in rows] == ["'=1+1", "'-2", "''=x"]
    assert rows[0]["authors"] == '["@a; b", "c"]'
    assert (rows[0]["published"], rows[2]["published"]) == ("2019-05-01", "")
    assert (rows[1]["map_x"], rows[2]["map_x"], rows[2]["theme"]) == ("-1.25", "", "")


def test_the_parquet_keeps_its_types_where_a_column_is_null_throughout(tmp_path):
    papers = PAPERS.assign(pmid=None, n_comments=pd.Series([None] * 3, dtype="Int64"), label_area=None)
    schema = pq.read_schema(write_papers(papers, tmp_path / "p.parquet"))
    assert schema.field("published").type == pa.date32()
    assert schema.field("authors").type == pa.list_(pa.string())
    assert (schema.field("pmid").type, schema.field("label_area").type) == (pa.string(), pa.string())
    assert (schema.field("n_comments").type, schema.field("map_x").type) == (pa.int64(), pa.float64())


@pytest.mark.parametrize(("name", "form"), [("p.bib", BIBTEX), ("p.ris", RIS)])
@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_ends_its_field(tmp_path, name, form, text):
    columns = ("paper_id", "title", "abstract", "venue", "doi", "url", "label_area", "label_keywords")
    papers = pd.DataFrame({name: [text] for name in columns} | {"authors": [[text]]})
    write_papers(papers, tmp_path / name)
    found = read_with(form, tmp_path / name)
    assert (len(found.records), found.set_aside) == (1, [])
    assert "forged" not in (found.records[0].paper_id, found.records[0].title)
    assert not any("looks like a field" in note for note in found.notes)


@pytest.mark.parametrize("name", EXPORTS)
def test_the_same_papers_give_the_same_bytes_also_for_none(tmp_path, name):
    for papers in (PAPERS, PAPERS.iloc[:0]):
        first = write_papers(papers, tmp_path / "p", format=name).read_bytes()
        assert write_papers(papers, tmp_path / "p", format=name).read_bytes() == first


def test_two_ids_that_differ_in_capitals_alone_get_two_keys(read):
    text = read(pd.DataFrame({"paper_id": ["a", "A", "a-2", ""], "title": list("xyzw")}), "p.bib")
    assert [entry.key for entry in bibtexparser.parse_string(text).entries] == ["a", "A-2", "a-2-2", "paper"]


def test_a_date_alone_is_a_day(read):
    papers = pd.DataFrame({"paper_id": ["a"], "title": ["A"], "published": [dt.date(2020, 3, 4)]})
    assert "date = {2020-03-04}" in read(papers, "p.bib")


def test_a_format_or_a_column_that_lacks_is_told(tmp_path):
    with pytest.raises(InputError, match=r"'.docx', means no format\. Give one of 'bibtex', 'ris'"):
        write_papers(PAPERS, tmp_path / "p.docx")
    with pytest.raises(InputError, match="format = 'word'"):
        write_papers(PAPERS, tmp_path / "p.bib", format="word")
    with pytest.raises(InputError, match="no column paper_id"):
        write_papers(PAPERS[["title"]], tmp_path / "p.bib")
    assert not list(tmp_path.iterdir())


def test_a_write_that_fails_leaves_the_old_file_and_no_litter(tmp_path, monkeypatch):
    path = write_papers(PAPERS, tmp_path / "new" / "p.bib")
    before = path.read_bytes()
    monkeypatch.setattr(os, "replace", lambda *paths: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        write_papers(PAPERS.iloc[:1], path)
    assert [item.name for item in path.parent.iterdir()] == ["p.bib"]
    assert path.read_bytes() == before
