"""One bad record among many costs that record alone, whatever the format."""

import json

import pytest

from analysis.corpus.formats import FORMATS
from analysis.corpus.records import Context, RawRecord, SetAside
from tests.corpus.made_sources import make_source

ATOM = '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">'
OBJECT, CUT = '{{"id": "p{n}", "title": "Title {n}", "abstract": "Text {n}."}}', '{"id": "p", "tit'
ENTRY, OPEN = "@article{{k{n},\n  title = {{Title {n}}},\n  abstract = {{Text {n}.}}\n}}", "@article{k,\n  title = {A"
# Kind: what opens the file, one sound record, one bad record, what joins them, what closes the file.
KINDS = {
    "JSON lines": ("", OBJECT, CUT, "\n", "\n"),
    "JSON array": ("[", OBJECT, CUT, ",\n", "]"),
    "CSV": ("title,abstract\n", "Title {n},Text {n}.", 'Title,"never closed', "\n", "\n"),
    "TSV": ("title\tabstract\n", "Title {n}\tText {n}.", "Title\tText\tand\tmore", "\n", "\n"),
    "BibTeX": ("", ENTRY, OPEN, "\n", "\n"),
    "RIS": ("", "TY  - JOUR\nTI  - Title {n}\nAB  - Text {n}.\nER  - ", "TI  - No type\nER  - ", "\n", "\n"),
    "Atom": (
        ATOM,
        "<entry><id>http://arxiv.org/abs/2405.{n:05}v1</id><title>Title {n}</title><summary>Text.</summary></entry>",
        "<entry><id>http://arxiv.org/abs/2405.1</id><title>A & B < C</summary></entry>",
        "\n",
        "</feed>",
    ),
    "PubMed XML": (
        "<PubmedArticleSet>",
        "<PubmedArticle><MedlineCitation><PMID>{n}</PMID><Article><ArticleTitle>Title {n}</ArticleTitle></Article>"
        "</MedlineCitation></PubmedArticle>",
        "<PubmedArticle><MedlineCitation><PMID>1</PMID><Article></MedlineCitation></PubmedArticle>",
        "\n",
        "</PubmedArticleSet>",
    ),
}  # fmt: skip


def count(path) -> tuple[int, int]:
    """Records with a title, and records set aside."""
    source = make_source(path)
    form = next(form for form in FORMATS if form.recognise(source))
    found = list(form.read(source, Context()))
    n_sound = sum(isinstance(item, RawRecord) and item.title.startswith("Title ") for item in found)
    return n_sound, sum(isinstance(item, SetAside) for item in found)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n_records", [300, pytest.param(10_000, marks=pytest.mark.slow)])
def test_one_bad_record_costs_itself(file, kind, n_records):
    opening, sound, bad, joint, closing = KINDS[kind]
    records = [sound.format(n=n) for n in range(1, n_records)]
    records.insert(n_records // 2, bad)
    assert count(file(opening + joint.join(records) + closing)) == (n_records - 1, 1)


def test_a_bad_record_is_found_by_its_position(file):
    records = [json.dumps({"title": f"Title {n}"}) for n in range(10)]
    source = make_source(file("\n".join([*records[:4], "broken", *records[4:]])))
    form = next(form for form in FORMATS if form.recognise(source))
    aside = [item for item in form.read(source, Context()) if isinstance(item, SetAside)]
    assert [(item.source, item.position, item.raw) for item in aside] == [("papers.txt", "line 5", "broken")]
