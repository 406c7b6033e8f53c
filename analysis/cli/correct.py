"""The command that corrects themes by hand, and takes corrections back."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from analysis.cli.printing import DOES_NOT_HOLD, DONE, print_json, printable, say

if TYPE_CHECKING:
    from analysis.study import Study

_ABOUT = (
    "Corrections are done to what a fit found, in the order of curation.toml beside the study, and done again after "
    "every fit. Without ACTION: do what that file says now; exit code 1 where not all of it could be done. Themes are "
    "given by id or label, papers by paper_id."
)


def add_commands(commands: Any) -> None:
    """Add the commands of this module to a parser's subparsers."""
    one = commands.add_parser("correct", help="correct themes by hand, or take a correction back", description=_ABOUT)
    one.add_argument("study", metavar="STUDY", help="a study.toml or its folder")
    _add_switches(one, default=False)
    one.set_defaults(command=_correct, act=_apply_again)
    actions = one.add_subparsers(metavar="[ACTION]")

    act = _add_action(actions, "rename", "another label for a theme", _rename)
    act.add_argument("theme", metavar="THEME", help="its id or label")
    act.add_argument("label", metavar="LABEL", help="what it is called then")

    act = _add_action(actions, "merge", "several themes become one", _merge)
    act.add_argument("themes", nargs="+", metavar="THEME", help="their ids or labels")
    act.add_argument("--into", metavar="THEME", help="which of them stays; by default the largest")
    act.add_argument("--label", metavar="LABEL", help="what it is called then")

    act = _add_action(actions, "split", "papers or topics of a theme become one of their own", _split)
    act.add_argument("theme", metavar="THEME", help="its id or label")
    act.add_argument("--label", required=True, metavar="LABEL", help="what the new theme is called")
    act.add_argument("--topics", nargs="+", metavar="TOPIC", help="numbers or labels of topics")
    act.add_argument("--papers", nargs="+", metavar="PAPER", help="paper_id")

    act = _add_action(actions, "move", "papers go to another theme", _move)
    act.add_argument("papers", nargs="+", metavar="PAPER", help="paper_id")
    act.add_argument("--to", required=True, metavar="THEME", help="id or label of the other theme")

    act = _add_action(actions, "pin", "papers stay in their theme, whatever a new fit says", _pin)
    act.add_argument("papers", nargs="+", metavar="PAPER", help="paper_id")

    act = _add_action(actions, "ignore", "words leave labels and keyphrases", _ignore)
    act.add_argument("words", nargs="+", metavar="WORD", help="a word or, in quotes, a phrase")

    act = _add_action(actions, "undo", "take the last correction back", _undo)
    act.add_argument("--all", action="store_true", help="take every correction back")
    _add_action(actions, "redo", "do again what was undone last", _redo)
    _add_action(actions, "journal", "what was corrected and undone, and when", None)


def _add_action(actions: Any, name: str, about: str, act: Any) -> Any:
    one = actions.add_parser(name, help=about, description=f"{about[0].upper()}{about[1:]}.")
    # Here they may stand again, and must not take back what stood before.
    _add_switches(one, default=argparse.SUPPRESS)
    one.set_defaults(act=act)
    return one


def _add_switches(parser: Any, *, default: Any) -> None:
    parser.add_argument("--json", action="store_true", default=default, help="answer as JSON")
    parser.add_argument(
        "--no-draw", action="store_true", default=default, help="leave figures and reports for `themeline run STUDY`"
    )


def _correct(options: argparse.Namespace) -> int:
    from analysis.study import load

    study = load(options.study)
    if options.act is None:
        return _show_journal(study, options)
    corrected = options.act(study, options)
    done = corrected.run.get("corrections") or {"applied": [], "failed": []}
    if options.json:
        themes = corrected.themes[["theme", "label", "kind", "size", "edited"]].to_dict("records")
        print_json({"applied": done["applied"], "failed": done["failed"], "themes": themes})
    else:
        _print(corrected, done)
    return DOES_NOT_HOLD if options.act is _apply_again and _is_partial(done) else DONE


def _is_partial(done: dict[str, Any]) -> bool:
    """Whether a correction could not be done, or not in full."""
    return bool(done["failed"] or any(one.get("missing") or one["n_lost"] for one in done["applied"]))


def _print(study: Study, done: dict[str, Any]) -> None:
    failed = {one["number"] for one in done["failed"]}
    for one in sorted([*done["applied"], *done["failed"]], key=lambda one: one["number"]):
        said = f"not done ({one['do']}): {one['what']}." if one["number"] in failed else one["what"]
        lost = f" {one['n_lost']} of its papers not in the study." if one["n_lost"] else ""
        part = f" Done in part: {one['missing']}." if one.get("missing") else ""
        print(printable(f"{one['number']:3d}  {said}{part}{lost}"))
    if not done["applied"] and not done["failed"]:
        print("No correction is in force: the themes are as they were found.")
    for row in study.themes.itertuples():
        mark = "  corrected by hand" if row.edited else ""
        print(printable(f"{row.size:6d}  {row.label}{mark}"))


def _show_journal(study: Study, options: argparse.Namespace) -> int:
    rows = study.journal.to_dict("records")
    if options.json:
        print_json(rows)
        return DONE
    for row in rows:
        undone = "undone: " if row["act"] == "undone" else ""
        papers = "1 paper" if row["n_papers"] == 1 else f"{row['n_papers']:,} papers"
        print(printable(f"{row['day']}  {undone}{row['what']}{f' ({papers})' if row['n_papers'] else ''}"))
    if not rows:
        print("Nothing was corrected so far.")
    return DONE


def _apply_again(study: Study, options: argparse.Namespace) -> Study:
    from analysis.study import apply_corrections_again

    return apply_corrections_again(study.root / study.place.file, draw=not options.no_draw, say=say)


def _rename(study: Study, options: argparse.Namespace) -> Study:
    return study.rename(options.theme, options.label, draw=not options.no_draw)


def _merge(study: Study, options: argparse.Namespace) -> Study:
    return study.merge(options.themes, into=options.into, label=options.label, draw=not options.no_draw)


def _split(study: Study, options: argparse.Namespace) -> Study:
    given = {"topics": options.topics, "papers": options.papers}
    return study.split(options.theme, label=options.label, draw=not options.no_draw, **given)


def _move(study: Study, options: argparse.Namespace) -> Study:
    return study.move(options.papers, to=options.to, draw=not options.no_draw)


def _pin(study: Study, options: argparse.Namespace) -> Study:
    return study.pin(options.papers, draw=not options.no_draw)


def _ignore(study: Study, options: argparse.Namespace) -> Study:
    return study.ignore(options.words, draw=not options.no_draw)


def _undo(study: Study, options: argparse.Namespace) -> Study:
    n_before = len(study.journal)
    undone = study.undo(everything=options.all, draw=not options.no_draw)
    told = undone.journal.iloc[n_before:]
    for what in told.loc[told["act"] == "undone", "what"] if not options.json else ():
        print(printable(f"Taken back: {what}"))
    return undone


def _redo(study: Study, options: argparse.Namespace) -> Study:
    return study.redo(draw=not options.no_draw)
