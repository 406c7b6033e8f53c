"""A made-up study for tests of figures and reports: five themes, sixty papers, eight years."""

from __future__ import annotations

import copy
import dataclasses
import datetime as dt
from functools import cache
from itertools import combinations

import numpy as np
import pandas as pd

from analysis.plots.palette import colors_for
from analysis.results import Tables
from tests.made_moves import (
    add_course,
    add_verdict_columns,
    make_bursts,
    make_drift,
    make_drivers,
    make_newcomers,
    make_rates,
    make_topic_trends,
)
from tests.made_provenance import audit_dates, make_provenance, make_run
from tests.made_trends import make_shares, make_trends

CAUTION = "A search-result page of 60 papers chosen by relevance: shares describe this collection, not the field."
THEMES = {
    "representation-learning": ("named", "Representation learning"),
    "robotics": ("named", "Robotics"),
    "alignment": ("named", "Alignment"),
    "human-behaviour-in-vision": ("discovered", "Human behaviour in vision and video"),
    "recommendation-and-user-modelling": ("discovered", "Recommendation and user modelling"),
}
WORDS = ("latent state", "contrastive learning", "robot manipulation", "reward model", "user intent", "eye movements")


def make_tables(n_papers: int = 60, *, n_years: int = 8, themes: dict[str, tuple[str, str]] = THEMES) -> Tables:
    """Tables with a rising first theme, a silent middle year, an unfinished last year and two undated papers."""
    return copy_tables(_make_tables(n_papers, n_years, tuple(themes.items())))


def copy_tables(tables: Tables) -> Tables:
    """The same tables, free to be changed: making them anew takes a hundred times as long."""
    return dataclasses.replace(
        tables,
        **{name: frame.copy() for name, frame in vars(tables).items() if name != "run"},
        run=copy.deepcopy(tables.run),
    )


@cache
def _make_tables(n_papers: int, n_years: int, pairs: tuple[tuple[str, tuple[str, str]], ...]) -> Tables:
    themes = dict(pairs)
    rng = np.random.default_rng(7)
    ids = list(themes)
    place = {theme: rng.normal(0, 5, 2) for theme in ids}
    rows = []
    for i in range(n_papers):
        year = 2018 + (i * n_years) // n_papers
        year = year + 1 if year == 2020 and n_years > 3 else year
        rising = rng.random() < (year - 2017) / (2 * n_years)
        theme = ids[0] if rising or len(ids) == 1 else ids[int(rng.integers(0, len(ids)))]
        rows.append(_paper(i, theme if i % 17 else "unassigned", year, place.get(theme, np.zeros(2)), rng))
    papers = pd.DataFrame(rows)
    if n_papers > 10:
        papers.loc[[5, 9], ["published", "published_end"]] = pd.NaT
        papers.loc[[5, 9], ["published_precision", "published_kind"]] = "none"
    papers["published"] = pd.to_datetime(papers["published"])
    papers["published_end"] = pd.to_datetime(papers["published_end"])
    present = [*ids, "unassigned"]
    theme_table = _themes(papers, themes)
    scores = pd.DataFrame({"paper_id": papers["paper_id"]} | {theme: rng.random(n_papers) for theme in ids[:3]})
    shares = add_course(make_shares(papers, present, n_years))
    topics = _topics(papers, theme_table)
    return Tables(
        papers=papers,
        topics=topics,
        themes=theme_table,
        theme_scores=scores,
        theme_phrases=_phrases(papers, themes),
        theme_overlaps=_overlaps(scores),
        alternatives=pd.DataFrame({"paper_id": ["p000"], "run": ["seed-1"], "theme": [ids[0]]}),
        set_aside=pd.DataFrame(
            {
                "source": ["daily.txt", "daily.txt"],
                "position": ["card 12", "card 31"],
                "reason": ["no abstract", "not a paper: an advertisement"],
                "raw": ['=HYPERLINK("http://evil")\n\tAn unfinished card', "<script>alert(1)</script>"],
            }
        ),
        **make_provenance(papers),
        shares=shares,
        trends=add_verdict_columns(make_trends(ids, papers)),
        topic_trends=make_topic_trends(topics),
        bursts=make_bursts(ids),
        newcomers=make_newcomers(ids),
        drift=make_drift(ids),
        drivers=make_drivers(ids),
        rates=make_rates(shares),
        run=make_run(n_papers, CAUTION),
    )


