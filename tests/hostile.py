"""Texts that try to run, to break a layout or to become a formula, and studies made of them.

Each text that would run calls ``alert`` with a number of its own: a page that
opens a dialog says by it which text was let through.
"""

from __future__ import annotations

import dataclasses
import json
import re
from itertools import cycle, islice
from typing import Any

import pandas as pd

from analysis.results import Tables
from tests.conftest import QUICK, make_papers
from tests.made_study import copy_tables, make_tables

LONG_WORD = "W" * 10_000
TEXTS = {
    "script": "<script>alert(101)</script>",
    "end of a script": "</script><script>alert(102)</script>",
    "comment before a script": "<!--<script>alert(103)//-->",
    "event handler": "<img src=x onerror=alert(104)>",
    "end of an attribute": '" onmouseover="alert(105)" style="position:fixed;inset:0" x="\' onfocus=\'alert(106)',
    "svg": "<svg/onload=alert(107)><a xlink:href='javascript:alert(108)'><text>go</text></a></svg>",
    "frame": "<iframe srcdoc='<script>alert(109)</script>'></iframe><object data=x></object>",
    "end of the title": "</title></style></textarea></head><body onload=alert(110)>",
    "style": "</style><style>*{display:none;background:url(http://evil.example/?a)}</style>",
    "link of plotly": '<a href="javascript:alert(111)">click</a> <b style="color:expression(alert(112))">bold</b>',
    "template": "{{ 7 * 7 }} {% raw %} {# #} %{x} %{customdata[0]} ${y} #{z}",
    "markdown": "[click](javascript:alert(113)) ![x](http://evil.example/x.png) | `code` $x$ <http://evil.example>",
    "heading": "# Heading\n\n---\n\n- item\n1. first\n> quote",
    "equals": "=cmd|' /C calc'!A0",
    "plus": "+1+cmd|' /C calc'!A0",
    "minus": "-2+3+cmd|' /C calc'!A0",
    "at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "tab": "\t=1+1",
    "carriage return": '\r=HYPERLINK("http://evil.example","go")',
    "hidden equals": "\u200b\x00=1+1",
    "full-width equals": "\uff1d1+1",
    "link": "javascript:alert(114)",
    "data link": "data:text/html,<script>alert(115)</script>",
    "direction": "\u202egnp.exe\u202c \u2066inside\u2069 \u200fmark\u061c \u202dforced",
    "invisible": "zero\u200bwidth \u2060joined\u2063 \U000e0041tagged \ufeffmark soft\u00adhyphen",
    "escapes": "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x9b2J \x08\x08back \x00null",
    "separators": "line\u2028paragraph\u2029next\x85end\x0bfeed\x0c",
    "stacked marks": "Z" + "\u0301\u0316\u0334" * 40 + "algo",
    "long word": LONG_WORD,
    "long text": "A title that goes on and on, " * 200,
    "right to left": "\u05dc\u05de\u05d9\u05d3\u05ea \u05d9\u05d9\u05e6\u05d5\u05d2\u05d9\u05dd "
    "\u0645\u0646 \u0627\u0644\u0633\u0644\u0648\u0643 (v2)",
    "emoji": "Robots \U0001f916 \U0001f469\u200d\U0001f4bb \U0001f1ea\U0001f1fa and \u8868\u73fe\u5b66\u7fd2",
    "nothing": " \u200b ",
}
#: What no text may bring to a page, a figure, a report or a terminal.
MARKS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
#: What a spreadsheet would take for a formula at the start of a cell, even after what it does not show.
FORMULA = re.compile("[\x00-\x1f\u200b\u2060\ufeff]*[=+\\-@\uff1d\uff0b\uff0d\uff20]")
ALERT = re.compile(r"alert\(1\d\d\)")
SETTINGS = f"""
[report]
title = {json.dumps(TEXTS["end of the title"] + TEXTS["end of a script"])}
[[themes.named]]
name = {json.dumps(TEXTS["event handler"])}
phrases = [{json.dumps(TEXTS["script"])}, {json.dumps(TEXTS["equals"])}]
[[themes.named]]
name = {json.dumps(TEXTS["equals"])}
phrases = [{json.dumps(TEXTS["markdown"])}]
[[themes.named]]
name = {json.dumps(TEXTS["template"])}
phrases = [{json.dumps(TEXTS["right to left"])}]
"""
CAUTION = TEXTS["end of an attribute"] + TEXTS["script"] + LONG_WORD
# Free text by table; ids, kinds and verdicts are words of ours, and a source's name is a file's.
_FREE = {
    "papers": ("title", "abstract", "venue", "doi", "url", "source", "position", "theme_reason"),
    "topics": ("label",),
    "themes": ("label", "description"),
    "theme_phrases": ("phrase",),
    "set_aside": ("source", "position", "reason", "raw"),
    "merges": ("source", "position", "rule"),
    "near_duplicates": ("relation",),
    "date_conflicts": ("witness",),
    "date_audit": ("source",),
    "ledger": ("source", "reason"),
    "drift": ("phrase",),
    "drivers": ("category",),
}
_THEMES = {f"theme-{i:02d}": ("named" if i < 4 else "discovered", f"Theme {i}") for i in range(len(TEXTS))}
# Tables of a row or two, which may have as many as there are texts.
_REPEATED = ("set_aside", "merges", "near_duplicates", "date_conflicts")
_LISTS = {"papers": ("authors", "why_here")}


