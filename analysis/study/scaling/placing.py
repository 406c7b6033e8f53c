"""The parts of a corpus placed in the themes of a study, and counted by theme and period."""

from __future__ import annotations

import json
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.cache import hash_code, hash_parts
from analysis.config import Config, InputError, parse_config
from analysis.corpus.opening import hash_file
from analysis.study.adding import check_fit
from analysis.study.row_files import COLUMNS, open_rows
from analysis.study.run import load
from analysis.study.scaling.accounting import ACCOUNT
from analysis.study.scaling.engine import Engine
from analysis.study.scaling.parts import (
    Part,
    hold_workshop,
    is_made,
    keep_part,
    name_record,
    publish_folder,
    read_part,
)
from analysis.study.study import Study
from analysis.themes import join_text
from analysis.themes.model import ARCHIVE, read_model

SUMMARY, COUNTS, SHARES = "placed.json", "counts.parquet", "shares.parquet"
_FITTED = "fitted.json"
# Papers that are embedded and placed at a time.
_PIECE = 8_192
_READ = ("paper_id", "title", "abstract", "published", "published_end", "published_precision", "source", "position")
_CELL = ("theme", "published", "published_end", "published_precision")
_COUNT = ("theme", "topic", "month")


class PlaceTask(NamedTuple):
    """A part of a corpus, and the model that places its papers."""

    name: str
    part: str
    digest: str
    fitted: str
    model: str
    out: str
    older: str


def place_parts(study: str | Path, parts: str | Path, *, out: str | Path, engine: Engine) -> dict[str, Any]:
    """Place the papers of a corpus in parts in a study, which stays as it is.

    Parameters
    ----------
    study : path
        A ``study.toml`` or its folder, on a disk that all workers see.
    parts : path
        A folder that `analysis.study.scaling.ingest_parts` made.
    out : path
        The folder: made as a whole, or left as it was. A part of it whose
        papers and model are the same as before is taken over.
    engine : Engine

    Returns
    -------
    dict
        ``n_papers``, ``n_unassigned``, ``n_far`` (farther from the fitted
        papers than 99 in 100 of those from each other), ``n_parts``,
        ``captured`` and ``period``: as they lie in ``placed.json``.

    Raises
    ------
    InputError
        If the study, its model, the parts or a worker is at fault; nothing is changed then.

    Notes
    -----
    Beside the parts, which have the columns of `analysis.study.place_source`,
    lie ``counts.parquet`` (papers by theme, topic and month) and
    ``shares.parquet`` (as `analysis.trends.share_by_period` gives them over
    all papers of the corpus).
    """
    opened, folder, corpus = load(study), Path(out).absolute(), Path(parts).absolute()
    check_fit(opened.place.config, opened.tables)
    found = _list_parts(corpus)
    with hold_workshop(folder) as workshop:
        engine.check_workers(workshop)
        model = _describe_fit(opened)
        fitted = workshop / _FITTED
        fitted.write_text(json.dumps(model, ensure_ascii=False), encoding="utf-8")
        digest = hash_parts(model)
        account = corpus / ACCOUNT
        key = hash_parts("place", hash_code("."), digest, [[name, part.digest] for name, part in found.items()])
        key = hash_parts(key, hash_file(account))
        if not is_made(folder, key):
            tasks = [
                PlaceTask(
                    *(name, str(corpus / f"{name}.parquet"), part.digest),
                    *(str(fitted), digest, str(workshop / "out"), str(folder)),
                )
                for name, part in found.items()
            ]
            placed = engine.map(place_part, tasks)
            names = _write_counts(placed, _find_captured(account), opened.place.config, workshop / "out")
            names |= {name for task in tasks for name in (f"{task.name}.parquet", name_record(task.name))}
            publish_folder(workshop, folder, names, key)
    told: dict[str, Any] = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
    return told


def place_part(task: PlaceTask) -> Part:
    """Place the papers of one part."""
    key = hash_parts("placed", hash_code("."), task.digest, task.model)
    return keep_part(Path(task.out), task.name, key, partial(_place, task), older=Path(task.older), is_lasting=True)


def _place(task: PlaceTask, beside: Path) -> dict[str, Any]:
    import pyarrow.parquet as pq

    placer = _open_placer(task.fitted, task.model)
    cells, counts = [], []
    n_papers = n_unassigned = n_far = 0
    with open_rows(beside / f"{task.name}.parquet") as write, pq.ParquetFile(task.part) as file:
        for batch in file.iter_batches(_PIECE, columns=list(_READ)):
            papers = batch.to_pandas()
            rows, is_far = placer.place(papers)
            write(rows)
            dated = papers.assign(theme=rows["theme"].to_numpy(), topic=rows["topic"].to_numpy())
            dated["month"] = pd.to_datetime(dated["published"]).dt.strftime("%Y-%m").fillna("")
            cells.append(_count(dated, _CELL))
            counts.append(_count(dated, _COUNT))
            n_papers += len(rows)
            n_unassigned += int((rows["theme"] == "unassigned").sum())
            n_far += int(is_far.sum())
    facts = {"n_papers": n_papers, "n_unassigned": n_unassigned, "n_far": n_far}
    return {**facts, "cells": _sum(cells, _CELL), "counts": _sum(counts, _COUNT)}


