"""The catalogues of this package: which languages the site and the mails speak, and each one's own name."""

from functools import cache
from gettext import GNUTranslations
from importlib.resources import files

from monitor.publish.pages import Edition
from monitor.render.labels import language_name
from monitor.render.tongue import ENGLISH, Tongue

# Every language that is spoken, the site's first one at its head; English needs no catalogue.
SPOKEN = ("en", "de", "fr", "es")


@cache
def tongue(language: str) -> Tongue:
    """Return the tongue of a language (BCP 47); a region is left out, and what has no catalogue speaks English."""
    code = language.partition("-")[0].lower()
    if code == ENGLISH.language or code not in SPOKEN:
        return ENGLISH
    compiled = files("monitor") / "locales" / code / "LC_MESSAGES" / "messages.mo"
    with compiled.open("rb") as file:
        return Tongue(code, GNUTranslations(file))


def editions() -> tuple[Edition, ...]:
    """Return the site's editions: English at its root, every other language in a folder of its own."""
    return tuple(
        Edition(tongue=tongue(code), folder="" if code == ENGLISH.language else f"{code}/", name=language_name(code))
        for code in SPOKEN
    )
