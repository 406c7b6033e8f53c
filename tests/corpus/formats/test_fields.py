import datetime as dt

import pytest

from analysis.config import InputError
from analysis.corpus.formats.tables.fields import match_columns, parse_row


def parse(row, mapping=None):
    return parse_row(row, match_columns(row, mapping), position="row 1", raw="")


def test_columns_are_found_whatever_their_case_blanks_and_signs():
    names = ["publicationDate", "Paper Title", "SUMMARY", "num_comments", "Label_Area", "pages"]
    columns = match_columns(names)
    assert columns.used == {"title": ("Paper Title",), "abstract": ("SUMMARY",), "n_comments": ("num_comments",)}
    assert [date.names for date in columns.dates] == [("publicationDate",)]
    assert columns.labels == {"Area": ("Label_Area",)}
    assert columns.unused == ("pages",)
    assert columns.vendor.name == ""


def test_a_second_name_serves_where_the_first_is_empty_or_unreadable():
    record = parse({"title": "", "display name": "Robots", "doi": "n/a", "Item DOI": "10.1000/ABC"})
    assert (record.title, record.doi) == ("Robots", "10.1000/abc")


def test_ids_are_read_from_addresses_and_dois():
    assert parse({"title": "A", "url": "https://arxiv.org/abs/2503.11731v2"}).arxiv_id == "2503.11731"
    assert parse({"title": "A", "doi": "https://doi.org/10.48550/arXiv.2503.11731"}).arxiv_id == "2503.11731"
    record = parse({"title": "A", "pmid": 30922926.0, "id": 2503.1173, "language": "English; Chinese"})
    assert (record.pmid, record.paper_id, record.language) == ("30922926", "2503.11730", "en")


def test_the_earliest_date_counts_and_a_finer_one_inside_it_takes_its_place():
    def day(**row):
        record = parse({"title": "A", **row})
        return record.span.first.isoformat(), record.span.precision, record.date_kind

    assert day(year=2024, **{"publication date": "2024-03", "online date": "2024-05-02"}) == (
        "2024-03-01",
        "month",
        "publication",
    )
    assert day(year=2024, **{"online date": "2023-12-20"}) == ("2023-12-20", "day", "online")
    assert day(year=2024, date="2024-06-01") == ("2024-06-01", "day", "unstated")
    # A bare "date" may be anything: it cannot move the paper to another year.
    assert day(year=2024, date="2021-06-01") == ("2024-01-01", "year", "publication")
    assert day(published="", date="Aug 23, 2023") == ("2023-08-23", "day", "unstated")


def test_a_stated_precision_widens_the_date():
    record = parse({"title": "A", "published": "2023-02-01", "date_precision": "month"})
    assert (record.span.last, record.span.precision) == (dt.date(2023, 2, 28), "month")


def test_a_date_that_cannot_be_read_is_kept_as_written():
    record = parse({"title": "A", "published": "2023-13-01", "date": "soon"})
    assert (record.span, record.date_text) == (None, "2023-13-01")


def test_labels_come_from_one_mapping_from_columns_and_from_known_names():
    record = parse(
        {"title": "A", "labels": {"area": "robots"}, "label_split": "test", "Keywords": ["arm", "hand"], "included": 1}
    )
    assert record.labels == {"area": "robots", "split": "test", "keywords": "arm; hand", "included": "1"}
    assert parse({"title": "A", "label_split": ""}).labels == {}


def test_a_column_named_by_the_user_goes_before_all_others():
    row = {"title": "A", "abstract": "short", "Long Text": "long", "When": "2020", "year": 1999, "Field": "vision"}
    record = parse(row, {"abstract": "Long Text", "published": "when", "label_area": "Field", "keywords": "Field"})
    assert (record.abstract, record.span.first.year) == ("long", 2020)
    assert record.labels == {"area": "vision", "keywords": "vision"}


def test_a_mapping_that_names_what_is_not_there_is_refused_with_what_is():
    with pytest.raises(InputError, match=r"--map abstract=Summry: no such column. Columns found: title, Summary"):
        match_columns(["title", "Summary"], {"abstract": "Summry"})
    with pytest.raises(InputError, match=r"--map: no field 'absract'. Known: title, abstract, .* and label_NAME"):
        match_columns(["title", "Summary"], {"absract": "Summary"})


