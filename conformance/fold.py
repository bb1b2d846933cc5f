"""The folding of names, written from its rule and not from the server's code, to compare with the server."""

import re
import unicodedata

# Code points with the property White_Space (Python's own `\s` has four more).
WHITE_SPACE = "\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_RUNS = re.compile(f"[{WHITE_SPACE}]+")
_ENDS = re.compile(f"^[{WHITE_SPACE}]+|[{WHITE_SPACE}]+$")
_MARKS = re.compile("[\u0300-\u036f]")
_LETTERS = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ħ": "h", "ŧ": "t", "ı": "i",
                          "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})


def trim(text):
    """Without white space at both ends."""
    return _ENDS.sub("", text)


def fold(text):
    """NFKD, full case folding, NFKD, without Latin marks, letters that have no decomposition, NFC, one space."""
    text = unicodedata.normalize("NFKD", text).casefold()
    text = unicodedata.normalize("NFKD", text)
    text = _MARKS.sub("", text).translate(_LETTERS)
    text = unicodedata.normalize("NFC", text)
    return trim(_RUNS.sub(" ", text))
