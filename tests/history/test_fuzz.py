"""Mutated pages through the whole reading: nothing crashes, hangs, or is told without proof.

The mutants are few and seeded, so that every run is the same run: two dozen of each recorded family and of an
invented page that needs no recording.
"""

import random
import re
import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import pytest

from monitor.assess import assess, rules
from monitor.compare import compare
from monitor.extract import extract
from monitor.fetch.recorded import read_recording
from monitor.model.capture import Capture
from monitor.model.document import Document
from monitor.model.finding import History
from monitor.model.page import Page, PageId, PageKind
from monitor.model.verdict import Quote, Verdict
from monitor.optout import judge
from monitor.optout.reading import Reader
from monitor.pipeline.replay import replay
from monitor.wiring import lexicons

MUTANTS = 24  # each mutation once alone and once followed by another
CPU_LIMIT = 5.0  # seconds for one page, generous on any machine
QUOTE_CHARS = 800  # a side; the rules cut at half of it and add trails and addresses
TITLE_CHARS = 140

# One capture of each family, in which the way out is described.
FAMILIES = {
    "google-gemini-privacy-help": 39,
    "meta-privacy-policy-printable": 20,
    "openai-training-opt-out": 34,
    "pga-versions-facebook-privacy-policy": 300,
    "pga-versions-instagram-privacy-policy": 47,
}

ARABIC = "لديك الحق في الاعتراض"  # you have the right to object

Mutation = Callable[[bytes, random.Random], bytes]


def cut(body: bytes, chance: random.Random) -> bytes:
    return body[: chance.randrange(len(body))]


def shuffled(body: bytes, chance: random.Random) -> bytes:
    pieces = re.split(rb"(?<=</p>)|(?<=</li>)|(?<=</div>)|\n\n", body)
    start = chance.randrange(len(pieces))
    some = pieces[start : start + 40]
    chance.shuffle(some)
    return b"\n\n".join([*pieces[:start], *some, *pieces[start + 40 :]])


def nested(body: bytes, chance: random.Random) -> bytes:
    tag = chance.choice([b"div", b"ul><li", b"blockquote", b"span", b"table><tr><td", b"b"])
    return _inserted(body, chance, (b"<" + tag + b">") * 5_000 + b"You can object to AI training here.")


def latin(body: bytes, chance: random.Random) -> bytes:
    return _inserted(
        body, chance, "Vous avez le droit de vous opposer à l'entraînement de nos modèles d'IA.".encode("latin-1")
    )


def utf_16(body: bytes, chance: random.Random) -> bytes:
    return _inserted(body, chance, "You can object to AI training until 27 May 2025.".encode("utf-16"))


def huge(body: bytes, chance: random.Random) -> bytes:
    sentence = b"We train our AI models with public posts of people aged 18 or older, you can object. "
    words = [sentence, b"word " * 17, b"x" * 85]
    return _inserted(body, chance, b"<p>" + chance.choice(words) * 3_600 + b"</p>")


def right_to_left(body: bytes, chance: random.Random) -> bytes:
    words = f"\u202etcejbo nac uoy\u202c \u2066\u200f{ARABIC} AI\u2069 training object \u202b".encode()
    return _inserted(body, chance, b"<p dir=rtl>" + words * chance.randrange(1, 50) + b"</p>")


def linked(body: bytes, chance: random.Random) -> bytes:
    link = b'<a href="https://l.facebook.com/l.php?u=https%%3A%%2F%%2Fm.example%%2Fcontact%%2F%d&h=AT%d">object</a> '
    return _inserted(body, chance, b"".join(link % (number, chance.randrange(10**9)) for number in range(5_000)))


def nulled(body: bytes, chance: random.Random) -> bytes:
    broken = bytearray(body)
    for _ in range(200):
        broken[chance.randrange(len(broken))] = chance.choice((0, 1, 0x0B, 0x1B, 0xFF))
    return bytes(broken)


def unclosed(body: bytes, chance: random.Random) -> bytes:
    tags = [
        b"<p",
        b"<script>",
        b"<!--",
        b"<textarea>",
        b"<form action='/contact/1'><input required name=x>",
        b"<a href='",
    ]
    for _ in range(4):
        body = _inserted(body, chance, chance.choice(tags))
    return body


