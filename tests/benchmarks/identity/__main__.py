"""Themes found again in monthly re-fits: ``python -m tests.benchmarks.identity --corpora DIR [--months 5]``.

DIR holds a file ``hf_daily_*.jsonl.gz``: one JSON object a line, with ``id``,
``title``, ``abstract`` and ``published``. All but the last months are fitted;
then each of these is added with a re-fit. Told is, for each, how many of the
themes keep id and name, and how many would with other least overlaps.
"""

from __future__ import annotations

import argparse
import gzip
import json
import tempfile
from pathlib import Path

from analysis.curation.matching import Generation, match_themes
from analysis.study import Study, run
from analysis.study.identity import make_generation
from tests.conftest import REPOSITORY, write_jsonl

LEAST = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
SETTINGS = """seed = {seed}
[corpus]
sources = [
  "first.jsonl",
]
[figures]
formats = []
[report]
formats = ["csv"]
[themes]
n_alternatives = 2
"""


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--months", type=int, default=5)
    parser.add_argument("--seed", type=int, default=42)
    options = parser.parse_args()
    source = next(options.corpora.glob("hf_daily_*.jsonl.gz"))
    with gzip.open(source, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    print("month      papers   new  themes  kept  share  papers in kept  " + "  ".join(f"{one:.1f}" for one in LEAST))
    with tempfile.TemporaryDirectory() as folder:
        measure_months(Path(folder), records, n_months=options.months, seed=options.seed)


def measure_months(folder: Path, records: list[dict[str, object]], *, n_months: int, seed: int) -> None:
    """Fit all but the last months, add these one by one, and print a line for each."""
    months = sorted({str(record["published"])[:7] for record in records})
    late = months[-n_months:]
    named = (REPOSITORY / "study.toml").read_text(encoding="utf-8").partition("[[themes.named]]")
    folder.joinpath("study.toml").write_text(SETTINGS.format(seed=seed) + "".join(named[1:]), encoding="utf-8")
    _write(folder / "first.jsonl", [record for record in records if str(record["published"])[:7] < late[0]])
    before = run(folder)
    for month in late:
        own = [record for record in records if str(record["published"])[:7] == month]
        after = run(folder, add=[_write(folder / f"{month}.jsonl", own)], refit=True)
        print(tell_line(month, before, after), flush=True)
        before = after


def tell_line(month: str, before: Study, after: Study) -> str:
    """One line of the table."""
    old, new = make_generation(before.tables), make_generation(after.tables)
    kept = set(old.labels.items()) & set(new.labels.items())
    in_kept = sum((old.theme == theme).sum() for theme, _ in kept) / len(old.paper_ids)
    new_share = 1 - len(old.paper_ids) / len(new.paper_ids)
    curve = "  ".join(f"{_count_found(old, new, least):3d}" for least in LEAST)
    return (
        f"{month}  {len(new.paper_ids):8d} {new_share:5.1%}  {len(old.labels):6d}  {len(kept):4d}  "
        f"{len(kept) / len(old.labels):5.0%}  {in_kept:14.0%}  {curve}"
    )


def _count_found(old: Generation, new: Generation, least: float) -> int:
    return len(match_themes(old, new, same_papers=least))


def _write(path: Path, records: list[dict[str, object]]) -> Path:
    wanted = ("id", "title", "abstract", "published", "url")
    return write_jsonl(path, [{name: record[name] for name in wanted} for record in records])


if __name__ == "__main__":
    main()
