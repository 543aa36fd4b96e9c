"""The site's pages as bytes: views and templates in, HTML out. Knows templates and assets, not where they go."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from gettext import NullTranslations
from hashlib import sha256
from importlib.resources import files
from types import CodeType

from jinja2 import BytecodeCache, Environment, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup

from monitor.model.span import span_text
from monitor.model.verdict import Kind
from monitor.render.facts import headline, shortened, version
from monitor.render.labels import ASPECTS, KINDS, LEVELS, PAGE_KINDS, STATES
from monitor.render.place import Place
from monitor.render.safe import clean, language_tag, link
from monitor.render.sheet import Feed
from monitor.render.tongue import Tongue, day, stamp, utc

LIMIT_BYTES = 100_000  # Source: a page a phone loads in a second over a slow line (1 Mbit/s), with its style sheet
_ROOMS = (1.0, 0.5, 0.2, 0.05, 0.0)  # parts of the usual lengths and counts, tried in this order
_DESK = "desk/"  # templates of pages that few processes ever show
_STATIC = ("site.css", "icon.svg", "card.png", "search.js", "desk.css", "desk.js")


def assets() -> Mapping[str, tuple[str, bytes]]:
    """Return the site's own files by name: their path, which carries a digest of their bytes, and the bytes."""
    found = {}
    for name in _STATIC:
        content = (files("monitor.publish") / "static" / name).read_bytes()
        stem, ending = name.split(".")
        found[name] = (f"assets/{stem}.{sha256(content).hexdigest()[:12]}.{ending}", content)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """The site in one language: the folder it stands in (empty for the first) and the language's own name."""

    tongue: Tongue
    folder: str = ""
    name: str = "English"

    @property
    def language(self) -> str:
        """Return the language (BCP 47)."""
        return self.tongue.language


@dataclass(frozen=True, slots=True)
class Printer:
    """Makes the pages of one edition."""

    place: Place
    edition: Edition
    editions: tuple[Edition, ...]
    environment: Environment
    assets: Mapping[str, str]

    def fitting(self, template: str, path: str, alternates: tuple[Feed, ...], **views: object) -> bytes:
        """Return a page that leaves out quotes, then facts, until it has at most 100 KB; views may be functions."""
        html = b""
        for room in _ROOMS:
            made = {name: view(room) if callable(view) else view for name, view in views.items()}
            html = self.page(template, path, alternates, room=room, **made)
            if len(html) <= LIMIT_BYTES:
                break
        return html

    def page(self, template: str, path: str | None, alternates: tuple[Feed, ...], **views: object) -> bytes:
        """Return a page; `path` is below the edition's folder, None for a page shown under any address."""
        root, home = self._ways(path)
        html = self.environment.get_template(template).render(
            place=self.place,
            language=self.edition.language,
            folder=self.edition.folder,
            tongues=self.editions,
            assets=self.assets,
            alternates=alternates,
            path=path,
            root=root,
            home=home,
            labels={"aspects": ASPECTS, "levels": LEVELS, "page_kinds": PAGE_KINDS, "states": STATES},
            **views,
        )
        return html.encode()

    def prepare(self) -> None:
        """Compile the templates of the public pages, for the other languages too.

        It takes a sixth of a second, and a megabyte that is free again before any page is read.
        """
        for name in self.environment.list_templates(filter_func=lambda name: not name.startswith(_DESK)):
            self.environment.get_template(name)

    def _ways(self, path: str | None) -> tuple[str, str]:
        """Return the ways from a page to the site's root and to the edition's start page."""
        if path is None:
            return self.place.prefix, self.place.prefix + self.edition.folder
        home = "../" * path.count("/") or "./"
        up = "../" * (self.edition.folder + path).count("/") or "./"
        return up, home


def printer(place: Place, edition: Edition, editions: tuple[Edition, ...], assets: Mapping[str, str]) -> Printer:
    """Return the printer of one edition of the site."""
    return Printer(place, edition, editions, _environment(edition.tongue.language, edition.tongue.catalogue), assets)


class _Compiled(BytecodeCache):
    """What templates were compiled to: the same in every language, since words are looked up when they are shown."""

    def __init__(self) -> None:
        self._known: dict[str, CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Put in what is known of a template of this name and these words."""
        bucket.code = self._known.get(bucket.key + bucket.checksum)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what a template was compiled to."""
        if bucket.code is not None:
            self._known[bucket.key + bucket.checksum] = bucket.code


_COMPILED = _Compiled()


@lru_cache(maxsize=16)
def _environment(language: str, catalogue: NullTranslations) -> Environment:
    """Return an environment in which every value is escaped, and cleaned of what cannot be shown.

    It stays for the process: compiling its templates costs several times what filling them does.
    """
    tongue = Tongue(language, catalogue)
    environment = Environment(
        loader=PackageLoader("monitor.publish", "templates"),
        bytecode_cache=_COMPILED,
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        finalize=_cleaned,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    install: Callable[..., None] = environment.install_gettext_translations  # type: ignore[attr-defined]  # by i18n
    install(catalogue, newstyle=True)
    environment.filters.update(
        utc=utc,
        day=day,
        stamp=stamp,
        span=span_text,
        short=shortened,
        safe_link=link,
        language_tag=language_tag,
        headline=lambda alert: headline(alert, tongue),
        version=lambda summary: version(summary, tongue),
        kind=lambda kind: tongue.say(KINDS[Kind(kind)]) if kind in list(Kind) else kind,
    )
    return environment


def _cleaned(value: object) -> object:
    if isinstance(value, Markup):
        return Markup(clean(value))  # noqa: S704 - it was markup before; cleaning only takes characters away
    return clean(value) if isinstance(value, str) else value
