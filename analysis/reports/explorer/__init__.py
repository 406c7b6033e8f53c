"""The explorer: one application of plain modules, for a page that works offline and for a notebook."""

from analysis.reports.explorer.blocks import Blocks, pack_blocks, pack_themes
from analysis.reports.explorer.page import render_explorer
from analysis.reports.explorer.scripts import join_styles, join_widget

__all__ = ["Blocks", "join_styles", "join_widget", "pack_blocks", "pack_themes", "render_explorer"]
