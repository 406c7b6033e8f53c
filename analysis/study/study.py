"""What a notebook holds: the tables of a study, its figures and its search."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.config import InputError
from analysis.results import Tables
from analysis.study.correcting import Correctable
from analysis.study.evaluate import Evaluation, evaluate_tables
from analysis.study.places import Place

if TYPE_CHECKING:
    from bertopic import BERTopic
    from plotly.graph_objects import Figure

    from analysis.study.exploring import Explorer

VECTORS = "model/vectors.npy"


@dataclass(frozen=True)
class Study(Correctable):
    """A study with its results.

    Attributes
    ----------
    place : Place
    tables : Tables
        See ``data/README.md`` for every column.
    """

    place: Place
    tables: Tables

    @property
    def root(self) -> Path:
        """Folder of the study."""
        return self.place.root

    @property
    def papers(self) -> pd.DataFrame:
        """One row per paper."""
        return self.tables.papers

    @property
    def topics(self) -> pd.DataFrame:
        """One row per topic."""
        return self.tables.topics

    @property
    def themes(self) -> pd.DataFrame:
        """One row per theme."""
        return self.tables.themes

    @property
    def theme_scores(self) -> pd.DataFrame:
        """One row per paper, one column per named theme."""
        return self.tables.theme_scores

    @property
    def theme_phrases(self) -> pd.DataFrame:
        """Which phrase or example of a named theme brought which papers."""
        return self.tables.theme_phrases

    @property
    def theme_overlaps(self) -> pd.DataFrame:
        """Papers that every two named themes share."""
        return self.tables.theme_overlaps

    @property
    def alternatives(self) -> pd.DataFrame:
        """The themes of the papers in every refit."""
        return self.tables.alternatives

    @property
    def set_aside(self) -> pd.DataFrame:
        """Records that were read and not kept, with the reason."""
        return self.tables.set_aside

    @property
    def merges(self) -> pd.DataFrame:
        """Records that went into another, by which rule, and into which paper."""
        return self.tables.merges

    @property
    def near_duplicates(self) -> pd.DataFrame:
        """Pairs of papers that are much alike and were not merged: to be looked at."""
        return self.tables.near_duplicates

    @property
    def date_audit(self) -> pd.DataFrame:
        """How many papers of each source bear which kind of date, how fine, and whether inferred."""
        return self.tables.date_audit

    @property
    def date_conflicts(self) -> pd.DataFrame:
        """Dates that another witness contradicts."""
        return self.tables.date_conflicts

    @property
    def ledger(self) -> pd.DataFrame:
        """Records read, merged, set aside and kept, by source and reason; the last three add up to the first."""
        return self.tables.ledger

    @property
    def shares(self) -> pd.DataFrame:
        """Share of every theme in every period."""
        return self.tables.shares

    @property
    def trends(self) -> pd.DataFrame:
        """One verdict per theme."""
        return self.tables.trends

    @property
    def topic_trends(self) -> pd.DataFrame:
        """One verdict per topic, tested as a family of its own."""
        return self.tables.topic_trends

    @property
    def bursts(self) -> pd.DataFrame:
        """Stretches in which a theme's share is high; only those with ``found`` are more than chance gives."""
        return self.tables.bursts

    @property
    def newcomers(self) -> pd.DataFrame:
        """When each theme was first and last seen, and whether that is late or early beyond chance."""
        return self.tables.newcomers

    @property
    def drift(self) -> pd.DataFrame:
        """Phrases inside each theme, early against late."""
        return self.tables.drift

    @property
    def drivers(self) -> pd.DataFrame:
        """What each category of the papers adds to the change of each theme's share."""
        return self.tables.drivers

    @property
    def rates(self) -> pd.DataFrame:
        """Papers of each theme per 1,000 of the field; no rows where the study gives no totals of the field."""
        return self.tables.rates

    @property
    def run(self) -> dict[str, Any]:
        """How the results were made."""
        return self.tables.run

    @property
    def caution(self) -> str:
        """What the corpus is a sample of, in the study's own words."""
        return self.place.config.corpus.caution

    @property
    def figures(self) -> dict[str, Figure]:
        """Every figure of the study by its name, drawn from the tables."""
        from analysis.reports import render_figures

        return render_figures(self.tables, self.place.config)

    @cached_property
    def vectors(self) -> np.ndarray[Any, np.dtype[np.float32]]:
        """Meaning of each paper, float32 (n_papers, n_dimensions), rows of length 1."""
        path = self.place.data / VECTORS
        try:
            vectors: np.ndarray[Any, np.dtype[np.float32]] = np.load(path, allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            raise InputError(f"{path}: the vectors are missing or damaged ({error}). Run the study again.") from None
        if len(vectors) != len(self.papers):
            raise InputError(f"{path}: {len(vectors)} vectors for {len(self.papers)} papers. Run the study again.")
        return vectors

    def find_vectors(self) -> np.ndarray[Any, np.dtype[np.float32]] | None:
        """The vectors; None for a study that was given away without them."""
        return self.vectors if (self.place.data / VECTORS).exists() else None

    def explore(self) -> Explorer:
        """The explorer as a widget of a notebook: look around, select papers, correct themes.

        What is selected stands in its ``selected``; the study as corrected in its ``study``.
        """
        from analysis.study.exploring import Explorer

        return Explorer(self)

    def search(self, words: str, *, top: int = 10) -> pd.DataFrame:
        """Papers nearest in meaning to some words.

        Parameters
        ----------
        words : str
            A phrase or a sentence.
        top : int, default 10
            How many papers at most.

        Returns
        -------
        DataFrame
            ``similarity`` (cosine, in [-1, 1]), ``title``, ``published``,
            ``theme`` (its label) and ``paper_id``, the nearest first.
        """
        if not words.strip():
            raise InputError("search: no words were given. Say what to look for.")
        if top < 1:
            raise InputError(f"search: top = {top} is not allowed. Ask for at least 1 paper.")
        from analysis.themes.embedding import find_encoder

        encoder = find_encoder(self.place.config.embedding.encoder, fitted=self.run["encoder"])
        if encoder.version != self.run["encoder"]["version"]:
            raise InputError(
                f"search: the results were made with encoder {self.run['encoder']['name']}, but the study now "
                f"names {encoder.name}. Run the study again."
            )
        similarity = self.vectors @ encoder.encode([words])[0]
        best = np.argsort(-similarity, kind="stable")[:top]
        labels = dict(zip(self.themes["theme"], self.themes["label"], strict=True))
        found = self.papers.iloc[best]
        return pd.DataFrame(
            {
                "similarity": similarity[best].astype(float).round(4),
                "title": found["title"].to_numpy(),
                "published": found["published"].to_numpy(),
                "theme": [labels[theme] for theme in found["theme"]],
                "paper_id": found["paper_id"].to_numpy(),
            }
        )

    def place_papers(
        self, source: str | Path | pd.DataFrame, *, columns: Mapping[str, str] | None = None
    ) -> pd.DataFrame:
        """Other papers in the themes of this study, which stays as it is.

        Parameters
        ----------
        source : path or DataFrame
            Any supported source; of one larger than memory, `analysis.study.place_source` writes a file.
        columns : mapping, optional
            Our name to the table's own, where it is not found by itself.

        Returns
        -------
        DataFrame
            One row per record, in the order given; the columns of `analysis.study.place_source`.

        Raises
        ------
        InputError
            If the source or the model is at fault.
        """
        from analysis.study.placing import StudyPlacer, place_stream

        parts: list[pd.DataFrame] = []
        place_stream(StudyPlacer(self.place, self.tables), source, parts.append, columns=columns)
        return pd.concat(parts, ignore_index=True)

    def describe_methods(self) -> str:
        """A methods paragraph to paste into a paper, filled from the record of the run, with its sources."""
        from analysis.reports import describe_methods

        return describe_methods(self.tables)

    def evaluate(self, *, gold: str | None = None) -> Evaluation:
        """How good the topics and themes are, from the tables alone.

        Parameters
        ----------
        gold : str, optional
            A column of labels that people gave, with or without ``label_`` in front.
        """
        return evaluate_tables(self.tables, gold)

    def to_bertopic(self) -> BERTopic:
        """The study's topics as a fitted BERTopic model, to go on with its own tools."""
        from analysis.themes import join_text
        from analysis.themes.phrases import list_keys
        from analysis.themes.topics import fit_bertopic

        texts = [join_text(*pair) for pair in zip(self.papers["title"], self.papers["abstract"], strict=True)]
        if len({key for text in texts for key in list_keys(text)}) < 2:
            raise InputError("to_bertopic: the papers hold fewer than two phrases, and BERTopic needs more.")
        labels = dict(zip(self.topics["topic"].astype(int), self.topics["label"], strict=True))
        return fit_bertopic(texts, self.papers["topic"].to_numpy(), self.vectors, labels=labels)

    def __repr__(self) -> str:
        counts = f"{len(self.papers)} papers, {len(self.topics)} topics, {len(self.themes)} themes"
        return f"Study({self.root.name!r}: {counts})"
