"""Take the messages out of code and templates, merge them into every catalogue, compile them; say what is missing.

python tools/catalogues.py          write monitor/locales/*/LC_MESSAGES/messages.{po,mo}
python tools/catalogues.py --check  write nothing; exit 1 when something is missing, unsure or not compiled
"""

import io
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
LOCALES = ROOT / "monitor" / "locales"
ROOMS = ("render", "publish", "web")
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
KEYWORDS = {"say": None, "msg": None, "plural": (1, 2), "_": None, "gettext": None, "ngettext": (1, 2)}
OPTIONS = {"**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}}


def template() -> Catalog:
    """Return every message of ours, in the order of files and lines; lines are left out, so that few diffs are made."""
    catalogue = Catalog(fuzzy=False)
    for room in ROOMS:
        folder = ROOT / "monitor" / room
        found = extract_from_dir(str(folder), METHODS, OPTIONS, KEYWORDS)
        for name, _, message, _, context in sorted(found, key=lambda each: (each[0], each[1])):
            catalogue.add(message, locations=[(f"monitor/{room}/{name}", 0)], context=context)
    return catalogue


def languages() -> list[str]:
    """Return the languages that have a catalogue."""
    return sorted(path.parents[1].name for path in LOCALES.glob("*/LC_MESSAGES/messages.po"))


def merged(language: str, messages: Catalog) -> Catalog:
    """Return a language's catalogue with exactly these messages; new ones have no translation yet."""
    with place(language, "po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    catalogue.update(messages, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue


def po(catalogue: Catalog) -> bytes:
    """Return a catalogue as text; equal catalogues give equal bytes."""
    written = io.BytesIO()
    write_po(written, catalogue, width=120, omit_header=True, include_lineno=False)
    head = "".join(f'"{line}\\n"\n' for line in _head(catalogue).splitlines())
    return f'msgid ""\nmsgstr ""\n{head}\n'.encode() + written.getvalue()


def mo(catalogue: Catalog) -> bytes:
    """Return a catalogue as the standard library reads it, without a date or a version of the tool.

    Source: the GNU gettext manual, section 10.3.
    """
    texts = {b"": _head(catalogue).encode()}
    for message in catalogue:
        if message.id:
            texts[_joined(message.id)] = _joined(message.string)
    keys = sorted(texts)
    start = 28 + 16 * len(keys)
    tables, body = [b"", b""], b""
    for column, parts in enumerate((keys, [texts[key] for key in keys])):
        for part in parts:
            tables[column] += struct.pack("<II", len(part), start + len(body))
            body += part + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(keys), 28, 28 + 8 * len(keys), 0, start)
    return head + b"".join(tables) + body


def _joined(texts: object) -> bytes:
    """Return one text, or the forms of a plural, as they lie in the file."""
    forms = texts if isinstance(texts, (tuple, list)) else (texts,)
    return "\0".join(str(each or "") for each in forms).encode()


def _head(catalogue: Catalog) -> str:
    return (
        f"Language: {catalogue.locale}\nContent-Type: text/plain; charset=utf-8\n"
        f"Plural-Forms: {catalogue.plural_forms}\n"
    )


def gaps(catalogue: Catalog) -> Iterator[str]:
    """Yield one sentence for each message that is missing, unsure, or says its facts otherwise than the original."""
    for message in catalogue:
        if not message.id:
            continue
        said = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.fuzzy or not all(said):
            yield f"{catalogue.locale}: not translated: {message.id!r}"
            continue
        for error in message.check(catalogue):
            yield f"{catalogue.locale}: {error}: {message.id!r}"


def place(language: str, ending: str) -> Path:
    """Return where a catalogue lies."""
    return LOCALES / language / "LC_MESSAGES" / f"messages.{ending}"


def main(check: bool) -> int:
    """Do what the first lines say, and return the exit status."""
    messages, problems = template(), []
    for language in languages():
        catalogue = merged(language, messages)
        for ending, content in (("po", po(catalogue)), ("mo", mo(catalogue))):
            path = place(language, ending)
            if not path.exists() or path.read_bytes() != content:
                if check:
                    problems.append(f"{path.relative_to(ROOT)}: not up to date: run python tools/catalogues.py")
                else:
                    path.write_bytes(content)
        problems += gaps(catalogue)
    sys.stderr.writelines(f"{problem}\n" for problem in problems)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
