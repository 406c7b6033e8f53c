"""Hugging Face Daily Papers as JSON: what its interface answers, and archives of that.

Source: the interface's own answers (`/api/daily_papers`, `/api/papers/search`,
`/api/papers/ID`): a list of ``{"paper": {...}, "publishedAt": ..., ...}`` or one flat paper.

`paper.publishedAt` is the day of arXiv's first version, `submittedOnDailyAt`
the day on which the paper was listed. The `publishedAt` around a paper is now
the one, now the other: it counts only where nothing else is stated.
"""

from __future__ import annotations

from typing import Any

from analysis.corpus.formats.json.dialects import (
    Dialect,
    Place,
    choose_date,
    keep_labels,
    list_objects,
    list_texts,
    read_date,
    take_first,
)
from analysis.corpus.formats.values import to_arxiv_id, to_count, to_id
from analysis.corpus.records import RawRecord


def recognise_daily_paper(item: dict[str, Any]) -> bool:
    """Whether it is a card of the page or a paper by itself."""
    if isinstance(item.get("paper"), dict):
        return True
    return "summary" in item and "publishedAt" in item and ("upvotes" in item or "submittedOnDailyAt" in item)


def read_daily_paper(item: dict[str, Any], place: Place) -> RawRecord:
    """Read one card."""
    inner = item.get("paper")
    paper = inner if isinstance(inner, dict) else item
    paper_id = to_id(paper.get("id"))
    dates = (
        read_date(paper.get("publishedAt"), "first_version")
        or read_date(take_first(paper.get("submittedOnDailyAt"), item.get("submittedOnDailyAt")), "listing")
        or read_date(item.get("publishedAt"), "unstated")
    )
    authors = list_texts(author.get("name") for author in list_objects(paper.get("authors")))
    return RawRecord(
        place.position,
        place.raw,
        title=take_first(paper.get("title"), item.get("title")),
        abstract=take_first(paper.get("summary"), item.get("summary")),
        paper_id=paper_id,
        authors=authors,
        n_authors=len(authors) or None,
        arxiv_id=to_arxiv_id(paper_id),
        n_comments=to_count(item.get("numComments")),
        n_upvotes=to_count(paper.get("upvotes")),
        url=f"https://huggingface.co/papers/{paper_id}" if to_arxiv_id(paper_id) else "",
        labels=keep_labels(keywords=paper.get("ai_keywords")),
        **choose_date(dates, paper.get("publishedAt")),
    )


DAILY_PAPERS = Dialect("Daily Papers", recognise_daily_paper, read_daily_paper)
