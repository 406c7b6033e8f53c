import datetime as dt

import pytest

from analysis.corpus.formats.xml.acl_anthology import ACL_ANTHOLOGY
from tests.corpus.made_sources import make_source, read_with

COLLECTION = """<?xml version='1.0' encoding='UTF-8'?>
<collection id="2023.moss">
  <volume id="main" ingest-date="2023-07-08">
    <meta>
      <booktitle>Proceedings of the Workshop on <fixed-case>M</fixed-case>oss</booktitle>
      <editor><first>Ed</first><last>Itor</last></editor>
      <month>July 9-14</month><year>2023</year><venue>moss</venue><venue>ws</venue>
    </meta>
    <frontmatter><url>2023.moss-main.0</url><bibkey>moss-2023-proceedings</bibkey></frontmatter>
    <paper id="1">
      <title>Parsing <fixed-case>M</fixed-case>oss in <tex-math>O(n^2)</tex-math> <i>fast</i></title>
      <author><first>Ada</first><last>Fern</last><affiliation>Moss Lab</affiliation></author>
      <author><last>Lichen</last></author>
      <pages>1-9</pages>
      <abstract>We parse <b>moss</b> with <tex-math>\\alpha</tex-math>. See <url>https://example.org</url>.</abstract>
      <url hash="ab">2023.moss-main.1</url>
      <doi>10.18653/v1/2023.moss-main.1</doi>
      <bibkey>fern-lichen-2023-parsing</bibkey>
    </paper>
    <paper id="2"><title>Second</title><language>fra</language><retracted date="2023-09-01">Wrong.</retracted></paper>
  </volume>
  <volume id="tutorials"><meta><booktitle>Tutorials</booktitle><year>2023</year></meta>
    <paper id="1"><title>Third</title></paper>
  </volume>
  <event id="moss-2023"><meta><title>Meeting on Moss</title></meta></event>
</collection>
"""


@pytest.fixture
def read(tmp_path):
    def read_it(text):
        path = tmp_path / "acl.xml"
        path.write_text(text, encoding="utf-8")
        return read_with(ACL_ANTHOLOGY, path)

    return read_it


def test_a_paper_takes_date_and_venue_from_its_volume(read):
    paper = read(COLLECTION).records[0]
    assert paper.title == "Parsing Moss in $O(n^2)$ fast"
    assert paper.abstract == "We parse moss with $\\alpha$. See https://example.org."
    assert (paper.paper_id, paper.doi) == ("2023.moss-main.1", "10.18653/v1/2023.moss-main.1")
    assert (paper.span.first, paper.span.last) == (dt.date(2023, 7, 1), dt.date(2023, 7, 31))
    assert (paper.date_kind, paper.date_text) == ("publication", "July 9-14 2023")
    assert paper.authors == ("Ada Fern", "Lichen")
    assert paper.venue == "Proceedings of the Workshop on Moss"
    assert paper.url == "https://aclanthology.org/2023.moss-main.1"
    assert paper.labels == {"bibkey": "fern-lichen-2023-parsing", "venue_id": "moss; ws"}


def test_each_volume_has_its_own_meta_and_front_matter_is_set_aside(read):
    found = read(COLLECTION)
    assert [paper.paper_id for paper in found.records] == [
        "2023.moss-main.1",
        "2023.moss-main.2",
        "2023.moss-tutorials.1",
    ]
    assert [paper.span.precision for paper in found.records] == ["month", "month", "year"]
    assert [item.reason for item in found.set_aside] == ["front matter of a volume, no paper"]
    assert (found.records[1].language, found.records[1].labels["retracted"]) == ("fr", "yes")


@pytest.mark.parametrize(
    ("collection", "volume", "paper", "expected"),
    [
        ("P18", "1", "7", "P18-1007"),
        ("W18", "1", "7", "W18-0107"),
        ("D19", "50", "2", "D19-5002"),
        ("D19", "1", "2", "D19-1002"),
    ],
)
def test_old_ids_are_built_by_the_anthologys_rule(read, collection, volume, paper, expected):
    inside = f'<volume id="{volume}"><paper id="{paper}"><title>T</title></paper></volume>'
    assert read(f'<collection id="{collection}">{inside}</collection>').records[0].paper_id == expected


def test_a_volume_without_collection_is_read(read):
    found = read(
        '<volume id="P18"><paper id="1000"><title>Proceedings</title></paper>'
        '<paper id="1001"><title>T</title><year>2018</year><month>July</month></paper></volume>'
    )
    assert [(paper.paper_id, paper.span.first) for paper in found.records] == [("P18-1001", dt.date(2018, 7, 1))]
    assert len(found.set_aside) == 1


def test_other_collections_are_not_claimed(tmp_path):
    path = tmp_path / "marc.xml"
    path.write_text('<collection xmlns="http://www.loc.gov/MARC21/slim"><record/></collection>')
    assert not ACL_ANTHOLOGY.recognise(make_source(path))