def _paper(i: int, theme: str, year: int, centre: np.ndarray, rng: np.random.Generator) -> dict[str, object]:
    published = dt.date(year, 1 + i % 12, 1 + i % 28)
    word = WORDS[i % len(WORDS)]
    x, y = centre + rng.normal(0, 1.3, 2)
    return {
        "paper_id": f"p{i:03d}",
        "title": f"Learning {word} representations from behaviour, part {i}",
        "abstract": "" if i % 20 == 4 else f"We study {word} and behaviour. " * 4,
        "title_only": i % 20 == 4,
        "published": published,
        "published_end": published,
        "published_precision": "day",
        "published_kind": "listing",
        "published_inferred": i % 6 == 0,
        "authors": [] if i % 3 else ["Ada Lovelace", "Alan Turing"],
        "n_authors": None if i % 3 else 2,
        "venue": "",
        "doi": None,
        "arxiv_id": f"1801.{i:05d}" if i == 0 else None,
        "pmid": None,
        "openreview_id": None,
        "language": "de" if i == 7 else None if i == 8 else "en",
        "n_comments": i % 4,
        "n_upvotes": None,
        "url": f"https://example.org/papers/{i}" if i % 2 else "",
        "source": "daily.txt",
        "position": f"card {i + 1}",
        "topic": i % 7,
        "topic_strength": float(rng.uniform(0.3, 1)),
        "theme": theme,
        "theme_score": float(rng.uniform(0.2, 0.9)),
        "theme_margin": float(rng.uniform(0, 0.4)),
        "theme_runner_up": "robotics",
        "theme_reason": "no theme reaches the floor of 0.25" if theme == "unassigned" else "highest score",
        "why_here": [] if theme == "unassigned" else [word, "behaviour"],
        "placed": False,
        "map_x": float(x),
        "map_y": float(y),
    }


def _themes(papers: pd.DataFrame, themes: dict[str, tuple[str, str]]) -> pd.DataFrame:
    colors = colors_for([*themes, "unassigned"])
    rows = []
    for theme, (kind, label) in [*themes.items(), ("unassigned", ("unassigned", "Unassigned"))]:
        own = papers[papers["theme"] == theme]
        rows.append(
            {
                "theme": theme,
                "kind": kind,
                "label": label,
                "color": colors[theme],
                "description": f"Papers about {label.lower()} and what agents learn from behaviour.",
                "keyphrases": [{"phrase": word, "weight": 1 - k / 8} for k, word in enumerate(WORDS[:4])],
                "size": len(own),
                "representatives": own["paper_id"].head(5).tolist(),
                "stability": 0.71 if kind == "named" else float("nan"),
                "faithfulness": 0.93 if kind == "named" else 0.61,
                "intrusion": 0.85 if kind == "named" else float("nan"),
                "first_published": own["published"].min(),
                "last_published": own["published"].max(),
                "edited": False,
            }
        )
    return pd.DataFrame(rows)


def _phrases(papers: pd.DataFrame, themes: dict[str, tuple[str, str]]) -> pd.DataFrame:
    rows = []
    for theme in [one for one, (kind, _) in themes.items() if kind == "named"]:
        own = papers.loc[papers["theme"] == theme, "paper_id"].tolist()
        # The last phrase brings nothing; one paper is an example.
        sources = [("phrase", WORDS[0], own[1:]), ("phrase", WORDS[5], []), ("example", "p001", own[:1])]
        for kind, phrase, brought in sources:
            rows.append(
                {
                    "theme": theme,
                    "kind": kind,
                    "phrase": phrase,
                    "n_papers": len(brought),
                    "share": len(brought) / len(own) if own else None,
                    "n_lost": len(brought) // 2 if kind == "phrase" else None,
                    "paper_ids": brought[:3],
                }
            )
    return pd.DataFrame(rows).astype({"n_lost": "Int64", "share": "float64"})


def _overlaps(scores: pd.DataFrame) -> pd.DataFrame:
    inside = {theme: scores[theme] > 0.5 for theme in scores.columns[1:]}
    rows = [
        {
            "theme": first,
            "other": second,
            "n_theme": int(inside[first].sum()),
            "n_other": int(inside[second].sum()),
            "n_both": int((inside[first] & inside[second]).sum()),
            "jaccard": float((inside[first] & inside[second]).sum() / (inside[first] | inside[second]).sum()),
        }
        for first, second in combinations(inside, 2)
    ]
    columns = ["theme", "other", "n_theme", "n_other", "n_both", "jaccard"]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[2:5], "int64") | {"jaccard": "float64"})


