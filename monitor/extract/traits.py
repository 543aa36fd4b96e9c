"""What a text says about itself, before its place is known: its fold, whether it is furniture or a notice, a label.

Only patterns that are true of pages in general stand here, by language; what one page needs belongs in its recipe.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from monitor.model.document import Part
from monitor.text import fold

# A short line without an end mark that stands over others is a label; the longest seen says for whom a part is.
LONGEST_LABEL = 160

# Whole lines of furniture, folded, by language.
_FURNITURE_LINES = {
    "en": (
        r"(return|back) to top", r"top of page", r"table of contents", r"contents", r"on this page", r"in this article",
        r"skip to (?:main )?content", r"explore the policy", r"other policies",
        r"(?:page )?(?:was|is|did) this (?:page|article|content|information|answer)?\s*(?:helpful|useful|help you)\?.*",
        r"(?:how can we improve (?:it|this page)\?)", r"(?:thanks|thank you) for your feedback.*", r"send feedback(?: on this)?",
        r"related (?:articles|links|topics|pages|resources|content)", r"(?:you might|you may) also like", r"see also",
        r"need more help\??", r"(?:select|choose|change) (?:a |your )?language:?", r"language", r"share(?: this)?(?: page| article)?",
        r"print(?: this page)?", r"last (?:updated|modified|revised|reviewed|changed)(?: on)?:?\s*[\d\W]*", r"updated:?\s*[\d\W]+",
        r"(?:about )?\d+ (?:minutes?|min) (?:read|to read)", r"view printable version", r"see previous versions",
        r"copy link(?: to clipboard)?", r"show more", r"show less", r"expand all", r"collapse all",
        r"chat with (?:us|an agent|our assistant).*", r"ask (?:our|the) (?:assistant|chatbot).*",
        r"(?:\d[\d,.]* (?:of \d[\d,.]* )?)people found this helpful",
    ),
    "de": (
        r"(?:zurück )?(?:nach|zum) (?:oben|seitenanfang)", r"inhaltsverzeichnis", r"inhalt", r"auf dieser seite",
        r"war (?:das|dieser artikel|diese seite|diese antwort) hilfreich\?.*", r"ähnliche (?:artikel|themen)", r"verwandte artikel",
        r"zuletzt (?:aktualisiert|geändert)(?: am)?:?\s*[\d\W]*", r"sprache(?: auswählen)?",
    ),
    "fr": (
        r"(?:retour(?:ner)? )?(?:en haut|haut de page)(?: de (?:la )?page)?", r"table des matières", r"sommaire", r"sur cette page",
        r"(?:cet article|cette page|ces informations) vous a-t-(?:il|elle) été utile\s*\?.*", r"articles (?:connexes|associés)",
        r"dernière (?:mise à jour|modification)(?: le)?\s*:?\s*[\d\W]*", r"langue",
    ),
    "es": (
        r"(?:volver )?(?:arriba|al principio)", r"índice", r"tabla de contenidos?", r"en esta página", r"artículos relacionados",
        r"¿(?:te|le) (?:ha )?(?:resultó|resultado|fue|sido) útil.*", r"última (?:actualización|modificación):?\s*[\d\W]*", r"idioma",
    ),
    "it": (
        r"torna (?:su|all'inizio|in alto)", r"sommario", r"indice", r"articoli correlati",
        r"(?:queste informazioni|questo articolo).{0,20} (?:util[ei]|d'aiuto)\?.*", r"ultim[oa] (?:aggiornamento|modifica):?\s*[\d\W]*",
    ),
    "nl": (
        r"(?:terug )?naar boven", r"inhoudsopgave", r"op deze pagina", r"gerelateerde artikelen",
        r"was (?:dit|deze) .{0,20}(?:nuttig|behulpzaam)\?.*", r"laatst (?:bijgewerkt|gewijzigd)(?: op)?:?\s*[\d\W]*", r"taal",
    ),
    "pl": (
        r"(?:powrót )?(?:na|do) gór[ęy]", r"spis treści", r"na tej stronie", r"powiązane artykuły",
        r"czy (?:ten artykuł|te informacje|ta strona).{0,20} (?:pomocn[eya]|przydatn[eya])\?.*", r"ostatnia aktualizacja:?\s*[\d\W]*", r"język",
    ),
    "pt": (
        r"(?:voltar )?(?:ao|para o) (?:topo|início)", r"índice", r"sumário", r"nesta página", r"artigos relacionados",
        r"(?:este artigo|esta página|isto|isso) (?:foi|ajudou).{0,20}\?.*", r"última atualização:?\s*[\d\W]*", r"idioma",
    ),
}  # fmt: skip
_FURNITURE_ANY = (
    r"(?:©|\(c\)|copyright\b).{0,120}",
    r".{0,80}\ball rights reserved",
    r"\W*",
    r"https?://\S+/l\.php\S*",
)

# Beginnings of notices that a document changed, will change or has earlier versions, folded, by language.
_NOTICES = {
    "en": (
        r"(?:recent |upcoming |policy |other )updates?\b(?! to\b)", r"we (?:have |recently |last )?updated (?:our|the|this)\b",
        r"we(?:'ve| have) (?:recently |just )?(?:updated|changed|made changes)\b", r"we(?:'re| are) (?:updating|making (?:some )?changes|changing) (?:to )?(?:our|the|this)\b",
        r"we(?:'ll| will) (?:soon )?be updating", r"we(?:'re| are) (?:still )?delaying", r"(?:view|see|read) (?:our|the) (?:previous|new|updated|last|earlier) (?:policy|version|terms)",
        r"(?:this|our) (?:policy|notice|page)(?: was| has been)? (?:last )?updated on", r"effective(?: date| as of| from)?:?\s*[\d\W]+(?:$|\|)",
        r"an updated version of", r"the updates (?:will )?go into effect", r"(?:last )?date of last revision:?\s*[\d\W]*",
    ),
    "de": (
        r"wir (?:haben|aktualisieren) (?:kürzlich )?(?:unsere|die|diese)\b.{0,60}(?:aktualisiert|richtlinie|bestimmungen)", r"(?:gültig|wirksam) (?:ab|seit)(?: dem)?:?\s*[\d\W]+",
        r"(?:unsere )?(?:vorherige|frühere|neue) (?:richtlinie|version|fassung)", r"aktualisierung(?:en)?\b",
    ),
    "fr": (
        r"nous (?:avons mis|mettons) à jour", r"(?:en vigueur|date d'entrée en vigueur)(?: le| à compter du| depuis le)?\s*:?\s*[\d\W]+", r"(?:voir|consulter|lire) (?:la|notre) (?:version précédente|nouvelle politique|politique précédente)",
    ),
    "es": (r"(?:hemos actualizado|actualizamos|estamos actualizando)\b", r"(?:en vigor|vigente) (?:desde|a partir del?)(?: el)?:?\s*[\d\W]+"),
    "it": (r"(?:abbiamo aggiornato|stiamo aggiornando)\b", r"(?:in vigore|valid[ao]) (?:dal|a partire dal):?\s*[\d\W]+"),
    "nl": (r"we (?:hebben|werken) .{0,40}(?:bijgewerkt|bij)\b", r"(?:van kracht|geldig) (?:vanaf|per|sinds):?\s*[\d\W]+"),
    "pl": (r"(?:zaktualizowaliśmy|aktualizujemy)\b", r"(?:obowiązuje|wchodzi w życie) (?:od)?:?\s*[\d\W]+"),
    "pt": (r"(?:atualizamos|estamos atualizando|estamos a atualizar)\b", r"(?:em vigor|vigente) (?:desde|a partir de):?\s*[\d\W]+"),
}  # fmt: skip

_FURNITURE = re.compile(
    "|".join(f"(?:{line})" for lines in (*_FURNITURE_LINES.values(), _FURNITURE_ANY) for line in lines)
)
_NOTICE = re.compile("|".join(f"(?:{start})" for starts in _NOTICES.values() for start in starts))
_RELATED = re.compile(
    r"(?:related (?:articles|links|topics|pages|resources|content)|see also|ähnliche (?:artikel|themen)|verwandte artikel|"
    r"articles (?:connexes|associés)|artículos relacionados|articoli correlati|gerelateerde artikelen|powiązane artykuły|"
    r"artigos relacionados|need more help|other policies|explore the policy)\W*"
)
_NUMBER = re.compile(r"\[?\d{1,3}\]?")
_END_MARKS = frozenset(".!;,…|)")


class Label:
    """How strongly a label binds: under panel titles (7), above the lead-in of a list; the smaller the wider."""

    NONE = 0
    TITLE = 8
    SIDE = 9
    TABLE = 10
    ROW = 11
    LEAD = 12


class Traits(NamedTuple):
    """What a text alone says: its fold, its part (BODY when it says nothing), its rank as a label, and the rest."""

    key: str
    part: Part
    label: int
    leads: bool
    number: bool
    related: bool
    special: bool


@lru_cache(maxsize=8192)
def traits(text: str) -> Traits:
    """Return what a text says about itself."""
    key = fold(text)
    part = _part(key)
    leads = text.endswith((":", "："))
    number = len(text) <= 5 and bool(_NUMBER.fullmatch(text))
    related = len(key) < 40 and bool(_RELATED.fullmatch(key))
    return Traits(
        key=key,
        part=part,
        label=Label.NONE if part is not Part.BODY else _label(text, leads=leads),
        leads=leads,
        number=number,
        related=related,
        special=number or related or part is Part.FURNITURE,
    )


def _part(key: str) -> Part:
    if len(key) <= 200 and _FURNITURE.fullmatch(key):
        return Part.FURNITURE
    return Part.NOTICE if _NOTICE.match(key) else Part.BODY


def _label(text: str, *, leads: bool) -> int:
    """Return the rank that a paragraph of this text would have as a label."""
    if len(text) > LONGEST_LABEL or len(text) < 3 or not (text[0].isupper() or text[0] in "ⓘ¿«“\"'"):
        return Label.NONE
    if leads:
        return Label.SIDE
    last = text[-1]
    ended = last in _END_MARKS and not (last == ")" and "(" in text)
    return Label.NONE if ended or not any(map(str.isalpha, text)) else Label.TITLE
