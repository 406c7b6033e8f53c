"""What a report says, before any format: the HTML and the Markdown report say the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.config import Config
from analysis.plots.looks import theme_order
from analysis.plots.periods import grid_shares, list_set_apart
from analysis.plots.text import clean, count_of, shorten
from analysis.reports import sentences as say
from analysis.reports.asked import NamedSection, describe_named
from analysis.reports.cards import lay_out_paper, lay_out_theme, lay_out_topic
from analysis.reports.corrected import (
    list_corrections,
    list_failed_corrections,
    number_corrections,
    summarise_corrections,
)
from analysis.reports.moves import Moves, describe_moves
from analysis.reports.provenance import Provenance, describe_provenance
from analysis.reports.stability import count_doubtful_topics, describe_doubtful_themes, explain_stability
from analysis.reports.verdicts import describe_frail, describe_verdicts, explain_trends, lay_out_trend, read_alpha
from analysis.results import Tables
from analysis.trends.grains import GRAINS, name_period

# Longer lists are cut with a line that says so; the CSV files hold all.
LONGEST = 200
_N_CITED = 10

Row = dict[str, Any]


@dataclass(frozen=True)
class Report:
    """The content of a report: plain, unescaped text throughout."""

    title: str
    caution: str
    short: list[str]
    corpus: list[str]
    findings: list[str]
    trends: list[Row]
    borders: dict[str, str]
    moves: Moves
    stability: str
    topic_stability: str
    themes: list[Row]
    named: NamedSection
    topics: list[Row]
    unassigned: list[Row]
    more_unassigned: str
    untold: list[str]
    methods: list[str]
    provenance: Provenance
    facts: list[Row]
    settings: list[Row]
    cite: list[str]


def write_content(tables: Tables, config: Config) -> Report:
    """Collect what a report says.

    Parameters
    ----------
    tables : Tables
        All of them; of ``run`` what is absent is left out. Seconds, memory
        and commit are never read: two runs give the same report.
    config : Config
        ``corpus.caution`` and ``[report]``.
    """
    papers = tables.papers.set_index("paper_id", drop=False)
    trends = {str(row["theme"]): row for _, row in tables.trends.iterrows()}
    order = theme_order(tables.themes)
    themes = find_themes_by_id(tables)
    lost = papers[papers["theme"] == "unassigned"]
    moves = describe_moves(tables)
    verdicts = dict(zip(tables.topic_trends["topic"], tables.topic_trends["verdict"], strict=True))
    return Report(
        title=title_of(tables, config),
        caution=caution_of(tables, config),
        short=_short(tables, order),
        corpus=say.describe_corpus(tables),
        findings=_findings(tables),
        trends=[lay_out_trend(themes[theme], trends[theme]) for theme in order if theme in trends],
        borders=explain_trends(tables.trends, alpha=read_alpha(tables)),
        moves=moves,
        stability=explain_stability(),
        topic_stability=count_doubtful_topics(tables.topics),
        themes=[
            lay_out_theme(
                themes[theme],
                trends.get(theme),
                moves,
                papers=papers,
                topics=tables.topics,
                n_representatives=config.report.n_representatives,
                corrections=list_corrections(tables, theme),
            )
            for theme in order
            if theme != "unassigned"
        ],
        named=describe_named(tables),
        topics=[lay_out_topic(row, themes, verdicts) for _, row in tables.topics.iterrows()],
        unassigned=[
            lay_out_paper(row) | {"reason": clean(row["theme_reason"])} for _, row in lost.head(LONGEST).iterrows()
        ],
        more_unassigned=_more(len(lost), "paper", "papers.csv"),
        untold=[*list_failed_corrections(tables), *map(clean, tables.run.get("left_out") or [])][:LONGEST],
        methods=[*(clean(rung) for rung in tables.run.get("rungs") or []), *number_corrections(tables)[:LONGEST]],
        provenance=describe_provenance(tables),
        facts=list_facts(tables),
        settings=_settings(tables.run.get("config") or {}),
        cite=cite_study(tables),
    )


def title_of(tables: Tables, config: Config) -> str:
    """The title that the study gives, else one from the number of papers."""
    given = clean(config.report.title) or clean(tables.run.get("title"))
    return given or f"Themes in {count_of(len(tables.papers), 'paper')}"


def caution_of(tables: Tables, config: Config) -> str:
    """What the sample allows to conclude: the study's words, else those of the run."""
    return clean(config.corpus.caution) or clean(tables.run.get("caution"))


