"""BibTeX and BibLaTeX.

Specifications: O. Patashnik, "BibTeXing" (1988); P. Kime, M. Wemheuer, P.
Lehman, "The biblatex Package". Values stay as they are written, LaTeX and
braces included; cleaning turns them into text. In a file that we wrote
ourselves, our own escapes are taken back first.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from analysis.corpus.formats.bibtex.blocks import (
    BLOCK_START,
    Block,
    parse_entry,
    parse_macro,
    resolve_value,
    split_blocks,
)
from analysis.corpus.formats.bibtex.escapes import OWN_HEADER
from analysis.corpus.formats.bibtex.fields import map_entry
from analysis.corpus.opening import Source
from analysis.corpus.records import Context, Format, Found, Note, RawRecord, SetAside, shorten_raw

# An entry with a field, wherever it stands in the head; or any block at the very start.
_ENTRY = re.compile(
    r"^[ \t\ufeff]*@[ \t]*[A-Za-z][\w-]*\s*[{(]\s*[^\s,{}()\"=]*(?:[ \t][^\s,{}()\"=]+)*\s*,\s*[A-Za-z][\w.:+-]*\s*=",
    re.MULTILINE,
)
_OTHER_TEXT = ("<", "{", "[", '"')
_NO_PAPERS = {
    "proceedings": "a volume of proceedings, no paper",
    "mvproceedings": "a volume of proceedings, no paper",
    "periodical": "an issue of a journal, no paper",
    "set": "a set of entries, no paper",
    "xdata": "data that other entries share, no paper",
    "control": "a setting of a bibliography style, no paper",
    "ieeetranbstctl": "a setting of a bibliography style, no paper",
}
_LOOKS_LIKE_A_FIELD = re.compile(r"[\w-]+\s*=\s*[{\"\d]")
_MAX_MACROS = 32 * 2**20
_MAX_PARENTS = 50_000
_PASSED_OVER = ("comment", "preamble")
# What an entry takes from the one that it refers to (BibLaTeX's rules for proceedings and collections).
_INHERITED = {"title": "booktitle", "booktitle": "booktitle", "year": "year", "month": "month", "date": "date"}


@dataclass
class _State:
    """What is known so far of one file."""

    is_own: bool
    macros: dict[str, str] = field(default_factory=dict)
    macros_length: int = 0
    parents: Mapping[str, dict[str, str]] | None = None
    passed_over: Counter[str] = field(default_factory=Counter)
    first_lost: int = 0


def recognise_bibtex(source: Source) -> bool:
    """Whether an entry with a field stands in the head, or the text begins with a block."""
    text = source.head_text.lstrip("\ufeff \t\r\n")
    if not text or text.startswith(_OTHER_TEXT):
        return False
    return BLOCK_START.match(text[:4096]) is not None or _ENTRY.search(text) is not None


def read_bibtex(source: Source, _context: Context) -> Iterator[Found]:
    """Every entry; two with the same key stay two.

    Notes
    -----
    ``date`` or ``year`` with ``month`` and ``day``, and Web of Science's
    ``EarlyAccessDate``: the earliest is taken, and the finest of those that
    agree with it. An entry with a ``crossref`` takes the venue and the date
    that it lacks from the entry it names. The type of the entry becomes the
    label ``type``, ``primaryclass`` the label ``arxiv_primary``.
    """
    state = _State(is_own=source.head_text.lstrip("\ufeff \t\r\n").startswith(OWN_HEADER))
    number = 0
    for block in split_blocks(source.lines()):
        if block.type in ("", "string", *_PASSED_OVER) and not (block.fault and block.type):
            _note_other(block, state)
            continue
        number += 1
        yield _read_block(source, block, f"entry {number} (line {block.first_line})", state)
    yield from _describe_rest(source.name, state)


def _read_block(source: Source, block: Block, position: str, state: _State) -> RawRecord | SetAside:
    parsed = parse_entry(block.text) if not block.fault else None
    fault = block.fault or (parsed.fault if parsed else "") or _NO_PAPERS.get(block.type, "")
    if fault or parsed is None:
        return SetAside(source.name, position, fault, shorten_raw(block.text))
    fields = {name: resolve_value(value, state.macros).strip() for name, value in parsed.fields.items()}
    if fields.get("crossref"):
        fields = _inherit(source, fields, state)
    return map_entry(
        block.type, parsed.key, fields, position=position, raw=shorten_raw(block.text), is_own=state.is_own
    )


def _inherit(source: Source, fields: dict[str, str], state: _State) -> dict[str, str]:
    if state.parents is None:
        # Parents stand below their children, so the first child asks for a second look at the file.
        state.parents = _list_parents(source)
    parent = state.parents.get(fields["crossref"].lower(), {})
    taken = {ours: parent[theirs] for theirs, ours in _INHERITED.items() if parent.get(theirs)}
    if any(fields.get(name) for name in ("date", "year")):
        taken = {name: text for name, text in taken.items() if name == "booktitle"}
    return taken | {name: text for name, text in fields.items() if text}


def _list_parents(source: Source) -> dict[str, dict[str, str]]:
    """The fields that volumes hand down, by key."""
    parents: dict[str, dict[str, str]] = {}
    state = _State(is_own=False)
    for block in split_blocks(source.lines()):
        if block.type == "string":
            _note_other(block, state)
        elif block.type in ("proceedings", "mvproceedings", "book", "mvbook", "collection", "periodical"):
            parsed = parse_entry(block.text)
            kept = {
                name: resolve_value(parsed.fields[name], state.macros) for name in _INHERITED if name in parsed.fields
            }
            parents.setdefault(parsed.key.lower(), kept)
        if len(parents) >= _MAX_PARENTS:
            break
    return parents


def _note_other(block: Block, state: _State) -> None:
    if block.type == "string":
        name, value = parse_macro(block.text, state.macros)
        state.macros_length += len(value)
        if name and state.macros_length <= _MAX_MACROS:
            state.macros[name] = value
        elif name:
            state.passed_over["@string (too long, all together)"] += 1
    elif block.type:
        state.passed_over[f"@{block.type}"] += 1
    elif not block.text.startswith("%"):
        state.passed_over["line outside entries"] += 1
        if not state.first_lost and _LOOKS_LIKE_A_FIELD.match(block.text):
            state.first_lost = block.first_line


def _describe_rest(name: str, state: _State) -> Iterator[Note]:
    if state.passed_over:
        counts = ", ".join(f"{count} {what}{'s' if count > 1 else ''}" for what, count in state.passed_over.items())
        yield Note(f"{name}: passed over, being no papers: {counts}.")
    if state.first_lost:
        yield Note(
            f"{name}: line {state.first_lost} looks like a field but belongs to no entry. The entry above it closes "
            "too early (a brace too many) and lacks what follows; mend it there."
        )


BIBTEX = Format("BibTeX", recognise_bibtex, read_bibtex)