VENDOR_ROWS = {
    "Scopus": (
        {"Authors": "Ng A., Bee C.", "Title": "T", "Year": "2017", "Source title": "J", "EID": "2-s2.0-1"},
        {"paper_id": "2-s2.0-1", "authors": ("Ng A.", "Bee C."), "venue": "J"},
        "2017-01-01",
    ),
    "Web of Science": (
        {"PT": "J", "AU": "Ng, A; Bee, C", "TI": "T", "SO": "J", "AB": "x", "PD": "DEC 1", "PY": "2020", "UT": "WOS:1",
         "DE": "arm; hand", "LA": "English", "DI": "10.1000/a", "PM": "12"},
        {"paper_id": "WOS:1", "authors": ("Ng, A", "Bee, C"), "title": "T", "abstract": "x", "doi": "10.1000/a",
         "pmid": "12", "language": "en"},
        "2020-12-01",
    ),
    "IEEE Xplore": (
        {"Document Title": "T", "Authors": "A. Ng; C. Bee", "Publication Title": "C",
         "Date Added To Xplore": "15 July 2019", "Publication Year": "2019", "PDF Link": "https://ieeexplore.example/1",
         "Document Identifier": "IEEE Conferences"},
        {"authors": ("A. Ng", "C. Bee"), "venue": "C", "url": "https://ieeexplore.example/1"},
        "2019-07-15",
    ),
    "SpringerLink": (
        {"Item Title": "T", "Item DOI": "10.1007/x", "Authors": "Ann NgCy Bee", "Publication Year": "2021", "URL": ""},
        {"authors": (), "doi": "10.1007/x", "title": "T"},
        "2021-01-01",
    ),
    "PubMed": (
        {"PMID": "12", "Title": "T", "Authors": "Ng A, van der Bee C.", "Citation": "J Made. 2020 Feb;6(2):1. doi: "
         "10.1000/x. Epub 2019 Mar 25.", "Journal/Book": "J Made", "Publication Year": "2020",
         "Create Date": "2019/01/01"},
        {"paper_id": "12", "pmid": "12", "authors": ("Ng A", "van der Bee C"), "venue": "J Made"},
        "2019-03-25",
    ),
    "Embase": (
        {"Title": "T", "Author Names": "Ng A., Bee C.", "Source title": "J", "Publication Year": "2024", "PUI": "L1",
         "Date of Publication": "1 Dec 2024", "Medline PMID": "12"},
        {"paper_id": "L1", "authors": ("Ng A.", "Bee C."), "venue": "J", "pmid": "12"},
        "2024-12-01",
    ),
    "Dimensions": (
        {"Publication ID": "pub.1", "Title": "T", "Source title": "J", "PubYear": "2021", "Authors": "Ng, Ann Mae",
         "Publication Date": "2021-02-01", "Publication Date (online)": "2020-12-30", "Dimensions URL": "https://d.example"},
        {"paper_id": "pub.1", "authors": ("Ng, Ann Mae",), "url": "https://d.example"},
        "2020-12-30",
    ),
    "Lens": (
        {"Lens ID": "000-1", "Title": "T", "Date Published": "2018-04-05", "Publication Year": "2018",
         "Source Title": "J", "Author/s": "Ann Ng; Cy Bee"},
        {"paper_id": "000-1", "authors": ("Ann Ng", "Cy Bee"), "venue": "J"},
        "2018-04-05",
    ),
    "Zotero": (
        {"Key": "AB12", "Item Type": "journalArticle", "Publication Year": "2022", "Author": "van Bee, Cy Lee",
         "Title": "T", "Date": "2022-05", "Date Added": "2020-01-01", "Abstract Note": "x", "Manual Tags": "arm; hand"},
        {"paper_id": "AB12", "authors": ("van Bee, Cy Lee",), "abstract": "x",
         "labels": {"type": "journalArticle", "keywords": "arm; hand"}},
        "2022-05-01",
    ),
    "OpenAlex": (
        {"id": "https://openalex.org/W1", "display_name": "T", "publication_date": "2024-02-01",
         "publication_year": 2024, "primary_location.source.display_name": "J",
         "authorships.author.display_name": "Ann Ng|Cy Bee",
         "keywords.display_name": "Arm|Hand", "abstract_inverted_index": '{"We": [0], "move": [1]}'},
        {"paper_id": "W1", "authors": ("Ann Ng", "Cy Bee"), "abstract": "We move", "venue": "J",
         "labels": {"keywords": "Arm; Hand"}},
        "2024-02-01",
    ),
    "Publish or Perish": (
        {"Cites": "4", "Authors": "A Ng, C Bee", "Title": "T", "Year": "2016", "Source": "J", "GSRank": "1",
         "ArticleURL": "https://e.example"},
        {"authors": ("A Ng", "C Bee"), "venue": "J", "url": "https://e.example"},
        "2016-01-01",
    ),
    "Google Scholar": (
        {"Authors": "Ng, Ann; Bee, Cy; ", "Title": "T", "Publication": "J", "Volume": "", "Number": "", "Pages": "",
         "Year": "2015"},
        {"authors": ("Ng, Ann", "Bee, Cy"), "venue": "J"},
        "2015-01-01",
    ),
    "EBSCOhost": (
        {"Article Title": "T", "Author": "Ng, Ann; Bee, Cy", "Journal Title": "J", "Publication Date": "11/2/2023",
         "Accession Number": "17", "PLink": "https://e.example", "Doctype": "Article", "Subjects": "LEGS"},
        {"paper_id": "17", "authors": ("Ng, Ann", "Bee, Cy"), "venue": "J", "url": "https://e.example",
         "labels": {"type": "Article", "keywords": "LEGS"}},
        "2023-11-02",
    ),
    "Cochrane": (
        {"CENTRAL ID": "CN-1", "Author(s)": "Ng, A; Bee, C", "Title": "T", "Source": "J", "Year": "2011",
         "PubMed ID": "PUBMED 12"},
        {"paper_id": "CN-1", "authors": ("Ng, A", "Bee, C"), "venue": "J", "pmid": "12"},
        "2011-01-01",
    ),
    "Covidence": (
        {"Title": "T", "Authors": "Ng, A.; Bee, C.", "Published Year": "2024", "Journal": "J", "Covidence #": "#7"},
        {"paper_id": "#7", "authors": ("Ng, A.", "Bee, C."), "venue": "J"},
        "2024-01-01",
    ),
    "Rayyan": (
        {"key": "rayyan-1", "title": "T", "year": "2024", "month": "5", "day": "3", "journal": "J", "abstract": "x",
         "authors": "Ng, A. and Bee, C.", "doi": "10.1000/a     LK  - https://library.example"},
        {"paper_id": "rayyan-1", "authors": ("Ng, A.", "Bee, C."), "doi": "10.1000/a"},
        "2024-05-03",
    ),
    "RefWorks": (
        {"Reference Type": "Journal Article", "Reference Id": "9", "Authors, Primary": "Ng,Ann;Bee,Cy",
         "Title Primary": "T", "Periodical Full": "J", "Pub Year": "2014"},
        {"paper_id": "9", "title": "T", "authors": ("Ng,Ann", "Bee,Cy"), "venue": "J"},
        "2014-01-01",
    ),
    "arXiv": (
        {"entry_id": "http://arxiv.org/abs/2503.11731v3", "title": "T", "published": "2025-03-14 10:00:00+00:00",
         "updated": "2025-06-01", "primary_category": "cs.RO"},
        {"paper_id": "2503.11731", "arxiv_id": "2503.11731", "date_kind": "first_version",
         "labels": {"arxiv_primary": "cs.RO"}},
        "2025-03-14",
    ),
    "ASReview": (
        {"record_id": 7, "title": "T", "abstract": "x", "included": 0, "year": 2011},
        {"paper_id": "7", "labels": {"included": "0"}},
        "2011-01-01",
    ),
}  # fmt: skip


