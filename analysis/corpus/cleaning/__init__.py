"""Cleaning: from text as a source spells it to text as people read it, one module per kind of damage."""

from analysis.corpus.cleaning.abstracts import clean_abstract
from analysis.corpus.cleaning.characters import make_writable
from analysis.corpus.cleaning.columns import clean_column
from analysis.corpus.cleaning.text import clean_text

__all__ = ["clean_abstract", "clean_column", "clean_text", "make_writable"]