def is_formula(cell: str) -> bool:
    """True for text that a spreadsheet may run; a plain number is none."""
    return bool(FORMULA.match(cell)) and not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", cell)


def make_hostile_records(n_papers: int = 2 * len(TEXTS)) -> list[dict[str, Any]]:
    """Papers as JSON lines take them: every text in every field, and links that are none.

    An abstract holds its text among plain words, so that themes are found.
    """
    papers = make_papers(n_papers)
    texts = [*TEXTS.values()]
    for i, paper in enumerate(papers):
        text, other = texts[i % len(texts)], texts[(i + 7) % len(texts)]
        paper["published"] = f"{2018 + 7 * i // n_papers}-0{1 + i % 9}-11"
        paper |= {"title": text if i < len(texts) else f"{paper['title']} {text[:400]}", "venue": other}
        paper |= {"abstract": f"{paper['abstract']} {other[:2000]}", "authors": [text[:300], other[:300]]}
        paper |= {"url": TEXTS["link"] if i % 2 else TEXTS["data link"], "labels": {other[:60]: text[:300]}}
    return papers


def make_hostile_tables(tables: Tables | None = None) -> Tables:
    """A made study whose every free text is one of `TEXTS`, each of them in every column that has rows enough."""
    tables = make_tables(2 * len(TEXTS), themes=_THEMES) if tables is None else copy_tables(tables)
    changed: dict[str, pd.DataFrame] = {}
    for name, columns in _FREE.items():
        frame = getattr(tables, name)
        if name in _REPEATED:
            frame = pd.concat([frame] * len(TEXTS), ignore_index=True)
        texts = {column: _take_texts(len(frame), start=5 * place) for place, column in enumerate(columns)}
        changed[name] = frame.assign(**texts)
    n_papers = len(tables.papers)
    lists = [list(pair) for pair in zip(_take_texts(n_papers), _take_texts(n_papers, start=3), strict=True)]
    changed["papers"] = changed["papers"].assign(authors=lists, why_here=lists, label_area=_take_texts(n_papers))
    for name in ("topics", "themes"):
        frame = changed[name]
        phrases = zip(*(_take_texts(len(frame), start=k) for k in range(6)), strict=True)
        changed[name] = frame.assign(
            label=_tell_apart(frame["label"]),
            keyphrases=[[{"phrase": text, "weight": 1 - k / 9} for k, text in enumerate(row)] for row in phrases],
        )
    colors = ["red;}</style><script>alert(116)</script>", *changed["themes"]["color"].tolist()[1:]]
    changed["themes"] = changed["themes"].assign(color=colors)
    told = {"title": TEXTS["end of the title"], "caution": CAUTION, "global_change": TEXTS["script"]}
    lists_told = {"left_out": [*TEXTS.values()], "rungs": [*TEXTS.values()]}
    return dataclasses.replace(tables, **changed, run={**tables.run, **told, **lists_told})


def _take_texts(number: int, *, start: int = 0) -> list[str]:
    return [*islice(cycle(TEXTS.values()), start, start + number)]


def _tell_apart(labels: pd.Series) -> list[str]:
    # No two labels are the same in a study.
    seen: dict[str, int] = {}
    told = []
    for label in labels:
        seen[label] = seen.get(label, 0) + 1
        told.append(label if seen[label] == 1 else f"{label} {seen[label]}")
    return told


def write_hostile_settings() -> str:
    """A whole ``study.toml`` for `make_hostile_records` in ``papers.jsonl``; its figures need no browser."""
    return (
        f'[corpus]\nsources = ["papers.jsonl"]\ncaution = {json.dumps(CAUTION)}\n{QUICK}'
        f"[themes]\nn_alternatives = 2\n{SETTINGS}"
    )