class _Placer:
    """The fitted model of a study on a worker: read once, without the tables of the study."""

    def __init__(self, fitted: dict[str, Any]) -> None:
        from analysis.themes.embedding import find_encoder
        from analysis.themes.placing import Placer

        self._config = parse_config(fitted["config"])
        self._model = read_model(Path(fitted["folder"]))
        self._encoder = find_encoder(self._config.embedding.encoder, fitted=self._model.encoder)
        if self._encoder.version != self._model.encoder["version"]:
            raise InputError(
                f"the study was fitted with encoder {self._model.encoder['name']}, but [embedding] now gives "
                f"{self._encoder.name}. Run the study again."
            )
        self._placer = Placer(self._model, self._config)
        self._labels = {"unassigned": "Unassigned", **fitted["themes"]}
        self._topics = {int(topic): label for topic, label in fitted["topics"].items()}

    def place(self, papers: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
        """Rows of the papers, and which of them are far from the fitted ones."""
        from analysis.themes.shift import find_far

        texts = [join_text(*pair) for pair in zip(papers["title"], papers["abstract"], strict=True)]
        placed = self._placer.place(papers, texts, self._encoder.encode(texts))
        told = papers[["paper_id", "title", "published", "source", "position"]]
        rows = pd.concat([told.assign(published=pd.to_datetime(told["published"])), placed.table], axis=1)
        rows = rows.assign(
            topic_label=rows["topic"].map(self._topics),
            label=rows["theme"].map(self._labels),
            nearness=placed.nearness.astype(float).round(4),
        )
        is_far = find_far(rows["nearness"].to_numpy(dtype=np.float32), self._model.nearness.round(4))
        return rows[list(COLUMNS)], pd.Series(is_far)


@lru_cache(maxsize=1)
def _open_placer(fitted: str, model: str) -> _Placer:
    described = json.loads(Path(fitted).read_text(encoding="utf-8"))
    if hash_parts(described) != model:
        raise InputError(f"{fitted}: another run has changed it meanwhile. Start again.")
    return _Placer(described)


def _describe_fit(opened: Study) -> dict[str, Any]:
    """What workers must know of a study, and hashes of the rest."""
    folder = opened.place.data / "model"
    tables = opened.tables
    absent = [name for name in ARCHIVE.files if not (folder / name).exists()]
    if absent:
        raise InputError(f"{folder}: this study keeps no fitted model ({', '.join(absent)}). Run the study again.")
    return {
        "folder": str(folder),
        "hashes": [hash_file(folder / name) for name in ARCHIVE.files],
        "config": opened.place.config.model_dump(mode="json"),
        "themes": dict(zip(tables.themes["theme"], tables.themes["label"], strict=True)),
        "topics": dict(zip(tables.topics["topic"].astype(str), tables.topics["label"], strict=True)),
    }


def _list_parts(corpus: Path) -> dict[str, Part]:
    """The parts of a corpus by name, each whole."""
    if not (corpus / ACCOUNT).exists():
        raise InputError(
            f"{corpus}: no corpus in parts. Make one first: themeline ingest SOURCE... --out FOLDER/ --scheduler local"
        )
    names = sorted(path.stem for path in corpus.glob("part-*.parquet"))
    found = {name: read_part(corpus, name) for name in names}
    damaged = [name for name, part in found.items() if part is None]
    if damaged:
        raise InputError(f"{corpus}: {', '.join(damaged)} damaged or changed since. Ingest the sources again.")
    return {name: part for name, part in found.items() if part is not None}


def _count(papers: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    counted: pd.DataFrame = papers.value_counts(list(names), sort=False, dropna=False).reset_index(name="size")
    return counted


def _sum(pieces: list[pd.DataFrame], names: tuple[str, ...]) -> dict[str, list[Any]]:
    """Counts of all pieces as columns that JSON keeps; days as ISO text, none as an empty one."""
    whole = pd.concat(pieces, ignore_index=True)
    days = [name for name in names if name.startswith("published") and not name.endswith("precision")]
    whole = whole.assign(**{name: pd.to_datetime(whole[name]).dt.strftime("%Y-%m-%d").fillna("") for name in days})
    summed = whole.groupby(list(names))["size"].sum().reset_index()
    return {name: summed[name].tolist() for name in summed.columns}


def _write_counts(placed: list[Part], captured: str | None, config: Config, folder: Path) -> set[str]:
    """Write what the parts hold together; gives the names of the files."""
    from analysis.trends import share_by_period

    counts = _gather(placed, "counts", _COUNT)
    counts.rename(columns={"size": "n_papers"}).to_parquet(folder / COUNTS)
    cells = _gather(placed, "cells", _CELL)
    papers = cells.loc[cells.index.repeat(cells["size"])].drop(columns="size").reset_index(drop=True)
    shares = share_by_period(papers, period=config.trends.period, captured=captured)
    shares.to_parquet(folder / SHARES)
    spans = shares.dropna(subset=["period"])
    summary = {
        **{name: sum(part.facts[name] for part in placed) for name in ("n_papers", "n_unassigned", "n_far")},
        "n_parts": len(placed),
        "captured": captured,
        "n_periods": int(spans["period"].nunique()),
    }
    (folder / SUMMARY).write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
    return {COUNTS, SHARES, SUMMARY}


def _gather(placed: list[Part], name: str, columns: tuple[str, ...]) -> pd.DataFrame:
    whole = pd.concat([pd.DataFrame(part.facts[name]) for part in placed], ignore_index=True)
    summed: pd.DataFrame = whole.groupby(list(columns))["size"].sum().reset_index()
    return summed


def _find_captured(account: Path) -> str | None:
    days = [source["captured"] for source in json.loads(account.read_text(encoding="utf-8"))["sources"]]
    return max((day for day in days if day), default=None)
