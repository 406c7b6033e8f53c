"""No pictures here: studies of source files would start a browser for each."""

import pytest


@pytest.fixture
def no_browser(monkeypatch):
    monkeypatch.setattr("analysis.reports.figures.find_browser", lambda: None)