def _topics(papers: pd.DataFrame, themes: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for topic, own in papers.groupby("topic"):
        theme = own["theme"].mode()[0]
        rows.append(
            {
                "topic": int(topic),
                "label": f"{WORDS[int(topic) % 6].capitalize()} for agents {topic}",
                "keyphrases": [
                    {"phrase": f"{word} {topic}" if k else word, "weight": 0.9 - k / 9} for k, word in enumerate(WORDS)
                ],
                "size": len(own),
                "representatives": own["paper_id"].head(3).tolist(),
                "parent": int(topic) % 3,
                "theme": theme,
                "theme_purity": float((own["theme"] == theme).mean()),
                "stability": 0.62,
                "faithfulness": 0.88,
                "intrusion": 0.4 if int(topic) == 2 else 0.9,
            }
        )
    return pd.DataFrame(rows).sort_values("size", ascending=False, kind="stable").reset_index(drop=True)


def with_hostile_text(tables: Tables) -> Tables:
    """The same study with titles and labels that try to break out."""
    papers, themes, topics = tables.papers.copy(), tables.themes.copy(), tables.topics.copy()
    papers.loc[0, "title"] = "<script>alert('x')</script> <a href='javascript:alert(1)'>go</a>"
    papers.loc[1, "title"] = "=cmd|' /C calc'!A0"
    papers.loc[2, "title"] = "\u202egnp.exe [click](javascript:alert(1)) ![x](http://evil/x.png) | cell `code` $x$"
    hostile = ["<img src=x onerror=alert(1)>", "[a](javascript:alert(1)) | `b`", "=1+1"]
    papers["why_here"] = [hostile, *papers["why_here"].tolist()[1:]]
    papers.loc[3, "title"] = "Robots \U0001f916 and עברית \u200f 表現学習"
    papers.loc[3, "url"] = "javascript:alert(1)"
    themes.loc[0, "label"] = "<script>alert(1)</script> & \u202ereversed \U0001f916"
    themes.loc[0, "description"] = "# <img src=x onerror=alert(1)> **bold** {{ 7 * 7 }}"
    themes.loc[1, "label"] = "A label that goes on and on " * 12
    themes.loc[1, "color"] = "red;}</style><script>"
    topics.loc[0, "label"] = "<b onmouseover=alert(1)>topic</b> %{x}"
    phrases = [{"phrase": "<i>kids</i> | \u202e", "weight": 0.5}]
    topics["keyphrases"] = [phrases, *topics["keyphrases"].tolist()[1:]]
    return dataclasses.replace(tables, papers=papers, themes=themes, topics=topics)


def without_dates(tables: Tables) -> Tables:
    """The same study with no dated paper."""
    undated = {"published": pd.NaT, "published_end": pd.NaT, "published_precision": "none", "published_kind": "none"}
    papers = tables.papers.assign(**undated, published_inferred=False)
    papers["published"] = pd.to_datetime(papers["published"])
    themes = tables.themes.assign(first_published=pd.NaT, last_published=pd.NaT)
    shares = add_course(make_shares(papers, tables.themes["theme"].tolist()))
    papers["published_end"] = pd.to_datetime(papers["published_end"])
    moves = ("date_conflicts", "trends", "topic_trends", "bursts", "newcomers", "drift", "drivers", "rates")
    empty = {name: getattr(tables, name).iloc[:0] for name in moves} | {"date_audit": audit_dates(papers)}
    run = {**tables.run, "field": ""}
    return dataclasses.replace(tables, papers=papers, themes=themes, shares=shares, run=run, **empty)


def make_many() -> Tables:
    """Forty themes in four hundred papers."""
    return copy_tables(_make_many())


@cache
def _make_many() -> Tables:
    themes = {
        f"theme-{i:02d}": ("named" if i < 3 else "discovered", f"Theme {i} about {WORDS[i % 6]}") for i in range(40)
    }
    tables = make_tables(400, themes=themes)
    papers = tables.papers.assign(topic=np.arange(400) % 40)
    return dataclasses.replace(tables, papers=papers, topics=_topics(papers, tables.themes))
