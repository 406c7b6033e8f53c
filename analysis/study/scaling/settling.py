"""From raw parts and joined papers to the parts of a corpus, by the rules of `analysis.corpus.read`."""

from __future__ import annotations

import datetime as dt
import json
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.cache import hash_code, hash_parts
from analysis.corpus.dating import audit_dates, find_arxiv_conflicts
from analysis.corpus.ledger import build_ledger
from analysis.corpus.merging import MERGES
from analysis.corpus.preparing import complete_languages, complete_signatures
from analysis.corpus.read import Undated, drop_papers, tell_languages
from analysis.corpus.records import Corpus, SourceFacts
from analysis.corpus.remarks import describe_undated
from analysis.corpus.table import arrow_type, build_set_aside, settle_papers
from analysis.corpus.write import write_corpus
from analysis.study.scaling.duplicates import write_near_keys
from analysis.study.scaling.joining import LOCAL, ROW
from analysis.study.scaling.parts import Part, keep_part, name_part
from analysis.study.scaling.reading import WANTED
from analysis.study.scaling.shuffling import Stretch, read_batches


class SettleTask(NamedTuple):
    """One raw part, the records of it that were joined, and the papers that these make."""

    number: int
    stretch: Stretch
    laid: str | None
    papers: list[tuple[str, int]]
    columns: tuple[str, ...]
    captured: dt.date | None
    undated: Undated
    languages: tuple[str, ...]
    with_signatures: bool
    folder: str
    digest: str

    @property
    def name(self) -> str:
        """Of the part of the corpus."""
        return name_part(self.number)


def settle_part(task: SettleTask) -> Part:
    """Make one part of the corpus."""
    key = hash_parts(
        *("settle", hash_code("."), task.number, task.digest, list(task.columns)),
        *(str(task.captured), task.undated, list(task.languages), task.with_signatures),
    )
    return keep_part(Path(task.folder), task.name, key, partial(_settle, task), is_lasting=True)


def _settle(task: SettleTask, beside: Path) -> dict[str, Any]:
    table = _read_joined(task)
    facts: dict[str, Any] = {"undated": _count_undated(table)}
    papers = tell_languages(settle_papers(table), complete_languages(table))
    inferred = papers["published_inferred"] & (papers["published_kind"] == "first_version")
    papers, kept, dropped = drop_papers(papers, task.undated, task.languages)
    set_aside = build_set_aside(dropped)
    flow = _count_flow(set_aside, papers)
    facts |= {
        "n_papers": len(papers),
        "n_inferred": int(inferred.sum()),
        "n_title_only": int(papers["title_only"].sum()),
        "n_set_aside": len(set_aside),
        "languages": {str(code): int(n) for code, n in papers["language"].value_counts().items()},
        "conflicts": [list(conflict) for conflict in find_arxiv_conflicts(papers)],
        "date_audit": _list_rows(audit_dates(papers)) if len(papers) else [],
        "flow": _list_rows(flow),
    }
    if len(papers) or len(set_aside):
        _write(papers, set_aside, task, beside)
    if task.with_signatures and len(papers):
        signatures = complete_signatures(table)[kept]
        facts["n_near_keys"] = write_near_keys(beside / task.name, papers, signatures)
    return facts


def _read_joined(task: SettleTask) -> Any:
    """The papers of one raw part: records that share no key as they are, the others as they were joined."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pq.read_table(f"{task.stretch.path}.parquet")
    names = table.column(WANTED)
    table = table.drop_columns([WANTED]).set_column(table.column_names.index("paper_id"), "paper_id", names)
    if task.laid is not None:
        alone = np.ones(table.num_rows, dtype=bool)
        with pa.memory_map(task.laid) as source:
            alone[pa.ipc.open_file(source).read_all().column(ROW).to_numpy() - task.stretch.first] = False
        rows = np.flatnonzero(alone)
        table = table.take(pa.array(rows)).append_column(LOCAL, pa.array(rows))
        table = pa.concat_tables([table, *read_batches(task.papers)], promote_options="default")
        order = np.argsort(table.column(LOCAL).to_numpy(), kind="stable")
        table = table.take(pa.array(order)).drop_columns([LOCAL])
    for name in task.columns:
        if name not in table.column_names:
            table = table.append_column(name, pa.nulls(table.num_rows, arrow_type("text")))
    return table.select(list(task.columns)).combine_chunks()


def _write(papers: pd.DataFrame, set_aside: pd.DataFrame, task: SettleTask, beside: Path) -> None:
    captured = task.captured.isoformat() if task.captured else None
    corpus = Corpus(
        papers=papers,
        set_aside=set_aside,
        merges=pd.DataFrame(),
        near_duplicates=pd.DataFrame(),
        date_audit=pd.DataFrame(),
        date_conflicts=pd.DataFrame(),
        flow=pd.DataFrame(),
        ledger={},
        sources=(SourceFacts(task.name, "", "", "", len(papers), captured),),
    )
    aside_path, ledger_path, path = write_corpus(corpus, beside / f"{task.name}.parquet")
    ledger_path.unlink()
    if set_aside.empty:
        aside_path.unlink()
    if papers.empty:
        path.unlink()


def _count_undated(table: Any) -> dict[str, int]:
    """How many papers of each source have no date."""
    if not describe_undated(table, "keep"):
        return {}
    undated = table.select(["source", "published"]).to_pandas()
    undated = undated[undated["published"].isna()]
    return {str(source): int(n) for source, n in undated["source"].value_counts(sort=False).items()}


def _count_flow(set_aside: pd.DataFrame, papers: pd.DataFrame) -> pd.DataFrame:
    if set_aside.empty and papers.empty:
        return pd.DataFrame()
    return build_ledger([], pd.DataFrame(columns=list(MERGES), dtype="str"), set_aside, papers)


def _list_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as JSON keeps them, days as ISO text."""
    rows: list[dict[str, Any]] = json.loads(table.to_json(orient="records", date_format="iso", force_ascii=False))
    return rows
