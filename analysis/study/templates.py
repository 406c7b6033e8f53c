"""Where the templates of a study lie."""

from __future__ import annotations

import os
from pathlib import Path

from analysis.config import Config


def locate_templates(config: Config, root: Path) -> Config:
    """The same settings with ``[report] templates`` from where it can be opened.

    Parameters
    ----------
    config : Config
    root : Path
        Folder of ``study.toml``, from which the setting counts.
    """
    if not config.report.templates:
        return config
    # Without "..": the root of a new study is no folder yet.
    folder = os.path.normpath(root / config.report.templates)
    return config.model_copy(update={"report": config.report.model_copy(update={"templates": folder})})
