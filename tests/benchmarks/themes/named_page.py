"""The benchmark of named themes as a page."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

TARGETS = {
    ("iclr2026_primary_area", "Alignment"): 0.90,
    ("iclr2026_primary_area", "Representation learning"): 0.80,
    ("arxiv_2025-03_2025-06", "Robotics"): 0.96,
}
_HEAD = """# Named themes against the labels of authors

`{command}`

Corpora: {sizes}.
Medians over the seeds. AUC and average precision (AP) are against the one label of the benchmark;
precision and recall of the members (score above .5) against any label of the paper. The phrases of the three held-out
themes were committed before they were ever evaluated. The method was chosen by the mean AUC over the other areas and
calibrated on them; results of the held-out themes were looked at on the way, but no choice was made by them.
Scores are scores: the curve below says how they relate to these authors' labels, and no more.
"""


def render_page(medians: pd.DataFrame, reliability: pd.DataFrame, *, command: str, sizes: Mapping[str, int]) -> str:
    """The page as Markdown.

    Parameters
    ----------
    medians : DataFrame
        One row per corpus, kind, way and theme.
    reliability : DataFrame
        One row per corpus, kind and bin of scores.
    """
    counted = "; ".join(f"{name}: {size:,} papers" for name, size in sizes.items())
    parts = [
        _HEAD.format(command=command, sizes=counted),
        "## Held-out themes\n\n" + _list_held_out(medians),
        "## Mean over the other areas, which the method was chosen by\n\n" + _average_areas(medians),
        "## Themes that are not there\n\n" + _list_absent(medians),
        "## Themes that are rare\n\n" + _describe_rare(medians),
        "## Reliability\n\n" + _list_reliability(reliability),
        "## Every area, by its phrases\n\n" + _list_areas(medians),
    ]
    return "\n".join(parts)


def _list_held_out(medians: pd.DataFrame) -> str:
    held = medians[medians["kind"] == "held out"]
    rows = []
    for _, row in held.iterrows():
        least = TARGETS.get((row["corpus"], row["theme"])) if row["way"] == "phrases" else None
        verdict = "" if least is None else f"{least:.2f}: {'holds' if row['auc'] >= least else 'fails'}"
        rows.append([row["corpus"], row["theme"], row["way"], *_measures(row), f"{row['auc_lowest']:.3f}", verdict])
    return _table(["corpus", "theme", "asked by", *_COLUMNS, "lowest AUC", "at least"], rows)


def _list_areas(medians: pd.DataFrame) -> str:
    areas = medians[(medians["kind"] == "area") & (medians["way"] == "phrases")]
    rows = [[row["corpus"], row["theme"], *_measures(row)] for _, row in areas.iterrows()]
    return _table(["corpus", "theme", *_COLUMNS], rows)


def _average_areas(medians: pd.DataFrame) -> str:
    areas = medians[medians["kind"] == "area"]
    rows = []
    for way, some in areas.groupby("way", sort=False):
        mean = some[["auc", "ap", "auc_any", "precision", "recall"]].mean()
        rows.append([str(way), str(len(some)), *(f"{value:.3f}" for value in mean)])
    return _table(["asked by", "themes", "AUC", "AP", "AUC, any label", "precision", "recall"], rows)


def _list_absent(medians: pd.DataFrame) -> str:
    absent = medians[medians["kind"] == "absent"]
    rows = []
    for (corpus, way), some in absent.groupby(["corpus", "way"], sort=False):
        top = some.loc[some["highest"].idxmax()]
        n_with = int((some["n_members"] > 0).sum())
        seen = {"calibrate": "calibrated on", "check": "not calibrated on"}[str(way)]
        rows.append([str(corpus), seen, str(len(some)), str(n_with), f"{top['highest']:.2f} ({top['theme']})"])
    note = (
        "The border between absent and present was set after a first look at about half of the second list. Some "
        "subjects of it are decoys too; the decoys only give the scale, by a median over sixty of them.\n\n"
    )
    return note + _table(["corpus", "list", "themes", "with a member", "highest score"], rows)


def _describe_rare(medians: pd.DataFrame) -> str:
    rare = medians[medians["kind"] == "rare"]
    if rare.empty:
        return "No corpus with keywords took part.\n"
    return (
        f"{len(rare)} keywords that exactly five papers of `{rare['corpus'].iloc[0]}` give, each asked for by the "
        f"keyword alone: {(rare['n_members'] > 0).mean():.0%} have members, which hold {rare['recall'].mean():.0%} of "
        f"those papers; mean AUC {rare['auc'].mean():.3f}. Median size {rare['n_members'].median():.0f}: other papers "
        "are about it too and do not list the keyword.\n"
    )


def _list_reliability(reliability: pd.DataFrame) -> str:
    rows = [
        [row["corpus"], {"area": "other areas"}.get(row["kind"], row["kind"]), f"{row['low']:.1f} to {row['high']:.1f}",
         f"{row['score']:.2f}", f"{row['labelled']:.2f}", f"{row['n_pairs']:,.0f}"]
        for _, row in reliability.iterrows()
    ]  # fmt: skip
    head = ["corpus", "themes", "score", "mean score", "share labelled", "papers x themes"]
    return "![Reliability](named.png)\n\n" + _table(head, rows)


_COLUMNS = ["labelled", "members", "precision", "recall", "AUC", "AP", "AUC, any label"]


def _measures(row: pd.Series) -> list[str]:
    shares = [row[name] for name in ("precision", "recall", "auc", "ap", "auc_any")]
    return [f"{row['n_labelled']:,.0f}", f"{row['n_members']:,.0f}", *(f"{one:.3f}" for one in shares)]


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(one.replace("nan", "–") for one in line) + " |\n" for line in lines)  # noqa: RUF001
