"""How a report writes the papers of a theme for reference managers."""

from __future__ import annotations

from analysis.corpus.exporting.bibtex import render_bibtex
from analysis.corpus.exporting.ris import render_ris

REFERENCES = {"bibtex": render_bibtex, "ris": render_ris}
