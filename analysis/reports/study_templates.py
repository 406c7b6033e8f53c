"""Templates of a study that stand in for ours of the same name: in a sandbox, and always escaped."""

from __future__ import annotations

import difflib
import traceback
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Literal

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    nodes,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from analysis.config import InputError
from analysis.plots.text import clean
from analysis.reports.templating import escape_markdown, html_environment, markdown_environment

Kind = Literal["html", "md"]

_ENDING = ".j2"
# These belong to no report, and take no template of a study.
_FIXED = {
    "figure.html.j2",
    "explorer.html.j2",
    "comparison.html.j2",
    "comparison.md.j2",
    "digest.html.j2",
    "digest.txt.j2",
}
# They mark text as safe, or make links of what a paper holds.
_NO_FILTERS = ("safe", "urlize", "xmlattr")
_SHOWN = 5
# A template may also divide by zero or call what is no function.
_FAULTS = (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RecursionError)


def fill_template(name: str, folder: str, *, policy: str = "", **values: Any) -> str:
    """Fill in a template of the report.

    Parameters
    ----------
    name : str
        Such as ``report.html.j2``.
    folder : str
        Folder of templates that stand in for ours; empty: there is none.
    policy : str
        Content security policy of an HTML page. Where a study brings
        templates, it comes before all that they hold: they cannot lift it.
    **values
        What the template may use.

    Raises
    ------
    InputError
        If a template of the study is at fault.
    """
    kind: Kind = "md" if name.endswith(f".md{_ENDING}") else "html"
    if kind == "html":
        values["policy"] = policy
    if not folder:
        ours = html_environment() if kind == "html" else markdown_environment()
        return ours.get_template(name).render(**values)
    try:
        text = _open_environment(kind, folder).get_template(name).render(**values)
    except _FAULTS as error:
        raise InputError(_describe_fault(folder, name, error)) from None
    return _put_policy_first(text, policy) if kind == "html" else text


def check_templates(folder: str) -> None:
    """Read every template of a study, before anything is made or written.

    Parameters
    ----------
    folder : str
        As ``[report] templates`` names it, from where it can be opened; empty: nothing is done.

    Raises
    ------
    InputError
        If there is no such folder, none of its files stands in for one of our
        templates, one would stand in for what is fixed, or one cannot be
        read; all that are damaged are named.
    """
    if not folder:
        return
    where = f"study.toml [report]: templates = {clean(folder)!r}"
    if not Path(folder).is_dir():
        raise InputError(f"{where}: there is no such folder. Give one that holds templates, relative to study.toml.")
    found = sorted(path.name for path in Path(folder).iterdir() if path.name.endswith(_ENDING))
    known = list_templates()
    if not set(found) & set(known):
        near = [part for name in found for part in difflib.get_close_matches(name, known, n=1)]
        hint = f"Did you mean {', '.join(near[:_SHOWN])}?" if near else f"Known: {', '.join(known)}."
        held = f"it holds {', '.join(map(clean, found[:_SHOWN]))}" if found else "it holds no file that ends in .j2"
        raise InputError(f"{where}: no template in it has the name of one of ours ({held}). {hint}")
    fixed = sorted(set(found) & _FIXED)
    if fixed:
        raise InputError(
            f"{where}: only reports can be laid out anew, not {', '.join(fixed)}. Take it away; these can: "
            f"{', '.join(known)}."
        )
    faults = []
    for name in found:
        try:
            _open_environment("md" if ".md." in name else "html", folder).get_template(name)
        except (TemplateError, ValueError, RecursionError, OSError) as error:
            faults.append(_describe_fault(folder, name, error))
    if faults:
        raise InputError("\n".join(faults))


def list_templates() -> list[str]:
    """Names of our templates that a study may replace."""
    return sorted(set(html_environment().list_templates(extensions=["j2"])) - _FIXED)


def list_template_files(folder: str) -> list[Path]:
    """The files of a study's templates, by name; none where there is no such folder."""
    return sorted(Path(folder).glob(f"*{_ENDING}")) if folder and Path(folder).is_dir() else []


class _Guarded(ImmutableSandboxedEnvironment):
    """A sandbox in which no template turns the escaping off."""

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        switch = tree.find(nodes.EvalContextModifier)
        if switch is not None:
            raise TemplateSyntaxError("autoescape cannot be turned on or off here", switch.lineno, name, filename)
        return tree


class _FolderLoader(FileSystemLoader):
    """Templates of one folder, and no other file: neither by a link nor by another ending."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        if not template.endswith(_ENDING):
            raise TemplateNotFound(template)
        source, filename, is_fresh = super().get_source(environment, template)
        if not Path(filename).resolve().is_relative_to(Path(self.searchpath[0]).resolve()):
            raise TemplateSyntaxError("it is a link that leads out of the folder", 1, template, filename)
        return source, filename, is_fresh


@cache
def _open_environment(kind: Kind, folder: str) -> Environment:
    ours = html_environment() if kind == "html" else markdown_environment()
    package = PackageLoader("analysis.reports")
    loaders: list[BaseLoader] = [_FolderLoader(folder), PrefixLoader({"themeline": package}), package]
    environment = _Guarded(
        loader=ChoiceLoader(loaders),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=ours.finalize,
        keep_trailing_newline=True,
    )
    environment.filters.update(ours.filters)
    for name in _NO_FILTERS:
        del environment.filters[name]
    if kind == "md":
        # Theirs escape HTML, which would let Markdown through.
        environment.filters |= dict.fromkeys(("e", "escape", "forceescape"), _escape_markdown)
        del environment.filters["tojson"]
    return environment


def _escape_markdown(value: Any) -> Markup:
    return value if isinstance(value, Markup) else Markup(escape_markdown(value))


def _put_policy_first(text: str, policy: str) -> str:
    """A page whose first element is its policy: whatever a template says comes under it."""
    meta = Markup('<meta http-equiv="Content-Security-Policy" content="{}">').format(policy)
    # Also the document type: without ours first, theirs could hide the policy in a comment.
    start = text.lstrip("\ufeff \t\r\n")
    rest = start[len("<!doctype html>") :] if start[:15].lower() == "<!doctype html>" else start
    return f"<!doctype html>\n{meta}{rest if rest.startswith(chr(10)) else chr(10) + rest}"


def _describe_fault(folder: str, name: str, error: Exception) -> str:
    place, line = name, 0
    if isinstance(error, TemplateSyntaxError):
        place, line = error.name or name, error.lineno
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename.endswith(_ENDING):
            place, line = frame.filename, frame.lineno or 0
    said = clean(getattr(error, "message", None) or error) or type(error).__name__
    if isinstance(error, TemplateNotFound):
        said = f"there is no template {clean(error.name)!r}"
    at = f", line {line}" if line else ""
    return (
        f"{clean(Path(folder) / Path(place).name)}{at}: this template is at fault ({said}). "
        "Mend it, or take it away to use ours."
    )
