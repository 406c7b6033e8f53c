"""What LaTeX macros stand for: pylatexenc's table of symbols, and what it leaves out."""

from __future__ import annotations

from functools import cache

# Combining characters by accent macro.
ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328",
    "b": "\u0331", "grave": "\u0300", "acute": "\u0301", "hat": "\u0302", "widehat": "\u0302", "tilde": "\u0303",
    "widetilde": "\u0303", "bar": "\u0304", "overline": "\u0304", "breve": "\u0306", "dot": "\u0307",
    "ddot": "\u0308", "mathring": "\u030a", "check": "\u030c", "vec": "\u20d7",
}  # fmt: skip
# Macros whose argument is no text: nothing of them is read.
DROPPED = frozenset(
    "ref cref Cref eqref autoref label vspace hspace includegraphics begin end color bibliography thanks "  # noqa: SIM905
    "bibliographystyle phantom".split()
)
# Macros whose first argument is no text and whose second is.
SECOND = frozenset("href textcolor colorbox hyperlink foreignlanguage scalebox".split())  # noqa: SIM905
# Macros that change type or spacing and stand for nothing.
SILENT = frozenset(
    "bf it em sc tt rm sf sl cal bfseries itshape scshape ttfamily small large Large LARGE huge Huge tiny scriptsize "  # noqa: SIM905
    "footnotesize normalsize left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr displaystyle "
    "textstyle limits nolimits boldmath unboldmath centering noindent xspace protect mathord mathrel mathbin mathop "
    "nobreak relax ensuremath".split()
)
_WORDS = "LaTeX TeX BibTeX Pr det dim ker gcd arg deg mod argmax argmin softmax".split()  # noqa: SIM905
_OWN = {
    **{word: word for word in _WORDS},
    # Both forms of the letter are one in a search.
    "epsilon": "\u03b5", "phi": "\u03c6", "deg": "\u00b0", "degree": "\u00b0", "S": "\u00a7", "P": "\u00b6",
    "pounds": "\u00a3", "euro": "\u20ac", "copyright": "\u00a9", "ne": "\u2260", "iff": "\u21d4", "implies": "\u21d2",
    "bmod": "mod", "pmod": "mod", "eg": "e.g.", "ie": "i.e.", "etc": "etc.", "etal": "et al.", "wrt": "w.r.t.",
    "item": " ", "par": " ", "newline": " ", "linebreak": " ", "space": " ", "quad": " ", "qquad": " ", "enskip": " ",
    "|": "\u2016", "%": "%", ",": " ", ";": " ", ":": " ", " ": " ", "\n": " ", "!": "", "/": "", "-": "", "(": "",
    ")": "", "[": "", "]": "", "\\": " ",
    # A backslash would read as the start of another macro.
    "backslash": "\u2216", "textbackslash": "\u2216", "circledR": "\u00ae", "lbrack": "[", "rbrack": "]",
    "textasciicircum": "^", "textasciitilde": "~", "textbraceleft": "{", "textbraceright": "}", "textbar": "|",
}  # fmt: skip
_NOT_TAKEN = frozenset("today ref autoref cref Cref eqref cite citet citep hspace vspace".split())  # noqa: SIM905


@cache
def list_symbols() -> dict[str, str]:
    """Macro name, without its backslash, to the text it stands for."""
    from pylatexenc.latex2text import get_default_latex_context_db

    known = get_default_latex_context_db()
    table = {}
    # The first category that names a macro wins in pylatexenc too.
    for category in reversed(known.category_list):
        for name, macro in known.d[category]["macros"].items():
            replacement = macro.simplify_repl
            if isinstance(replacement, str) and "%" not in replacement and name not in _NOT_TAKEN:
                table[name] = replacement
    return {**table, **_OWN}
