"""Tables such as the benchmark measures, in which every promise is kept."""

from __future__ import annotations

import dataclasses
from typing import Any

import pandas as pd

from tests.benchmarks.trends import cases
from tests.benchmarks.trends.judge import PEER_RULES
from tests.benchmarks.trends.simulate import Case

PEERS = dict.fromkeys(PEER_RULES, 0.3)
CALLS = {
    "any_call": 0.04,
    "any_changing": 0.02,
    "global": 0.05,
    "single_p": 0.05,
    "planted": 0.6,
    "planted_steady": 0.01,
}
ORACLE = {"oracle_any": 0.04, "oracle_planted": 0.62}
COVERED = {"underlying": 0.95, "underlying_few": 0.94, "expected": 0.95, "expected_few": None, "band": 0.95}
NUMBERS = {"n_underlying": 800, "n_underlying_few": 90, "n_expected": 800, "n_expected_few": 0, "band_width": 0.1}


def tabulate(listed: list[Case], numbers: dict[str, Any], n_corpora: int = 200) -> pd.DataFrame:
    """One row a case, all with the same numbers."""
    return pd.DataFrame([dataclasses.asdict(case) | {"n_corpora": n_corpora} | numbers for case in listed])


def make_tables() -> dict[str, pd.DataFrame]:
    """All parts of the benchmark, on its own cases."""
    level, lines = cases.list_level(), cases.list_lines()
    short = [case for case in level if case.span == "2 years"]
    return {
        "level": tabulate(level, CALLS, n_corpora=1000),
        "peers": tabulate(short, CALLS | ORACLE | PEERS),
        "harder": tabulate(cases.list_harder(), CALLS, n_corpora=1000),
        "lines": tabulate(lines, CALLS | ORACLE | PEERS),
        "margins": tabulate(cases.list_margins(), CALLS),
        "turns": tabulate(cases.list_turns(), {"found": 0.9, "near": 0.9, "n_found": 180}),
        "cover": tabulate([*short, lines[0]], COVERED | NUMBERS),
    }
