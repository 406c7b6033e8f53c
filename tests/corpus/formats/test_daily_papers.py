import html
import json

import pytest

from analysis.config import InputError
from analysis.corpus.formats.json.generic import JSON_FORMATS
from analysis.corpus.formats.pages.daily_papers_digest import DAILY_PAPERS_DIGEST
from analysis.corpus.formats.pages.daily_papers_page import DAILY_PAPERS_PAGE
from tests.corpus.made_sources import read_with

API = next(form for form in JSON_FORMATS if form.name == "Daily Papers")
CARD = {
    "paper": {
        "id": "2505.00010",
        "authors": [{"_id": "1", "name": "Ann Ng", "hidden": False}, {"_id": "2", "name": "Cy Bee", "hidden": True}],
        "publishedAt": "2025-05-01T17:58:33.000Z",
        "submittedOnDailyAt": "2025-05-05T01:09:52.437Z",
        "title": "Arms of\n  soft steel",
        "summary": "We bend\nsteel.",
        "upvotes": 33,
        "ai_keywords": ["arm", "steel"],
    },
    "publishedAt": "2025-05-05T04:00:00.000Z",
    "title": "Arms of soft steel",
    "numComments": 2,
}


def write(tmp_path, content, name="daily.json"):
    path = tmp_path / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return path


def without(*keys):
    return CARD | {"paper": {key: value for key, value in CARD["paper"].items() if key not in keys}}


def test_a_card_is_dated_by_the_first_version_of_its_paper(tmp_path):
    (record,) = read_with(API, write(tmp_path, [CARD])).records
    assert (record.span.first.isoformat(), record.date_kind) == ("2025-05-01", "first_version")
    assert (record.paper_id, record.arxiv_id) == ("2505.00010", "2505.00010")
    assert (record.n_upvotes, record.n_comments, record.n_authors) == (33, 2, 2)
    assert (record.authors, record.labels) == (("Ann Ng", "Cy Bee"), {"keywords": "arm; steel"})
    assert record.url == "https://huggingface.co/papers/2505.00010"


@pytest.mark.parametrize(
    ("card", "day", "kind"),
    [
        (without("publishedAt"), "2025-05-05", "listing"),
        (without("publishedAt", "submittedOnDailyAt"), "2025-05-05", "unstated"),
        (CARD["paper"], "2025-05-01", "first_version"),
    ],
)
def test_other_dates_count_only_where_that_is_absent(tmp_path, card, day, kind):
    (record,) = read_with(API, write(tmp_path, card)).records
    assert (record.span.first.isoformat(), record.date_kind, record.title) == (day, kind, "Arms of\n  soft steel")


def test_a_paper_on_two_days_is_two_records(tmp_path):
    assert len(read_with(API, write(tmp_path, [CARD, CARD])).records) == 2


def test_an_archive_of_python_text_is_read_item_by_item(tmp_path):
    archive = {
        "status": "success",
        "date": "2025-05-05",
        "count": 3,
        "data": [str(CARD), "{'paper': os.remove('x')}", str(CARD)],
    }
    records, (bad,), _, _ = read_with(API, write(tmp_path, archive))
    assert [record.paper_id for record in records] == ["2505.00010"] * 2
    assert (bad.position, bad.reason) == ("item 2", "text that is neither a JSON object nor a Python dict")


def page(body, head="<title>Daily Papers - Hugging Face</title><link href='https://huggingface.co/papers'>"):
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"


@pytest.mark.parametrize("key", ["dailyPapers", "searchResults"])
def test_a_saved_page_is_read_from_the_data_it_carries(tmp_path, key):
    props = html.escape(json.dumps({key: [CARD, CARD, without("ai_keywords")]}), quote=True)
    body = f'<div class="HYDRATER" data-target="DailyPapers" data-props="{props}"><article></article></div>'
    records, set_aside, notes, _ = read_with(DAILY_PAPERS_PAGE, write(tmp_path, page(body), "papers.html"))
    assert [record.title for record in records] == ["Arms of\n  soft steel"]
    assert not set_aside
    assert any("2 cards are repeated on the page" in note for note in notes)


def test_data_that_is_damaged_is_set_aside_and_the_cards_are_read(tmp_path):
    card = (
        '<article><div>12</div><h3><a href="/papers/2505.00010">Arms &amp; steel</a></h3>'
        f"<p>{'We bend steel. ' * 20}</p><div>2 authors</div>"
        '<time datetime="2025-05-05T00:00:00">May 5</time></article>'
    )
    damaged = '<div data-target="DailyPapers" data-props="{&quot;daily"></div>'
    body = f"{damaged}{card}{card}<article>an advertisement</article>"
    records, set_aside, notes, _ = read_with(DAILY_PAPERS_PAGE, write(tmp_path, page(body), "papers.html"))
    (record,) = records
    assert (record.title, record.arxiv_id, record.n_authors) == ("Arms & steel", "2505.00010", 2)
    assert record.abstract.startswith("We bend")
    assert (record.span.first.isoformat(), record.date_kind) == ("2025-05-05", "unstated")
    assert set_aside[0].reason.startswith("data of the page that cannot be read")
    assert any("carries no data" in note for note in notes)


def test_a_page_of_mere_text_is_read_as_a_listing(tmp_path):
    lines = ["Daily Papers", "Arms of steel", "We bend steel. " * 30, "• 5 authors", "·", "Aug 23, 2023"]
    text = "".join(f"<p>{line}</p>" for line in lines)
    (record,) = read_with(DAILY_PAPERS_PAGE, write(tmp_path, page(text), "p.html")).records
    assert (record.title, record.n_authors, record.span.first.isoformat()) == ("Arms of steel", 5, "2023-08-23")


def test_a_page_without_papers_says_so(tmp_path):
    with pytest.raises(InputError, match="no card"):
        read_with(DAILY_PAPERS_PAGE, write(tmp_path, page("<p>Daily Papers</p>"), "p.html"))


def test_a_page_nested_without_end_is_refused_at_once(tmp_path):
    with pytest.raises(InputError, match="never closed"):
        read_with(DAILY_PAPERS_PAGE, write(tmp_path, page("<div>" * 500_000), "p.html"))


LINKS = "(Read more on [arXiv](https://arxiv.org/abs/2501.00010) or [HuggingFace](https://huggingface.co/papers/2501.00010))"
DIGEST = f"""

## Papers for 2025-01-31

| Title | Authors | Summary |
|-------|---------|---------|
| Arms of \\|x\\| steel {LINKS}| ann, Cy Bee | They bend |x| steel.  |
| half a row |

## Papers for 2025-01-30

| Title | Authors | Summary |
|-------|---------|---------|
| Legs | | |
"""


def test_a_digest_gives_listing_dates_and_calls_its_summaries_its_own(tmp_path):
    records, (bad,), notes, _ = read_with(DAILY_PAPERS_DIGEST, write(tmp_path, DIGEST, "d.md"))
    arms, legs = records
    assert (arms.title, arms.abstract, arms.arxiv_id) == ("Arms of |x| steel", "They bend |x| steel.", "2501.00010")
    assert arms.labels == {"authors_named": "ann, Cy Bee", "abstract_kind": "summary of a digest"}
    assert (arms.authors, arms.date_kind, arms.position) == ((), "listing", "line 7")
    assert [record.span.first.isoformat() for record in records] == ["2025-01-31", "2025-01-30"]
    assert (legs.title, legs.abstract, legs.labels) == ("Legs", "", {})
    assert bad.position == "line 8"
    assert any("digest's own" in note for note in notes)
