import json

import pytest


@pytest.fixture
def lines(tmp_path):
    """Write objects (or raw lines) as JSON lines and return the path."""

    def write(*items, name="papers.jsonl"):
        path = tmp_path / name
        path.write_text("".join(f"{item if isinstance(item, str) else json.dumps(item)}\n" for item in items), "utf-8")
        return path

    return write


@pytest.fixture
def file(tmp_path):
    """Write text or bytes and return the path."""

    def write(content, name="papers.txt"):
        path = tmp_path / name
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return path

    return write
