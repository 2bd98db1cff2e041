"""Which encoding the bytes of a text file are in: what they say, what they show, or a guess."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Final

from matchkit.errors import ProfileError
from matchkit.profiles.tables import holds_control_character

if TYPE_CHECKING:
    from matchkit.profiles.tables import Findings

SAVE_MEND: Final = "save it as 'CSV UTF-8'"

_BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins like the mark of UTF-16, so it comes first
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LEGACY: Final = {
    "cp1252": "Windows-1252",
    "cp1250": "Windows-1250 (Central European)",
    "cp1251": "Windows-1251 (Cyrillic)",
    "cp932": "Shift-JIS (Japanese)",
    "gb18030": "GB 18030 (Chinese)",
    "euc_kr": "EUC-KR (Korean)",
}
_SAMPLE: Final = 1 << 15
# Below these shares and numbers the detector takes a few accents for another alphabet.
_CYRILLIC_SHARE: Final = 0.4
_FEW_LETTERS: Final = 8
_FEW_BYTES: Final = 4
_LETTER_CUT: Final = re.compile(rb"[\xc2-\xf4][\x80-\xbf]*\Z")
_FOREIGN_BYTES: Final = re.compile(rb"[\x80-\xff]+")


def tell_encoding(data: bytes, findings: Findings, *, given: str = "") -> str:
    """Return the encoding of a file; a guess is noted, anything that is no text an error.

    Parameters
    ----------
    data : bytes
        The whole file.
    findings : Findings
        Gets a warning where the encoding is a guess.
    given : str, optional
        The encoding that the user named; then nothing is guessed.

    Returns
    -------
    str
        As Python names it.

    Raises
    ------
    ProfileError
        The bytes are no text, or not in the encoding given.
    """
    marked = next((name for mark, name in _BYTE_ORDER_MARKS if data.startswith(mark)), None)
    if given:
        found = _as_given(data, given, findings)
    elif marked is not None:
        found = _as_marked(data, marked, findings)
    elif b"\0" in data:
        found = _with_nul_bytes(data, findings)
    elif decodes(data, "utf-8"):
        found = "utf-8"
    else:
        found = _guessed(data, findings)
    if found is None:
        raise ProfileError(findings.errors())
    return found


def decodes(data: bytes, encoding: str) -> bool:
    """Return whether all bytes are text, without holding the text."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(data), 1 << 20):
            decoder.decode(data[start : start + (1 << 20)])
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _as_given(data: bytes, given: str, findings: Findings) -> str | None:
    try:
        known = codecs.lookup(given)._is_text_encoding  # noqa: SLF001  (there is no other way)
    except (LookupError, ValueError):
        known = False
    if known and decodes(data, given):
        return given
    said = "is not in the encoding" if known else "cannot be read: there is no encoding"
    findings.add("error", f"the file {said} {given!r}", "correct or remove 'encoding'")
    return None


def _as_marked(data: bytes, marked: str, findings: Findings) -> str | None:
    if decodes(data, marked):
        return marked
    findings.add("error", f"the file is marked as {marked.upper()} but is not", SAVE_MEND)
    return None


def _with_nul_bytes(data: bytes, findings: Findings) -> str | None:
    guess = "utf-16-le" if data.find(b"\0") % 2 else "utf-16-be"
    if decodes(data, guess) and not holds_control_character(data.decode(guess)):
        findings.add(
            "warning", "the file has no byte-order mark; it was read as UTF-16, a guess", SAVE_MEND
        )
        return guess
    line = data.count(b"\n", 0, data.find(b"\0")) + 1
    findings.add("error", f"the file is not text: it holds a NUL byte on line {line}", SAVE_MEND)
    return None


def _guessed(data: bytes, findings: Findings) -> str | None:
    """Guess among the encodings that were usual before UTF-8."""
    if _is_cut(data):
        findings.add("error", "the file ends within a letter: it was cut off", "export it anew")
        return None
    line = _line_that_breaks_utf8(data)
    if line:
        findings.add(
            "error", f"the file is UTF-8 in part: line {line} holds something else",
            f"write that line anew, and {SAVE_MEND}", row=line,
        )  # fmt: skip
        return None
    guess = next((name for name in (_detected(data), "cp1252") if name and decodes(data, name)), "")
    # Unused codes of Latin letters: no spreadsheet and no form writes them.
    if not guess:
        findings.add("error", "the file is neither UTF-8, UTF-16 nor Windows-1252 text", SAVE_MEND)
        return None
    findings.add(
        "warning", f"the file is not UTF-8; it was read as {_LEGACY[guess]}, which is a guess",
        f"look at letters with accents; if they are wrong, {SAVE_MEND} or name the encoding "
        "in a mapping file",
        value=_first_foreign_word(data, guess),
    )  # fmt: skip
    return guess


def _is_cut(data: bytes) -> bool:
    """Return whether a file is UTF-8 but for a letter that its end cuts in two."""
    found = _LETTER_CUT.search(data[-3:])
    whole = data[: len(data) - len(found.group())] if found else b""
    return not whole.isascii() and decodes(whole, "utf-8")


def _line_that_breaks_utf8(data: bytes) -> int:
    """Return the first line that is not UTF-8 in a file that mostly is, else 0."""
    good, bad = 0, 0
    for run in _FOREIGN_BYTES.finditer(data):
        try:
            run.group().decode("utf-8")
            good += 1
        except UnicodeDecodeError:
            bad = bad or data.count(b"\n", 0, run.start()) + 1
            good -= 1
    return bad if good > 0 else 0


def _detected(data: bytes) -> str:
    """Ask the detector, and believe it only where it has something to go by."""
    from charset_normalizer import from_bytes

    at = next(run.start() for run in _FOREIGN_BYTES.finditer(data))
    start = data.rfind(b"\n", 0, at) + 1
    sample = data[start : start + _SAMPLE]
    found = from_bytes(sample, cp_isolation=list(_LEGACY))
    best = found.best()
    if best is None or any(match.encoding == "cp1252" for match in found):
        return ""
    letters = [sign for sign in sample if sign >= 0x80 or chr(sign).isalpha()]
    foreign = sum(sign >= 0x80 for sign in letters)
    if foreign < _FEW_BYTES:
        return ""
    if best.encoding == "cp1251" and foreign < _CYRILLIC_SHARE * len(letters):
        return ""
    if best.encoding == "cp1250" and (foreign < _FEW_LETTERS or not best.coherence):
        return ""
    return best.encoding


def _first_foreign_word(data: bytes, encoding: str) -> str:
    """Return the first word with a letter outside ASCII, to judge the guess by."""
    at = next(run.start() for run in _FOREIGN_BYTES.finditer(data))
    line = data.rfind(b"\n", 0, at) + 1
    start = max(line, at - 400) if at - line > 400 else line
    around = data[start : at + 40].decode(encoding, errors="replace")
    words = re.split(r"[\s,;|]+", around)
    return next((word for word in words if not word.isascii()), "")