def find_themes_by_id(tables: Tables) -> dict[str, pd.Series]:
    """The row of each theme by its id."""
    return {str(row["theme"]): row for _, row in tables.themes.iterrows()}


def _short(tables: Tables, order: list[str]) -> list[str]:
    sizes = {str(theme): int(size) for theme, size in zip(tables.themes["theme"], tables.themes["size"], strict=True)}
    # Quoted: a label may hold commas.
    names = {
        str(theme): f"“{shorten(label, 60)}”"
        for theme, label in zip(tables.themes["theme"], tables.themes["label"], strict=True)
    }
    borne = sorted((theme for theme in order if theme != "unassigned"), key=lambda theme: -sizes[theme])
    largest = [f"{names[theme]} ({sizes[theme]:,})" for theme in borne[:5]]
    lines = [f"{count_of(len(tables.papers), 'paper')} in {count_of(len(borne), 'theme')}."]
    if len(borne) > 1:
        lines[0] = f"{lines[0][:-1]}; the largest: {say.join_words(largest)}."
    verdicts: dict[str, list[str]] = {}
    for theme, verdict in zip(tables.trends["theme"], tables.trends["verdict"], strict=True):
        if theme in names and theme != "unassigned":
            verdicts.setdefault(clean(verdict), []).append(names[theme])
    found = (
        clean(tables.run.get("global_change")),
        describe_verdicts(verdicts),
        describe_frail(tables.trends, {theme: name for theme, name in names.items() if theme != "unassigned"}),
    )
    about = (describe_doubtful_themes(tables.themes), *summarise_corrections(tables))
    return [line for line in (*lines, *about, *found) if line]


def _findings(tables: Tables) -> list[str]:
    period = tables.run.get("period") or {}
    unit, reason = clean(period.get("period")), clean(period.get("reason"))
    unit = next((name_period(grain) for grain in GRAINS if grain == unit), unit)
    said = not unit or reason.lower().startswith(f"counted by {unit}")
    counted = reason if said else f"Papers are counted by {unit}. {reason}".strip()
    grid = grid_shares(tables.shares)
    apart = f"In no {grid.unit}: {list_set_apart(grid)}." if list_set_apart(grid) else ""
    found = [clean(tables.run.get("global_change")), clean(tables.run.get("visible")), counted, apart]
    if tables.trends.empty:
        found.insert(0, "No trend was tested: too few papers have a date.")
    return [sentence for sentence in found if sentence]


def _more(n_rows: int, noun: str, file: str) -> str:
    return f"{count_of(n_rows - LONGEST, 'more ' + noun)}: see {file}." if n_rows > LONGEST else ""


def list_facts(tables: Tables) -> list[Row]:
    """Encoder, seed and versions, by name and value."""
    encoder = tables.run.get("encoder") or {}
    written = " ".join(clean(encoder.get(part)) for part in ("name", "version") if encoder.get(part))
    facts = [("encoder", written), ("seed", clean(tables.run.get("seed")))]
    facts += [(f"version of {clean(name)}", clean(value)) for name, value in (tables.run.get("versions") or {}).items()]
    return [{"name": name, "value": value} for name, value in facts if value]


def _settings(config: Any, prefix: str = "") -> list[Row]:
    rows: list[Row] = []
    for name, value in config.items():
        key = f"{prefix}{clean(name)}"
        if isinstance(value, dict):
            rows += _settings(value, f"{key}.")
        elif isinstance(value, list | tuple) and any(isinstance(part, dict) for part in value):
            for i, part in enumerate(value, start=1):
                rows += _settings(part, f"{key}[{i}].")
        else:
            parts = value if isinstance(value, list | tuple) else [value]
            rows.append(
                {"name": key, "value": "; ".join("not set" if part in (None, "") else clean(part) for part in parts)}
            )
    return rows


def cite_study(tables: Tables) -> list[str]:
    """How the corpus, the software and the numbers are cited, one line each."""
    version = clean((tables.run.get("versions") or {}).get("themeline"))
    names = [say.source_name(source) for source in (tables.run.get("corpus") or {}).get("sources") or []]
    if len(names) > _N_CITED:
        names = [*names[:_N_CITED], f"{count_of(len(names) - _N_CITED, 'more source')} listed above"]
    lines = [f"The corpus: {say.join_words(names)}."] if names else []
    lines.append(f"The software: Themeline{' ' + version if version else ''}.")
    lines.append("The numbers: manifest.json beside the figures lists the SHA-256 of every table, figure and report.")
    return lines
