"""The command line as Markdown, read from its own parser."""

import argparse
from collections.abc import Iterator


def list_commands(parser: argparse.ArgumentParser) -> Iterator[tuple[str, str, argparse.ArgumentParser]]:
    """Every command below a parser: its full name, its line of help and its parser, commands of commands too."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            help_of = {choice.dest: choice.help or "" for choice in action._choices_actions}
            for name, one in action.choices.items():
                yield one.prog, help_of.get(name, ""), one
                yield from list_commands(one)


def describe_commands(parser: argparse.ArgumentParser) -> str:
    """The page of all commands.

    Parameters
    ----------
    parser : ArgumentParser
        Of the whole command line.
    """
    parts = [
        "# The command line\n",
        f"{parser.description} `python -m analysis` is the same. A `STUDY` is a `study.toml` or the folder that holds "
        f"one; a `SOURCE` is any file, folder, pattern or archive of papers.\n\n{parser.epilog}\n",
    ]
    for name, words, one in list_commands(parser):
        parts.append(f"## `{name}`\n\n{_sentence(words)}\n\n```text\n{_usage(one)}\n```\n")
        rows = [_row(action) for action in one._actions if not _is_left_out(action)]
        if rows:
            parts.append("| argument | what it does |\n|---|---|\n" + "\n".join(rows) + "\n")
    return "\n".join(parts)


def _is_left_out(action: argparse.Action) -> bool:
    return isinstance(action, (argparse._HelpAction, argparse._SubParsersAction)) or action.help == argparse.SUPPRESS


def _usage(parser: argparse.ArgumentParser) -> str:
    # The width of the terminal that builds must not show.
    parser.formatter_class = lambda prog: argparse.HelpFormatter(prog, width=78)
    lead = "usage: "
    first, *others = parser.format_usage().rstrip().splitlines()
    return "\n".join([first.removeprefix(lead), *(line[len(lead) :] for line in others)])


def _row(action: argparse.Action) -> str:
    names = ", ".join(action.option_strings) or _metavar(action)
    if action.option_strings and action.nargs != 0:
        names = f"{names} {_metavar(action)}"
    words = _sentence((action.help or "").replace("%(default)s", str(action.default)))
    if action.required and action.option_strings:
        words = f"{words} Required." if words else "Required."
    has_default = action.default not in (None, [], "", False, argparse.SUPPRESS)
    if has_default and "default" not in words:
        words = f"{words} By default `{action.default}`."
    return f"| `{_cell(names)}` | {_cell(words)} |"


def _metavar(action: argparse.Action) -> str:
    named = action.metavar or (",".join(map(str, action.choices)) if action.choices else action.dest)
    return named if isinstance(named, str) else " ".join(named)


def _sentence(words: str) -> str:
    words = words.strip()
    return f"{words[:1].upper()}{words[1:]}{'' if words.endswith(('.', '?')) else '.'}" if words else ""


def _cell(words: str) -> str:
    return words.replace("|", "\\|").replace("\n", " ").replace("*", "\\*") if "`" not in words else words
