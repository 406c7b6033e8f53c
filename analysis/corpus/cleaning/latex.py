r"""LaTeX to text: accents, type, references, and formulas that stay readable (``O(n \log n)`` is "O(n log n)").

Only what is surely LaTeX is touched: a lone dollar, the dollars of "$5 and
$10", a brace without partner, a set {0, 1}, a raw per cent sign and a path
stay as they are. A macro that nobody knows gives its argument, else its name.
"""

from __future__ import annotations

import re
import unicodedata

from analysis.corpus.cleaning.latex_signs import is_formula, is_wording, pair_braces
from analysis.corpus.cleaning.symbols import ACCENTS, DROPPED, SECOND, SILENT, list_symbols

# Deeper nesting is left for the next round of cleaning.
_MAX_DEPTH = 12
_MAX_FORMULA = 1_000
_SPECIAL = re.compile(r"[\\{$~]")
_MACRO = re.compile(r"\\(?:([A-Za-z]+)\*?|(.))", re.DOTALL)
_QUOTED = re.compile(r"``([^`]{1,500}?)''")
_OPTIONAL = re.compile(r"\s?\[[^\[\]]{0,200}\]")
_QUOTE_PAIR = re.compile(r"""\\(["'])[^"'\\]{1,300}\\\1(?![A-Za-z{])""")
_ENDING = re.compile(r"(?:s|t|d|m|re|ve|ll)\b")
_HEX = re.compile(r"\{?x?([0-9a-fA-F]{4,5})\b\}?")
_STRIPPED_NAME = re.compile(r"(?<![A-Za-z\\])(?:text(?:bf|it|tt|sc|rm)|emph|math(?:cal|bf|rm|bb|it)|operatorname)$")
_SIMPLE = re.compile(r"[-+\u2212*']?[\w.*']*")
_LETTERS = frozenset("\u00df\u00e6\u0153\u00e5\u00f8\u0142\u0131\u0237")
_LETTER_ACCENTS = frozenset("uvHcdkrb")


def flatten_latex(text: str) -> str:
    r"""Turn LaTeX into the text that it prints.

    Examples
    --------
    >>> flatten_latex(r"Schr\"{o}dinger's \emph{naive} {GPT}~\cite{x}, $\pi_1 \leq x^{2}$ at $5 and $10")
    "Schrödinger's naive GPT, π_1 ≤ x^2 at $5 and $10"
    """
    if "``" in text:
        # The ACL Anthology keeps quotation marks together by braces.
        text = text.replace("{``}", "``").replace("{''}", "''")
        text = _QUOTED.sub(r'"\1"', text)
    if "\\" not in text and "$" not in text and "{" not in text and "~" not in text:
        return text
    return _Flattener(text).flatten(0, len(text), 0)


