import datetime as dt

import pytest

from analysis.corpus.formats.values import (
    is_missing,
    to_abstract,
    to_arxiv_id,
    to_count,
    to_doi,
    to_language,
    to_names,
    to_pmid,
    to_span,
    to_text,
    to_web_address,
)


@pytest.mark.parametrize("cell", [None, "", " \n", float("nan"), [], {}, ()])
def test_nothing_is_missing_in_every_guise(cell):
    assert is_missing(cell)
    assert to_text(cell) == ""
    assert to_count(cell) is None
    assert to_names(cell) == ()


def test_cells_of_any_type_become_text():
    cells = [7.0, 7.5, True, dt.date(2024, 5, 6), b"caf\xc3\xa9", {"a": 1}, ["a", None, 2]]
    assert [to_text(cell) for cell in cells] == ["7", "7.5", "true", "2024-05-06", "café", '{"a": 1}', "a; 2"]


def test_names_are_told_apart():
    assert to_names([{"given": "Ann", "family": "Ng"}, {"name": "Cy Bee"}, "Dee", " "]) == ("Ann Ng", "Cy Bee", "Dee")
    assert to_names("['Ann Ng', 'Cy Bee']") == ("Ann Ng", "Cy Bee")
    assert to_names("Ng, Ann") == ("Ng, Ann",)
    assert to_names("Ng, A.; ; Bee, C.;") == ("Ng, A.", "Bee, C.")


def test_ids_that_are_none_are_empty():
    assert to_doi("10.1000/a b") == to_doi("see text") == ""
    assert to_arxiv_id("2503.117") == to_arxiv_id("https://example.org/2503.11731") == ""
    assert to_arxiv_id("hep-th/9901001v2") == "hep-th/9901001"
    assert to_pmid("PMID: 12") == "12"
    assert to_pmid("12a") == ""
    assert to_web_address("javascript:alert(1)") == ""


def test_languages_have_their_code_where_it_is_known():
    written = ["English", "eng", "en-US", "GER", "Klingon", ""]
    assert [to_language(text) for text in written] == ["en", "en", "en", "de", "Klingon", ""]


def test_an_inverted_index_becomes_text_and_other_text_stays():
    assert to_abstract({"We": [0], "move": [1, 2]}) == "We move move"
    assert to_abstract("{we move}") == "{we move}"
    assert to_abstract('{"a": 1}') == '{"a": 1}'


def test_hostile_literals_cost_nothing():
    nested = "[" * 50_000 + "]" * 50_000
    assert to_names(nested) == (nested,)
    assert to_abstract("{" * 1000 + "}" * 1000).startswith("{{")
    assert to_span("9" * 10_000) is None


def test_what_exports_leave_around_ids_is_taken_off():
    assert to_doi("10.1000/Moss.1     LK  - https://library.example/x") == "10.1000/moss.1"
    assert to_doi("10.1000/moss%281%29%3A2") == "10.1000/moss(1):2"
    assert to_pmid("PUBMED 90000001") == "90000001"
    assert to_pmid("0") == to_pmid(0) == ""
