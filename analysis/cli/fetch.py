"""Commands that fetch papers from public sources: the only ones that touch the network."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from analysis.cli.printing import DONE, print_json, printable, say

if TYPE_CHECKING:
    from analysis.corpus.fetch import Fetched


def add_commands(commands: Any) -> None:
    """Add ``fetch`` and its sources to a parser's subparsers."""
    fetch = commands.add_parser("fetch", help="fetch papers from a public source into a folder (uses the network)")
    sources = fetch.add_subparsers(metavar="SOURCE", required=True)

    one = _add_source(sources, "arxiv", _fetch_arxiv, help="arXiv: a query (Atom), or a whole set (--set, OAI-PMH)")
    one.add_argument("query", nargs="?", metavar="QUERY", help="in arXiv's words, such as 'cat:cs.RO AND abs:robot'")
    one.add_argument("--set", metavar="NAME", help="a set such as cs:cs:RO, harvested whole; instead of QUERY")
    one.add_argument("--newest", action="store_true", help="newest first, by submission (of a query)")

    one = _add_source(sources, "openalex", _fetch_openalex, help="OpenAlex works")
    one.add_argument("query", metavar="WORDS", help="words to search for in titles, abstracts and full texts")
    one.add_argument("--filter", default="", metavar="FILTER", help="OpenAlex filters, such as type:article")
    one.add_argument("--key-from", default="", metavar="VARIABLE", help="environment variable that holds an API key")

    _add_source(sources, "daily-papers", _fetch_daily_papers, help="Daily Papers, day by day (--since and --until)")


def _add_source(
    sources: Any, name: str, command: Callable[[argparse.Namespace], int], *, help: str
) -> argparse.ArgumentParser:
    one: argparse.ArgumentParser = sources.add_parser(name, help=help)
    one.add_argument("--out", required=True, metavar="DIR", help="folder for the pages; afterwards a source to read")
    one.add_argument("--contact", default="", metavar="ADDRESS", help="your e-mail address; sources ask for one")
    one.add_argument("--since", metavar="DAY", help="first day, such as 2025-01-01")
    one.add_argument("--until", metavar="DAY", help="last day")
    one.add_argument("--limit", type=int, metavar="N", help="papers at most")
    one.add_argument("--base", metavar="ADDRESS", help="address of the interface, where it is not the public one")
    one.add_argument("--json", action="store_true", help="answer as JSON")
    one.set_defaults(command=command)
    return one


def _fetch_arxiv(options: argparse.Namespace) -> int:
    from analysis.config import InputError
    from analysis.corpus.fetch import fetch_arxiv, fetch_arxiv_set

    if bool(options.query) == bool(options.set):
        raise InputError("fetch arxiv: give a query or --set NAME, one of the two.")
    if options.set:
        return _tell(fetch_arxiv_set(options.set, options.out, **_settings(options)), options)
    order: Any = "newest" if options.newest else "oldest"
    return _tell(fetch_arxiv(options.query, options.out, order=order, **_settings(options)), options)


def _fetch_openalex(options: argparse.Namespace) -> int:
    from analysis.corpus.fetch import fetch_openalex

    more = {"filters": options.filter, "key_from": options.key_from}
    return _tell(fetch_openalex(options.query, options.out, **more, **_settings(options)), options)


def _fetch_daily_papers(options: argparse.Namespace) -> int:
    from analysis.config import InputError
    from analysis.corpus.fetch import fetch_daily_papers

    if not (options.since and options.until):
        raise InputError("fetch daily-papers: give the days: --since 2025-01-01 --until 2025-01-31.")
    settings = _settings(options)
    days = settings.pop("since"), settings.pop("until")
    return _tell(fetch_daily_papers(*days, options.out, **settings), options)


def _settings(options: argparse.Namespace) -> dict[str, Any]:
    settings = {name: getattr(options, name) for name in ("contact", "since", "until", "limit")}
    return {**settings, **({"base": options.base} if options.base else {}), "say": say}


def _tell(fetched: Fetched, options: argparse.Namespace) -> int:
    if options.json:
        names = ("source", "n_papers", "n_records", "n_pages", "n_requests", "total", "is_complete")
        print_json({"folder": str(fetched.folder), **{name: getattr(fetched, name) for name in names}})
    else:
        print(printable(fetched.describe()))
    return DONE
