"""Names and three-letter codes of the languages that papers are written in, by their two-letter code.

Source: ISO 639-1 and ISO 639-2 (bibliographic and terminological codes).
"""

from __future__ import annotations

_NAMED = {
    "ar": "arabic ara",
    "bg": "bulgarian bul",
    "ca": "catalan cat valencian",
    "cs": "czech cze ces",
    "da": "danish dan",
    "de": "german ger deu deutsch",
    "el": "greek gre ell",
    "en": "english eng",
    "es": "spanish spa castilian español",
    "et": "estonian est",
    "fa": "persian per fas farsi",
    "fi": "finnish fin",
    "fr": "french fre fra français",
    "he": "hebrew heb",
    "hi": "hindi hin",
    "hr": "croatian hrv scr",
    "hu": "hungarian hun",
    "id": "indonesian ind",
    "is": "icelandic ice isl",
    "it": "italian ita italiano",
    "ja": "japanese jpn",
    "ko": "korean kor",
    "lt": "lithuanian lit",
    "lv": "latvian lav",
    "ms": "malay may msa",
    "nl": "dutch dut nld flemish nederlands",
    "no": "norwegian nor nb nn nob nno",
    "pl": "polish pol",
    "pt": "portuguese por português",
    "ro": "romanian rum ron",
    "ru": "russian rus",
    "sk": "slovak slo slk",
    "sl": "slovenian slv slovene",
    "sr": "serbian srp scc",
    "sv": "swedish swe",
    "th": "thai tha",
    "tr": "turkish tur",
    "uk": "ukrainian ukr",
    "vi": "vietnamese vie",
    "zh": "chinese chi zho mandarin",
}
LANGUAGES = {name: code for code, names in _NAMED.items() for name in (code, *names.split())}
