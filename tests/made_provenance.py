"""Where the papers of the made study come from: merged records, pairs alike, dates and the ledger."""

from __future__ import annotations

import dataclasses

import pandas as pd

from analysis.results import Tables

LEDGER = ("stage", "source", "reason", "n_records")


def make_provenance(papers: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """One record merged, one pair alike, one date in doubt."""
    ids = papers["paper_id"].tolist()
    merges = pd.DataFrame(
        {"source": ["daily.txt"], "position": ["card 40"], "rule": ["same title and year"], "paper_id": [ids[0]]}
    )
    alike = pd.DataFrame(
        {
            "paper_id": ids[:1],
            "other_id": ids[-1:],
            "similarity": [0.84],
            "relation": ["nearly the same text"],
        }
    )
    conflicts = pd.DataFrame(
        {
            "paper_id": ids[:1],
            "witness": ["month of the arXiv id"],
            "stated": pd.to_datetime(["2018-01-01"]),
            "other": pd.to_datetime(["2017-05-01"]),
            "days_apart": [215],
        }
    )
    return {
        "merges": merges,
        "near_duplicates": alike,
        "date_audit": audit_dates(papers),
        "date_conflicts": conflicts,
        "ledger": make_ledger(papers),
    }


def make_ledger(papers: pd.DataFrame) -> pd.DataFrame:
    """One source: one record merged, two set aside."""
    n_bare = int(papers["title_only"].sum())
    rows = [
        ("read", "daily.txt", "Daily Papers listing", len(papers) + 3),
        ("merged", "daily.txt", "same title and year", 1),
        ("set_aside", "daily.txt", "no abstract", 1),
        ("set_aside", "daily.txt", "not a paper", 1),
        ("kept", "daily.txt", "title only", n_bare),
        ("kept", "daily.txt", "with an abstract", len(papers) - n_bare),
    ]
    return pd.DataFrame([row for row in rows if row[-1]], columns=list(LEDGER))


def audit_dates(papers: pd.DataFrame) -> pd.DataFrame:
    """How many papers of each source bear which kind of date."""
    by = ["source", "published_kind", "published_precision", "published_inferred"]
    audit = papers.groupby(by, sort=False, dropna=False).agg(
        n_papers=("title", "size"), earliest=("published", "min"), latest=("published_end", "max")
    )
    names = {"published_kind": "kind", "published_precision": "precision", "published_inferred": "inferred"}
    return audit.reset_index().rename(columns=names)


def make_crowded(tables: Tables, *, n_sources: int = 30) -> Tables:
    """The same study from many sources, with more rules and reasons than anyone reads."""
    hostile = "<script>alert(1)</script> | [a](javascript:alert(1)) \u202egnp"
    names = [f"export of library {i:02d}, part {i}.ris" for i in range(n_sources)]
    names[1] = hostile
    names[2] = "a-name-without-a-single-blank-" * 9
    names[3 % n_sources] = "表現学習の論文目録と要旨集" * 6
    formats = ["RIS", "BibTeX", "OpenAlex works", "Scopus CSV"]
    rows: list[tuple[str, str, str, int]] = []
    for i, name in enumerate(names):
        aside = [("set_aside", name, f"reason {i % 17} that goes on " + "and on " * (i % 20), 1 + i)]
        merged = [("merged", name, ["same DOI", "same arXiv id", "same title and year"][i % 3], 4 * i + 2)]
        kept = [("kept", name, "with an abstract", 97 * i + 40), ("kept", name, "title only", i + 1)]
        parts = [*merged, *aside, *kept]
        rows += [("read", name, formats[i % 4], sum(part[-1] for part in parts)), *parts]
    rows.append(("set_aside", hostile, hostile, 3))
    rows.append(("read", "more.csv", "CSV", 3))
    order = {"read": 0, "merged": 1, "set_aside": 2, "kept": 3}
    flow = pd.DataFrame(sorted(rows, key=lambda row: order[row[0]]), columns=list(LEDGER))
    totals = flow.groupby("stage")["n_records"].sum()
    sources = [
        {"name": name, "format": form, "sha256": "cd" * 32, "captured": None, "n_read": n, "experimental": i == 0}
        for i, (name, form, n) in enumerate(flow.loc[flow["stage"] == "read", LEDGER[1:]].itertuples(index=False))
    ]
    account = {"sources": sources, "ledger": totals.to_dict(), "notes": [f"{hostile}: not read."] * 60}
    many = pd.concat([tables.near_duplicates] * 45, ignore_index=True)
    return dataclasses.replace(
        tables,
        ledger=flow,
        near_duplicates=many.assign(similarity=[i / 45 for i in range(45)], relation=hostile),
        merges=pd.concat([tables.merges] * 30, ignore_index=True).assign(source=hostile, rule=hostile),
        date_conflicts=pd.concat([tables.date_conflicts] * 30, ignore_index=True).assign(witness=hostile),
        date_audit=pd.concat([tables.date_audit] * 20, ignore_index=True).assign(source=hostile),
        run={**tables.run, "corpus": account},
    )


def make_run(n_papers: int, caution: str) -> dict[str, object]:
    """The record of the run."""
    return {
        "title": "Behaviour and representations",
        "caution": caution,
        "corpus": {
            "sources": [
                {
                    "name": "daily.txt",
                    "sha256": "ab" * 32,
                    "format": "Daily Papers listing",
                    "captured": "2025-10-17",
                    "captured_from": "the file name",
                    "n_read": n_papers + 3,
                }
            ],
            "ledger": {"read": n_papers + 3, "merged": 1, "set_aside": 2, "kept": n_papers},
            "notes": ["10 papers carry a month and a day but no year; the year was inferred from the capture date."],
        },
        "config": {
            "seed": 42,
            "trends": {"period": "auto", "margin": 1.5, "min_effect": 1.2, "field_totals": "totals.csv"},
            "themes": {"named": [{"name": "Robotics", "phrases": ["robot manipulation", "robotic grasping"]}]},
        },
        "encoder": {"name": "minilm", "version": "all-MiniLM-L6-v2, sha256 53aa5117"},
        "rungs": ["Sentence vectors by minilm, with a lexical part.", "Topics by Leiden on the neighbour graph."],
        "period": {"period": "year", "reason": "95 % of the papers carry a year, and quarters would hold 2 papers."},
        "visible": "With 58 dated papers over 8 years, an odds ratio of 1.6 per year or more shows with 80 % power.",
        "global_change": "The mix of themes as a whole does not clearly change (p = 0.21).",
        "bursts": "4 stretches of high share in 5 of 5 themes over 7 complete years with papers.",
        "field": "Rates are papers per 1,000 of the field, by the totals of totals.csv.",
        "counting": "full",
        "left_out": ["Drivers by label_area: every paper is of one category."],
        "seed": 42,
        "versions": {"themeline": "0.1.0", "plotly": "7.1.0"},
        "seconds": {"embed": 3.2},
        "peak_memory_mb": 900,
        "commit": "0123abc",
    }
