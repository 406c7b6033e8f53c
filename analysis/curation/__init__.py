"""What people change by hand, and what became of themes between two generations: pure functions of tables."""

from analysis.curation.applying import Corrected, Outcome, apply_corrections
from analysis.curation.comparing import Changes, compare_themes
from analysis.curation.corrections import Correction, make_correction, parse_corrections, read_corrections
from analysis.curation.counts import TermCounts, Wording, collect_counts, read_counts, write_counts
from analysis.curation.following import Route, find_labels, follow_routes, rename_in_reasons
from analysis.curation.matching import Generation, Match, match_themes

__all__ = [
    "Changes",
    "Corrected",
    "Correction",
    "Generation",
    "Match",
    "Outcome",
    "Route",
    "TermCounts",
    "Wording",
    "apply_corrections",
    "collect_counts",
    "compare_themes",
    "find_labels",
    "follow_routes",
    "make_correction",
    "match_themes",
    "parse_corrections",
    "read_corrections",
    "read_counts",
    "rename_in_reasons",
    "write_counts",
]
