"""The comparison of two studies as a report and as tables."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from markupsafe import Markup

from analysis.curation.comparing import CHANGES, Changes
from analysis.curation.matching import SAME_MEANING, SAME_PAPERS
from analysis.curation.telling import FACTOR, FEWEST, MOST, PART
from analysis.plots.looks import theme_from_slug
from analysis.plots.text import clean, count_of
from analysis.reports.figures import START_JS, alt_of, embed_json, plotly_js, policy_for, script_hash, spec_json
from analysis.reports.tables import guard_cell
from analysis.reports.templating import html_environment, markdown_environment

_FLOW = "theme-flow"
_HEADS = {
    "born": "New",
    "died": "Gone",
    "split": "Split",
    "merged": "Merged",
    "grown": "Grown",
    "shrunk": "Shrunk",
    "renamed": "Renamed",
    "unchanged": "Unchanged",
    "unknown": "Cannot be told",
}


def explain_rules() -> list[str]:
    """What the report means by each change, with its numbers."""
    part, most, more = f"{PART:.0%}", f"{MOST:.0%}", f"{FACTOR - 1:.0%}"
    sentences = [
        "A theme that the study names is the theme of that name in the other results. Others are the same where they "
        f"share {SAME_PAPERS:.0%} or more of their papers (those of either, among the papers that both corpora hold), "
        "paired so that the sum is highest, or where most of the old one's papers are in a new one that is no other "
        "theme; where too few papers are shared, where the cosine of their mean vectors "
        f"is {SAME_MEANING:g} or more.",
        f"Split: two or more new themes each hold {part} or more of the papers of an old one, which are {most} or more "
        "of their own. Merged: the same the other way round. A theme without a counterpart was split off where "
        f"{most} or more of its papers came from one old theme, and merged where {most} or more went into one new "
        "theme. Shares are of the papers that both corpora hold.",
        f"Grown or shrunk: {more} more or fewer papers than in step with the whole corpus, and {FEWEST} at least.",
        "Renamed: the same theme under another label, and none of the above. New and gone: no theme of the other "
        "results is the same, and none of the above. Cannot be told: too few shared papers, and no vectors of one "
        "encoder.",
    ]
    return [re.sub(r"(\d)%", r"\1 %", sentence) for sentence in sentences]


def render_comparison(changes: Changes, figure: go.Figure, *, notes: Sequence[str], has_image: bool) -> dict[str, str]:
    """The report in HTML and Markdown, and the tables as CSV, by file name.

    Parameters
    ----------
    changes : Changes
    figure : Figure
        Of `analysis.plots.flow.theme_flow`.
    notes : sequence of str
        What was compared, and what cannot be.
    has_image : bool
        Whether ``theme-flow.png`` lies beside the Markdown report.
    """
    content = {
        "notes": [clean(note) for note in notes],
        "short": _sum_up(changes.table),
        "rules": explain_rules(),
        "groups": _group_rows(changes.table),
        "alt": alt_of(figure),
    }
    page = html_environment().get_template("comparison.html.j2")
    text = markdown_environment().get_template("comparison.md.j2").render(content, has_image=has_image, image=_FLOW)
    return {
        "comparison.html": page.render(
            content,
            policy=policy_for(script_hash(plotly_js()), script_hash(START_JS)),
            height=int(figure.layout.height),
            spec=embed_json(spec_json(figure)),
            plotly_js=Markup(plotly_js()),
            start_js=Markup(START_JS),
        ),
        "comparison.md": re.sub(r"\n{3,}", "\n\n", text).strip() + "\n",
        "themes.csv": _write_csv(changes.table.assign(others=changes.table["others"].map("; ".join))),
        "flows.csv": _write_csv(changes.flows),
    }


def _sum_up(table: pd.DataFrame) -> str:
    counts = table["change"].value_counts()
    parts = [f"{counts[change]} {_HEADS[change].lower()}" for change in CHANGES if counts.get(change)]
    return f"{count_of(len(table), 'theme')}: {', '.join(parts)}." if parts else "Neither study has a theme."


def _group_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of each change, laid out."""
    groups = []
    for change in CHANGES:
        rows = table[table["change"] == change].to_dict("records")
        if rows:
            groups.append({"head": _HEADS[change], "rows": [_lay_out(row) for row in rows]})
    return groups


def _lay_out(row: dict[Any, Any]) -> dict[str, str]:
    before, after = clean(row["old_label"]), clean(row["new_label"])
    overlap = "" if pd.isna(row["overlap"]) else f"{row['overlap']:.2f}"
    return {
        # A label may be nothing but signs that are not shown.
        "label": after or before or theme_from_slug(row["new"] or row["old"]),
        "before": before if row["renamed"] else "",
        "n_old": f"{row['n_old']:,}" if row["old"] else "",
        "n_new": f"{row['n_new']:,}" if row["new"] else "",
        "overlap": overlap if pd.isna(row["similarity"]) else f"{overlap or 'none'} (meaning {row['similarity']:.2f})",
        "sentence": clean(row["sentence"]),
    }


def _write_csv(table: pd.DataFrame) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows(map(_write_cells, table.itertuples(index=False, name=None)))
    return file.getvalue()


def _write_cells(values: Iterable[Any]) -> list[str]:
    return [
        "" if pd.isna(value)
        else str(value).lower() if isinstance(value, bool)
        else guard_cell(clean(value)) if isinstance(value, str)
        else f"{value:.6g}" if isinstance(value, float)
        else str(value)
        for value in values
    ]  # fmt: skip
