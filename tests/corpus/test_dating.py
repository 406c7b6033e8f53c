import pandas as pd
import pytest

from analysis.corpus.dating import audit_dates, find_arxiv_conflicts


def dated(*rows):
    """Papers of (paper_id, first day, last day, kind, arXiv id)."""
    names = ["paper_id", "published", "published_end", "published_kind", "arxiv_id"]
    papers = pd.DataFrame(rows, columns=names).assign(source="a.csv", published_inferred=False)
    for name in ("published", "published_end"):
        papers[name] = pd.to_datetime(papers[name]).astype("datetime64[s]")
    papers["arxiv_id"] = papers["arxiv_id"].astype("str")
    width = (papers["published_end"] - papers["published"]).dt.days
    papers["published_precision"] = width.map(lambda days: "none" if pd.isna(days) else "day" if days < 1 else "month")
    return papers


@pytest.mark.parametrize(
    ("day", "kind", "days_apart"),
    [
        ("2025-03-14", "first_version", None),
        ("2025-02-27", "first_version", None),
        ("2025-02-10", "first_version", 19),
        ("2025-04-30", "first_version", 30),
        ("2025-06-20", "listing", None),
        ("2025-08-20", "listing", 142),
        ("2027-01-01", "publication", None),
        ("2024-01-01", "publication", 425),
        ("2025-08-20", "unstated", 142),
    ],
)
def test_the_month_of_the_arxiv_id_is_a_second_witness(day, kind, days_apart):
    found = find_arxiv_conflicts(dated(("p", day, day, kind, "2503.11731")))
    if days_apart is None:
        assert found == []
    else:
        assert found == [("p", "month of the arXiv id", day, "2025-03-01", days_apart)]


def test_a_coarse_date_that_may_be_in_the_month_is_no_conflict():
    assert find_arxiv_conflicts(dated(("p", "2025-01-01", "2025-12-31", "unstated", "2503.11731"))) == []


def test_papers_without_id_or_date_have_no_conflict():
    papers = dated(("a", None, None, "none", "2503.11731"), ("b", "2025-03-01", "2025-03-01", "listing", None))
    assert find_arxiv_conflicts(papers) == []


def test_the_audit_counts_every_paper_once():
    papers = dated(
        ("a", "2025-03-14", "2025-03-14", "first_version", None),
        ("b", "2025-03-01", "2025-03-31", "publication", None),
        ("c", "2025-04-01", "2025-04-30", "publication", None),
        ("d", None, None, "none", None),
    )
    audit = audit_dates(papers)
    assert audit["n_papers"].sum() == len(papers)
    first = audit.iloc[0]
    assert (first["kind"], first["precision"], first["n_papers"]) == ("publication", "month", 2)
    assert (str(first["earliest"].date()), str(first["latest"].date())) == ("2025-03-01", "2025-04-30")
