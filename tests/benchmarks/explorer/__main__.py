"""Time the explorer's page: ``python -m tests.benchmarks.explorer STUDY... [--words WORDS] [--out FILE]``."""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from analysis.study import load, write_explorer
from tests.benchmarks.explorer.measure import measure_page
from tests.benchmarks.explorer.page import render_page
from tests.benchmarks.themes.jobs import describe_machine
from tests.browser.watching import start_browser

OUT = Path("figures/benchmarks/explorer.md")


def main() -> None:
    """Write the page of each study, open it, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("studies", nargs="+", metavar="STUDY", help="a study.toml or its folder")
    parser.add_argument("--words", default="language model", help="what is searched for")
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    measured = []
    with tempfile.TemporaryDirectory() as folder, start_browser() as browser:
        told = f"chromium {browser.version.split('.')[0]}"
        for number, study in enumerate(options.studies):
            opened = load(study)
            # Of the processor: nothing here waits, and other work on the machine does not count.
            began = time.process_time()
            file = write_explorer(opened, out=Path(folder) / f"explorer-{number}.html")
            took = time.process_time() - began
            measured.append({"write_s": took, **measure_page(browser, file, words=options.words)})
            print({name: round(value, 3) for name, value in measured[-1].items()}, flush=True)
    options.out.write_text(render_page(measured, machine=describe_machine(), browser=told), encoding="utf-8")


if __name__ == "__main__":
    main()
