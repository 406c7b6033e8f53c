import json

from analysis.corpus.formats.json.generic import JSON_FORMATS
from tests.corpus.made_sources import read_with

DBLP = next(form for form in JSON_FORMATS if form.name == "DBLP search")
INFO = {
    "authors": {"author": [{"@pid": "1/2", "text": "Ann Ng 0003"}, {"@pid": "3/4", "text": "Cy Bee"}]},
    "title": "Arms of steel.",
    "venue": ["ICARM", "Workshops"],
    "year": "2023",
    "type": "Conference and Workshop Papers",
    "key": "conf/icarm/NgB23",
    "doi": "10.1000/ARMS",
    "ee": "https://doi.org/10.1000/ARMS",
    "url": "https://dblp.org/rec/conf/icarm/NgB23",
}


def read(tmp_path, hits):
    path = tmp_path / "dblp.json"
    path.write_text(json.dumps({"result": {"query": "arms", "hits": {"@total": "2", "hit": hits}}}))
    return read_with(DBLP, path)


def test_hits_are_read_and_the_lack_of_abstracts_is_said(tmp_path):
    solo = INFO | {
        "authors": {"author": {"@pid": "1/2", "text": "Ann Ng 0003"}},
        "doi": None,
        "ee": "https://arxiv.org/abs/2305.00010",
    }
    records, _, notes, _ = read(tmp_path, [{"@id": "1", "info": INFO}, {"@id": "2", "info": solo}])
    first, second = records
    assert (first.title, first.authors, first.venue) == ("Arms of steel", ("Ann Ng", "Cy Bee"), "ICARM")
    assert (first.paper_id, first.doi, first.span.precision) == ("conf/icarm/NgB23", "10.1000/arms", "year")
    assert (second.authors, second.arxiv_id) == (("Ann Ng",), "2305.00010")
    assert any("DBLP holds no abstracts" in note for note in notes)


def test_a_volume_is_set_aside_and_a_single_hit_is_read(tmp_path):
    _, (found,), _, _ = read(tmp_path, [{"@id": "1", "info": INFO | {"type": "Editorship"}}])
    assert "volume of proceedings" in found.reason
    assert len(read(tmp_path, {"@id": "1", "info": INFO}).records) == 1