def repeated(body: bytes, chance: random.Random) -> bytes:
    attributes = b" ".join(b'href="/contact/%d" id=x class="a b"' % number for number in range(500))
    return _inserted(
        body, chance, b"<p " + attributes + b"><a " + attributes + b">You can object to AI training.</a></p>"
    )


def rewritten(body: bytes, chance: random.Random) -> bytes:
    """Take a run of text out and put a sentence about the way out in, as a real change would."""
    start = chance.randrange(len(body))
    words = chance.choice(
        [
            b"<p>You can no longer object to the use of your posts to train AI models.</p>",
            b"<li>Open Settings &gt; Privacy &gt; Object before 27 May 2025.</li>",
            b"<h2>Right to object</h2><ol><li>Go to the form.</li></ol>",
        ]
    )
    return _inserted(body[:start] + body[start + chance.randrange(2_000) :], chance, words)


def _inserted(body: bytes, chance: random.Random, piece: bytes) -> bytes:
    """Put bytes behind a tag or line of the body's, so that they mostly become text."""
    ends = [match.end() for match in islice(re.finditer(rb"</(?:p|li|h\d)>|\n\n", body), 400)] or [len(body) // 2]
    place = chance.choice(ends)
    return body[:place] + piece + body[place:]


MUTATIONS: tuple[Mutation, ...] = (
    cut,
    shuffled,
    nested,
    latin,
    utf_16,
    huge,
    right_to_left,
    linked,
    nulled,
    unclosed,
    repeated,
    rewritten,
)


def mutants(capture: Capture, seed: str) -> Iterator[Capture]:
    """Yield a family's mutants, an hour apart, each by one or two mutations."""
    chance = random.Random(seed)
    for number in range(MUTANTS):
        body = MUTATIONS[number % len(MUTATIONS)](capture.body, chance)
        if number >= len(MUTATIONS) and body:
            body = chance.choice((cut, shuffled, nulled, rewritten))(body, chance)
        yield replace(capture, body=body, at=capture.at + timedelta(hours=number + 1))


def proven(verdict: Verdict, before: str, after: str) -> list[str]:
    """Return what is wrong with a verdict, given all that was said before and after: no quote, too long, not there."""
    wrong = []
    if verdict.relevant and not (verdict.quotes and verdict.reasons):
        wrong.append("told without a quote or a reason")
    if len(verdict.title) > TITLE_CHARS or "\n" in verdict.title:
        wrong.append(f"title: {verdict.title!r}")
    for quote in verdict.quotes:
        wrong += _quoted_amiss(quote, before, after)
    return wrong


def _quoted_amiss(quote: Quote, before: str, after: str) -> list[str]:
    wrong = []
    for side, said in ((quote.before, before), (quote.after, after)):
        if len(side) > QUOTE_CHARS:
            wrong.append(f"quote of {len(side)} characters")
        wrong += [f"not on the page: {piece!r}" for piece in _pieces(side) if _plain(piece) not in said]
    return wrong


def _pieces(side: str) -> list[str]:
    """Return the runs of a quote that stand on the page: links, moves and fields are quoted from several places."""
    return [piece for piece in re.split(r" → | > |, |…", side) if piece.strip()]


def letters(document: Document) -> str:
    """Return all that a document says, folded to its letters and digits."""
    words = ["required", "optional", "options:"]
    for block in document.blocks:
        words += [block.text, *block.trail, *(part for link in block.links for part in (link.text, link.target))]
        if block.field:
            words += [block.field.label, block.field.name, block.field.type, ", ".join(block.field.options)]
    return "\n".join(_plain(each) for each in words)


def _plain(text: str) -> str:
    return _NOT_LETTERS.sub("", unicodedata.normalize("NFKC", text).casefold())


_NOT_LETTERS = re.compile(r"[\W_]+")


def amiss(page: Page, capture: Capture, seed: str) -> list[str]:
    """Return everything that is wrong with a family's mutants, assessed one by one after the page and compared raw."""
    words, wrong = lexicons(), list[str]()
    reader = Reader(words, page.language or "en")
    before = extract(capture, page.recipe)
    known = letters(before)
    history = assess(page, History(rules=rules(page, words)), capture, words).history
    for number, mutant in enumerate(mutants(capture, seed)):
        started = time.process_time()
        finding = assess(page, history, mutant, words)
        after = finding.document or extract(mutant, page.recipe)
        judged = judge(page, compare(before, after), after, reader)
        spent = time.process_time() - started
        said = letters(after)
        found = proven(finding.verdict, known, said) + proven(judged.verdict, known, said)
        found += [f"{spent:.1f} s"] if spent > CPU_LIMIT else []
        wrong += [f"mutant {number} ({MUTATIONS[number % len(MUTATIONS)].__name__}): {each}" for each in found]
    return wrong


def replayed_amiss(page: Page, capture: Capture, seed: str) -> list[str]:
    """Return what is wrong with one history in which every third capture is a mutant."""
    captures, spent = list[Capture](), list[float]()
    for number, mutant in enumerate(islice(mutants(capture, seed), 0, MUTANTS, 2)):
        at = capture.at + timedelta(days=number + 1)
        captures += [replace(mutant, at=at), *(replace(capture, at=at + timedelta(hours=each)) for each in (1, 2))]
    lines = replay(page, _timed(captures, spent), lexicons())
    wrong = [f"capture {number}: {each:.1f} s" for number, each in enumerate(spent) if each > CPU_LIMIT]
    told = [line for line in lines if line.verdict.relevant]
    wrong += [f"capture {line.index}: no proof" for line in told if not (line.verdict.quotes and line.verdict.reasons)]
    return wrong + [f"{len(lines)} lines of {len(captures)}"] * (len(lines) != len(captures))


def _timed(captures: list[Capture], spent: list[float]) -> Iterator[Capture]:
    for capture in captures:
        started = time.process_time()
        yield capture
        spent.append(time.process_time() - started)


@pytest.mark.shared
@pytest.mark.parametrize("name", FAMILIES)
def test_no_mutant_of_a_recorded_page_crashes_hangs_or_is_told_without_proof(corpus: Path, name: str) -> None:
    page, captures = read_recording(corpus / name)
    capture = next(islice(captures, FAMILIES[name], None))

    assert amiss(page, capture, name) == []


@pytest.mark.shared
@pytest.mark.parametrize("name", ["openai-training-opt-out", "pga-versions-instagram-privacy-policy"])
def test_a_history_full_of_mutants_is_replayed_to_its_end(corpus: Path, name: str) -> None:
    page, captures = read_recording(corpus / name)
    capture = next(islice(captures, FAMILIES[name], None))

    assert replayed_amiss(page, capture, name) == []


def invented(headers: Mapping[str, str], body: str) -> Capture:
    return Capture(
        page=PageId("murmel"),
        url="https://murmel.example/privacy",
        at=datetime(2026, 1, 12, 8, tzinfo=UTC),
        body=body.encode(),
        headers=tuple(headers.items()),
    )


MURMEL = Page(id=PageId("murmel"), url="https://murmel.example/privacy", kind=PageKind.POLICY, language="en")
POLICY = """<!doctype html><html lang="en"><head><title>Murmel privacy policy</title></head><body><main>
<h1>Murmel privacy policy</h1>
<p>This page says what we do with your data, and how you keep it out of AI training.</p>
<h2>Developing and improving AI</h2>
<p>We use public posts to train our models. <a href="/help/contact/36">Object</a> before 27 May 2025.</p>
<ul><li>Public posts and comments</li><li>Your chats with our AI</li></ul>
<h2>Your right to object</h2>
<ol><li>Go to Settings &gt; Privacy.</li><li>Fill in the form.</li><li>Tap Send.</li></ol>
<form action="/help/contact/36"><label for="e">E-mail</label><input id="e" name="email" required>
<label for="w">Why?</label><textarea id="w" name="why"></textarea><button>Send</button></form>
CHAPTERS</main></body></html>""".replace(
    "CHAPTERS",
    "\n\n".join(f"<h3>Chapter {n}</h3><p>Number {n} is about parcels and stamps.</p>" for n in range(60)),
)


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "text/markdown"])
def test_no_mutant_of_an_invented_page_crashes_hangs_or_is_told_without_proof(kind: str) -> None:
    capture = invented({"content-type": kind}, POLICY)

    assert amiss(MURMEL, capture, kind) == []


def test_a_history_full_of_mutants_of_an_invented_page_is_replayed_to_its_end() -> None:
    capture = invented({"content-type": "text/html; charset=utf-8"}, POLICY)

    assert replayed_amiss(MURMEL, capture, "murmel") == []