class _Flattener:
    """Walks one text once; each group and each formula is read inside its own bounds."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._closes = pair_braces(text) if "{" in text else {}
        self._symbols = list_symbols() if "\\" in text else {}

    def flatten(self, start: int, end: int, depth: int, *, in_math: bool = False) -> str:
        """The text between two places, flat; from a depth that no author reaches, as it stands."""
        text = self._text
        if depth > _MAX_DEPTH:
            return text[start:end]
        out: list[str] = []
        while start < end:
            found = _SPECIAL.search(text, start, end)
            if not found:
                out.append(text[start:end])
                break
            place = found.start()
            out.append(text[start:place])
            sign = text[place]
            if sign == "\\":
                start = self._read_macro(out, place, end, depth, in_math=in_math)
            elif sign == "{":
                start = self._read_group(out, place, end, depth, in_math=in_math)
            elif sign == "$":
                start = self._read_formula(out, place, end, depth)
            else:
                out.append(" " if in_math or self._is_tie(place) else "~")
                start = place + 1
        return "".join(out)

    def _read_group(self, out: list[str], place: int, end: int, depth: int, *, in_math: bool) -> int:
        close = self._closes.get(place, end)
        if close >= end:
            out.append("{")
            return place + 1
        inner = self.flatten(place + 1, close, depth + 1, in_math=in_math)
        source = self._text[place + 1 : close]
        before = self._text[place - 1] if place else ""
        is_whole = place == 0 and close + 1 == len(self._text)
        after = self._text[close + 1 : close + 2]
        if before in ("^", "_"):
            out.append(inner if _SIMPLE.fullmatch(inner) else f"({inner})")
        elif inner.startswith("http") and not before.isspace():
            out.append(f" {inner}")
        elif in_math or is_whole or "\\" in source or is_wording(inner, before, after):
            _drop_stripped_name(out)
            out.append(inner)
        else:
            out.append(f"{{{inner}}}")
        return close + 1

    def _read_formula(self, out: list[str], place: int, end: int, depth: int) -> int:
        text = self._text
        fence = "$$" if text.startswith("$$", place) else "$"
        first = place + len(fence)
        close = text.find(fence, first, min(end, first + _MAX_FORMULA))
        while close > 0 and text[close - 1] == "\\":
            close = text.find(fence, close + 1, min(end, first + _MAX_FORMULA))
        if close < 0 or not is_formula(text[first:close], text[close + len(fence) : close + len(fence) + 1]):
            out.append(fence)
            return first
        formula = self.flatten(first, close, depth + 1, in_math=True)
        out.append(formula.replace("^\u2218", "\u00b0").replace("^(\u2218)", "\u00b0"))
        return close + len(fence)

    def _read_macro(self, out: list[str], place: int, end: int, depth: int, *, in_math: bool) -> int:
        text = self._text
        found = _MACRO.match(text, place, end)
        if not found:
            out.append("\\")
            return place + 1
        name, start = found.group(1) or found.group(2), found.end()
        before = text[place - 1] if place else " "
        if name in ACCENTS:
            return self._read_accent(out, name, place, start, end, depth)
        if name == "\\" and text[start : start + 1] in tuple("%&#_$"):
            return start
        if name.startswith("cite") or name in DROPPED:
            return self._drop(out, name, start, end)
        if name in SILENT:
            return _skip_blank(text, start, end)
        if name in SECOND:
            _, start = self._read_argument(start, end, depth, in_math=in_math)
            argument, start = self._read_argument(start, end, depth, in_math=in_math)
            out.append(argument)
            return start
        if name in ("frac", "tfrac", "dfrac", "sqrt", "footnote", "unicode"):
            return self._read_function(out, name, start, end, depth, in_math=in_math)
        if name in self._symbols:
            _append_symbol(out, self._symbols[name])
            return _skip_blank(text, start, end) if _is_letter_macro(name, self._symbols[name]) else start
        if found.group(2):
            # An escaped sign, as "\%" or "\>"; a digit or a letter of another script is no macro.
            out.append(name if not name.isalnum() and name.isascii() else f"\\{name}")
            return start
        return self._read_unknown(out, name, before, start, end, depth, in_math=in_math)

    def _read_unknown(
        self, out: list[str], name: str, before: str, start: int, end: int, depth: int, *, in_math: bool
    ) -> int:
        r"""A macro of the author's own, a path (``C:\temp``) or a line end spelt out (``\n``)."""
        if self._closes.get(start, end) < end:
            argument, start = self._read_argument(start, end, depth, in_math=in_math)
            out.append(argument or name)
            return start
        is_path = before.isalnum() or before in ":\\"
        out.append(f"\\{name}" if is_path or len(name) == 1 else name)
        return start

    def _read_accent(self, out: list[str], name: str, place: int, start: int, end: int, depth: int) -> int:
        text = self._text
        is_sign = not name.isalpha()
        following = text[start : start + 1]
        if name == "u" and following.isdigit() and (code := _HEX.match(text, start, end)):
            out.append(chr(int(code.group(1)[:4], 16)))
            return start + 4
        if name in _LETTER_ACCENTS and not (
            following == "{" or (following == " " and text[start + 1 : start + 2].isalpha())
        ):
            out.append(f"\\{name}")
            return start
        before = text[place - 1] if place else " "
        is_quote = name in "\"'" and not before.isalnum() and _QUOTE_PAIR.match(text, place, end)
        is_apostrophe = name == "'" and before.isalnum() and _ENDING.match(text, start, end)
        if is_sign and (is_quote or is_apostrophe or not (following.isalpha() or following in ("{", "\\"))):
            out.append(name)
            return start
        base, after = self._read_argument(start, end, depth, in_math=False)
        base = base.replace("\u0131", "i").replace("\u0237", "j")
        composed = unicodedata.normalize("NFC", base[:1] + ACCENTS[name])
        if base[:1].isalpha() and len(composed) == 1 and (is_sign or len(base) == 1):
            out.append(composed + base[1:])
        else:
            out.append(name + base if is_sign and name in "\"'" else base)
        return after

    def _read_function(self, out: list[str], name: str, start: int, end: int, depth: int, *, in_math: bool) -> int:
        if name == "unicode":
            code = _HEX.match(self._text, start, end)
            out.append(chr(int(code.group(1), 16)) if code else name)
            return code.end() if code else start
        if name == "sqrt" and (optional := _OPTIONAL.match(self._text, start, end)):
            start = optional.end()
        first, start = self._read_argument(start, end, depth, in_math=in_math)
        if name == "footnote":
            out.append(f" ({first})")
        elif name == "sqrt":
            out.append(f"\u221a{_enclose(first)}")
        else:
            second, start = self._read_argument(start, end, depth, in_math=in_math)
            out.append(f"{_enclose(first)}/{_enclose(second)}")
        return start

    def _read_argument(self, start: int, end: int, depth: int, *, in_math: bool) -> tuple[str, int]:
        """The next group, macro or character, and the place after it."""
        text = self._text
        start = _skip_blank(text, start, end)
        if start >= end:
            return "", end
        close = self._closes.get(start, end)
        if close < end:
            return self.flatten(start + 1, close, depth + 1, in_math=in_math).strip(), close + 1
        if text[start] == "\\" and depth < _MAX_DEPTH:
            out: list[str] = []
            after = self._read_macro(out, start, end, depth + 1, in_math=in_math)
            return "".join(out).strip(), after
        return text[start], start + 1

    def _drop(self, out: list[str], name: str, start: int, end: int) -> int:
        """Pass over a reference or a command with its arguments, and the blank or tie before it."""
        while optional := _OPTIONAL.match(self._text, start, end):
            start = optional.end()
        close = self._closes.get(start, end)
        if close >= end:
            return start
        start = close + 1
        if name.startswith("cite") and out:
            out[-1] = out[-1].rstrip(" ~")
            if not out[-1] and len(out) > 1:
                out[-2] = out[-2].rstrip(" ~")
            if self._text[start : start + 1].isalnum():
                out.append(" ")
        return start

    def _is_tie(self, place: int) -> bool:
        """Whether a tilde joins two words (``Fig.~3``) and does not say "about" (``~10``) or "to" (``3~5``)."""
        before, after = self._text[place - 1 : place], self._text[place + 1 : place + 2]
        if not before or not after or (before.isdigit() and after.isdigit()):
            return False
        return (before.isalnum() or before in ".,:;)]}$'\"") and (after.isalnum() or after in "\\$([{`'\"")


def _drop_stripped_name(out: list[str]) -> None:
    """Take away the name of a macro that lost its backslash at the source (``textbf{...}``)."""
    if out and (found := _STRIPPED_NAME.search(out[-1][-20:])):
        out[-1] = out[-1][: len(out[-1]) - len(found.group())]


def _append_symbol(out: list[str], symbol: str) -> None:
    # "n \log n" and "n\log n" both read "n log n".
    last = out[-1][-1:] if out else ""
    if len(symbol) > 1 and symbol.isalpha() and (last.isalnum() or last == ")"):
        out.append(" ")
    out.append(symbol)


def _is_letter_macro(name: str, symbol: str) -> bool:
    r"""Whether a macro is a letter inside a word ("S\o ren"), so that the blank after it only ends its name."""
    return name.isalpha() and len(name) <= 2 and symbol.isalpha() and symbol.lower() in _LETTERS


def _skip_blank(text: str, start: int, end: int) -> int:
    while start < end and text[start] == " ":
        start += 1
    return start


def _enclose(part: str) -> str:
    return part if _SIMPLE.fullmatch(part) else f"({part})"
