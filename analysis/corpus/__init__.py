"""Reads, cleans, identifies, dates and accounts for papers."""

from analysis.corpus.exporting import write_papers
from analysis.corpus.read import read_corpus
from analysis.corpus.records import Corpus, SourceFacts
from analysis.corpus.write import write_corpus

__all__ = ["Corpus", "SourceFacts", "read_corpus", "write_corpus", "write_papers"]
