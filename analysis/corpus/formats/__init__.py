"""One file per kind of source, and the order in which they are tried."""

from analysis.corpus.formats.csv import CSV, DELIMITED
from analysis.corpus.formats.jsonl import JSON_LINES
from analysis.corpus.formats.listing import LISTING
from analysis.corpus.formats.parquet import PARQUET
from analysis.corpus.records import Format

# The surest sign first. CSV is told by its header; any other delimited text comes last, to be told what it lacks.
FORMATS: tuple[Format, ...] = (PARQUET, JSON_LINES, CSV, LISTING, DELIMITED)

__all__ = ["FORMATS"]
