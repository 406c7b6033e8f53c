"""Fits and re-fits, and what became of their themes."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

from analysis.curation.comparing import compare_themes
from analysis.curation.matching import UNASSIGNED, Generation, count_shared, match_themes, measure_overlap
from analysis.results import Tables
from analysis.study.identity import make_generation
from tests.benchmarks.identity.corrected import correct, judge
from tests.benchmarks.identity.studies import Bench, Record, list_found

LEAST = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
N_MONTHS = 5
# Papers of the conference that daily papers hardly hold.
STRANGE, N_STRANGE = ("learning theory", "optimization"), 300
SEED, SHARE = 42, 0.9
Row = dict[str, Any]


def measure_months(bench: Bench, daily: list[Record], *, seed: int) -> list[Row]:
    """All but the last months fitted and corrected by hand, then each of these added with a re-fit."""
    months = sorted({str(record["published"])[:7] for record in daily})[-N_MONTHS:]
    study = bench.start(f"months-{seed}", [one for one in daily if str(one["published"])[:7] < months[0]], seed=seed)
    study, done = correct(study)
    rows = []
    for month in months:
        before, shown = list_found(study), study.tables
        study = bench.add(study, month, [one for one in daily if str(one["published"])[:7] == month])
        row = {"seed": seed, "month": month, "found": tell_kept(before, list_found(study))}
        row |= {"shown": tell_kept(shown, study.tables), "corrections": judge(study.tables, done)}
        rows.append(row)
        print(row, flush=True)
    return rows


def measure_growth(bench: Bench, daily: list[Record], conference: list[Record]) -> list[Row]:
    """Half as many papers again, and papers on another subject, added with a re-fit."""
    half = len(daily) * 2 // 3
    strange = [one for one in conference if any(name in _read_area(one) for name in STRANGE)][:N_STRANGE]
    rows = []
    for name, first, more in (
        ("half as many again", daily[:half], daily[half:]),
        ("another subject", daily[:half], strange),
    ):
        study = bench.start(name.replace(" ", "-"), first, seed=SEED)
        before = list_found(study)
        after = list_found(bench.add(study, "more", more))
        row = {"what": name, "n_added": len(more), **tell_kept(before, after)}
        row |= _tell_added(make_generation(after), {str(one["id"]) for one in more})
        rows.append(row)
        print(row, flush=True)
    return rows


def measure_quality(bench: Bench, conference: list[Record]) -> list[Row]:
    """Agreement with the labels of authors: of a re-fit that takes over names, and of a fit that does not."""
    draw = np.random.default_rng(SEED)
    is_first = np.zeros(len(conference), dtype=bool)
    is_first[draw.choice(len(conference), int(SHARE * len(conference)), replace=False)] = True
    parts = [[one for one, own in zip(conference, is_first == side, strict=True) if own] for side in (True, False)]
    study = bench.start("conference", parts[0], seed=SEED, named=False)
    before = list_found(study)
    study = bench.add(study, "more", parts[1])
    after = list_found(study)
    fresh = list_found(bench.forget(study))
    areas = {str(one["id"]): _read_area(one) for one in conference}
    row: Row = {**tell_kept(before, after), "n_papers": len(after.papers)}
    for name, tables in (("refit", after), ("fresh", fresh)):
        labels = [areas[str(one)] for one in tables.papers["paper_id"]]
        row[f"ami_{name}"] = adjusted_mutual_info_score(labels, tables.papers["theme"])
        row[f"ami_topic_{name}"] = adjusted_mutual_info_score(labels, tables.papers["topic"])
    row["ari"] = adjusted_rand_score(after.papers["theme"], fresh.papers["theme"])
    print(row, flush=True)
    return [row]


def tell_kept(before: Tables, after: Tables) -> Row:
    """How many themes keep id and name, and colour; of all, and of those that the study does not name."""
    old, new = make_generation(before), make_generation(after)
    looks = [
        {str(row["theme"]): (row["label"], row["color"]) for row in tables.themes.to_dict("records")}
        for tables in (before, after)
    ]
    same = [one for one in old.labels if one in new.labels and old.labels[one] == new.labels[one]]
    overlap = measure_overlap(count_shared(old, new))
    changes = compare_themes(old, new).table["change"].value_counts()
    return {
        "n_before": len(old.paper_ids),
        "n_after": len(new.paper_ids),
        "n_themes": len(old.labels),
        "n_themes_after": len(new.labels),
        "kept": len(same),
        "colors": sum(looks[0][one] == looks[1][one] for one in same),
        "n_discovered": len(set(old.labels) - old.named),
        "kept_discovered": len(set(same) - old.named),
        "in_kept": float(np.isin(old.theme, same).sum() / (old.theme != UNASSIGNED).sum()),
        "overlaps": sorted(round(float(overlap.to_numpy()[_find(old, one), _find(new, one)]), 3) for one in same),
        "curve": [len(match_themes(old, new, same_papers=least)) for least in LEAST],
        "changes": {str(change): int(number) for change, number in changes.items()},
    }


def _find(generation: Generation, theme: str) -> int:
    return list(generation.labels).index(theme)


def _tell_added(new: Generation, added: set[str]) -> Row:
    """The theme that holds most of the papers that were added."""
    own = np.array([str(one).split(":")[-1] in added or str(one) in added for one in new.paper_ids])
    themes, counts = np.unique(new.theme[own].astype(str), return_counts=True)
    most = str(themes[counts.argmax()])
    return {
        "most": new.labels.get(most, most),
        "most_share": float(counts.max() / own.sum()),
        "most_pure": float(counts.max() / (new.theme == most).sum()),
    }


def _read_area(record: Record) -> str:
    return str(record["labels"]["primary_area"])