@pytest.mark.parametrize("vendor", VENDOR_ROWS)
def test_each_vendor_is_known_by_its_columns_and_read_by_its_rules(vendor):
    row, expected, first_day = VENDOR_ROWS[vendor]
    columns = match_columns(row)
    record = parse(row)
    assert columns.vendor.name == vendor
    assert {name: getattr(record, name) for name in expected} == expected
    assert record.span.first.isoformat() == first_day


def test_an_arxiv_snapshot_as_a_table_is_dated_by_its_first_version():
    versions = "[{'version': 'v1', 'created': 'Mon, 2 Apr 2007 19:18:42 GMT'}, {'version': 'v2', 'created': 'x'}]"
    record = parse({"id": "0704.0001", "title": "T", "versions": versions, "update_date": "2008-11-26"})
    assert (record.span.first, record.date_kind) == (dt.date(2007, 4, 2), "first_version")


def test_scopus_numbers_behind_names_are_left_out():
    row = {"Author full names": "Ng, Ann (57190394669); Bee, Cy (12)", "Title": "T", "Source title": "J", "EID": "1"}
    assert parse(row).authors == ("Ng, Ann", "Bee, Cy")


def test_the_dots_of_a_cut_list_are_no_author():
    row = {"Cites": "4", "GSRank": "1", "Authors": "A Ng, C Bee, ...", "AuthorCount": 3, "Title": "T"}
    assert (parse(row).authors, parse(row).n_authors) == (("A Ng", "C Bee"), None)


def test_the_first_of_january_of_openalex_and_lens_means_the_year():
    lens = {"Lens ID": "1", "Title": "T", "Date Published": "1989-01-01", "Publication Year": "1989"}
    openalex = {"ids.openalex": "W1", "title": "T", "publication_date": "1989-01-01", "publication_year": "1989"}
    for row in (lens, openalex):
        assert (parse(row).span.precision, parse(row).span.first) == ("year", dt.date(1989, 1, 1))


def test_abstrackr_writes_no_pmid_as_zero():
    record = parse(
        {"(internal) id": "41", "(source) id": "7", "pubmed id": "0", "title": "T", "authors": "Ng, A.\n and B"}
    )
    assert (record.paper_id, record.pmid, record.authors) == ("41", "", ("Ng, A.", "B"))
