r"""How our own BibTeX spells the signs that TeX reads as commands, and how they are read back.

``{\textbackslash}`` and its like are what Zotero and JabRef write, too. Every
brace is spelled out, so that no text can end its field.
"""

from __future__ import annotations

import re

# The first line of a file that `analysis.corpus.exporting` wrote.
OWN_HEADER = "% Themeline"

_SPELLED = {
    "\\": r"{\textbackslash}",
    "{": r"{\textbraceleft}",
    "}": r"{\textbraceright}",
    "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "$": r"\$",
}
_SIGNS = {spelled: sign for sign, spelled in _SPELLED.items()}
_SPELLING = re.compile("|".join(re.escape(spelled) for spelled in _SIGNS))
_TO_SPELL = str.maketrans(_SPELLED)
# Addresses and identifiers are read as they stand by every program; only a brace could end the field.
_VERBATIM = str.maketrans({sign: _SPELLED[sign] for sign in "\\{}"})
_PLAIN_NAME = re.compile(r"[a-z0-9_.-]+")
_OTHER = re.compile(r"[^a-z0-9_.-]")
_CODED = re.compile(r"\+([0-9a-f]+)\+")


def escape_text(text: str) -> str:
    r"""Text as the value of a field.

    Examples
    --------
    >>> escape_text("R&D {of} 5%")
    'R\\&D {\\textbraceleft}of{\\textbraceright} 5\\%'
    """
    return text.translate(_TO_SPELL)


def escape_verbatim(text: str) -> str:
    """An address or identifier as the value of a field."""
    return text.translate(_VERBATIM)


def unescape_text(text: str) -> str:
    r"""What `escape_text` or `escape_verbatim` was given; anything else stays as it stands.

    Examples
    --------
    >>> unescape_text(escape_text(r"a\b ~ {c} $x_1^2$"))
    'a\\b ~ {c} $x_1^2$'
    """
    return _SPELLING.sub(lambda found: _SIGNS[found.group()], text)


def escape_name(name: str) -> str:
    """The name of a label as part of a field's name, which knows few signs and no capitals.

    Examples
    --------
    >>> escape_name("area"), escape_name("My=Area")
    ('area', '+4d+y+3d++41+rea')
    """
    if _PLAIN_NAME.fullmatch(name):
        return name
    return _OTHER.sub(lambda found: f"+{ord(found.group()):x}+", name)


def unescape_name(name: str) -> str:
    """What `escape_name` was given."""
    return _CODED.sub(lambda found: chr(min(int(found.group(1), 16), 0x10FFFF)), name)
