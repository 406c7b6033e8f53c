"""What of the documentation is written by code: from docstrings, settings, commands, tables and figures."""

from docs.generating.finishing import list_scripts, name_toggles, set_policy
from docs.generating.pages import write_pages

__all__ = ["list_scripts", "name_toggles", "set_policy", "write_pages"]
