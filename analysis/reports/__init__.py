"""Figures and reports as files: sentences, tables, the formats and the manifest."""

from __future__ import annotations

from analysis.reports.export import (
    count_pictures,
    render_figures,
    render_report,
    write_figures,
    write_outputs,
    write_report,
)
from analysis.reports.figures import find_browser
from analysis.reports.manifest import check_outputs, write_manifest
from analysis.reports.methods import describe_methods

__all__ = [
    "check_outputs",
    "count_pictures",
    "describe_methods",
    "find_browser",
    "render_figures",
    "render_report",
    "write_figures",
    "write_manifest",
    "write_outputs",
    "write_report",
]
