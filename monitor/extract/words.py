"""Words of page furniture and notices, as data: patterns over folded text, by language.

Only what is true of pages in general stands here; what one page needs belongs in its recipe.
"""

import re
from collections.abc import Mapping

# Whole lines that are furniture wherever they stand.
FURNITURE_LINES: Mapping[str, tuple[str, ...]] = {
    "any": (
        r"(?:©|\(c\)|copyright\b).{0,120}",
        r".{0,80}\ball rights reserved",
        r"\W*",
        r"\W*\d{1,4}\W*",
    ),
    "en": (
        r"(?:return|back) to top",
        r"top of page",
        r"table of contents|contents|on this page|in this article",
        r"skip to (?:main )?content",
        r"explore the policy|other policies",
        r"(?:page )?(?:was|is|did) this (?:page|article|content|information|answer)? ?(?:helpful|useful|help you)\?.*",
        r"how can we improve (?:it|this page)\?",
        r"(?:thanks|thank you) for your feedback.*",
        r"send feedback(?: on this)?",
        r"(?:you might|you may) also like",
        r"(?:select|choose|change) (?:a |your )?language:?|language",
        r"share(?: this)?(?: page| article)?",
        r"print(?: this page)?",
        r"last (?:updated|modified|revised|reviewed|changed)(?: on)?:?[\d\W]*",
        r"updated:?[\d\W]+",
        r"updated:? (?:over |about )?(?:\d+|a|an) (?:minute|hour|day|week|month|year)s? ago",
        r"(?:about )?\d+ (?:minutes?|min) (?:read|to read)",
        r"view printable version|see previous versions",
        r"copy link(?: to clipboard)?",
        r"(?:show|see|load) (?:more|less)|(?:expand|collapse) all",
        r"play(?: video)?|watch video|pause|mute|unmute",
        r"chat with (?:us|an agent|our assistant).*",
        r"ask (?:our|the) (?:assistant|chatbot).*",
        r"(?:\d[\d,.]* (?:of \d[\d,.]* )?)people found this helpful",
    ),
    "de": (
        r"(?:zurück )?(?:nach|zum) (?:oben|seitenanfang)",
        r"inhaltsverzeichnis|inhalt|auf dieser seite",
        r"war (?:das|dieser artikel|diese seite|diese antwort) hilfreich\?.*",
        r"(?:zuletzt|letzte) (?:aktualisiert|geändert|aktualisierung|änderung)(?: am)?:?[\d\W]*",
        r"sprache(?: auswählen)?",
        r"mehr anzeigen|weniger anzeigen|video abspielen",
    ),
    "fr": (
        r"(?:retour(?:ner)? )?(?:en haut|haut de page)(?: de (?:la )?page)?",
        r"table des matières|sommaire|sur cette page",
        r"(?:cet article|cette page|ces informations) vous a-t-(?:il|elle) été utile ?\?.*",
        r"dernière (?:mise à jour|modification)(?: le)? ?:?[\d\W]*",
        r"langue|afficher (?:plus|moins)|lire la vidéo",
    ),
    "es": (
        r"(?:volver )?(?:arriba|al principio)",
        r"índice|tabla de contenidos?|en esta página",
        r"¿(?:te|le) (?:ha )?(?:resultó|resultado|fue|sido) útil.*",
        r"última (?:actualización|modificación):?[\d\W]*",
        r"idioma|(?:ver|mostrar) (?:más|menos)|reproducir vídeo",
    ),
    "it": (
        r"torna (?:su|all'inizio|in alto)",
        r"sommario|indice",
        r"(?:queste informazioni|questo articolo).{0,20} (?:util[ei]|d'aiuto)\?.*",
        r"ultim[oa] (?:aggiornamento|modifica):?[\d\W]*",
        r"lingua|mostra (?:altro|meno)",
    ),
    "nl": (
        r"(?:terug )?naar boven",
        r"inhoudsopgave|op deze pagina",
        r"was (?:dit|deze) .{0,20}(?:nuttig|behulpzaam)\?.*",
        r"laatst (?:bijgewerkt|gewijzigd)(?: op)?:?[\d\W]*",
        r"taal|(?:meer|minder) (?:weergeven|tonen)",
    ),
    "pl": (
        r"(?:powrót )?(?:na|do) gór[ęy]",
        r"spis treści|na tej stronie",
        r"czy (?:ten artykuł|te informacje|ta strona).{0,20} (?:pomocn[eya]|przydatn[eya])\?.*",
        r"ostatnia aktualizacja:?[\d\W]*",
        r"język|pokaż (?:więcej|mniej)",
    ),
    "pt": (
        r"(?:voltar )?(?:ao|para o) (?:topo|início)",
        r"sumário|nesta página",
        r"(?:este artigo|esta página|isto|isso) (?:foi|ajudou).{0,20}\?.*",
        r"última atualização:?[\d\W]*",
        r"(?:mostrar|ver) (?:mais|menos)",
    ),
}

# Headings over links to other pages of the same help or policy.
RELATED_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "en": (
        r"(?:related|more|other|additional) (?:articles|links|topics|pages|resources|content|policies|help)"
        r"(?: for .{1,60})?",
        r"see also|need more help\??|explore the policy",
    ),
    "de": (r"(?:ähnliche|verwandte|weitere) (?:artikel|themen|ressourcen|links|informationen)", r"siehe auch"),
    "fr": (
        r"(?:articles|rubriques|liens) (?:connexes|associés|similaires)",
        r"(?:autres|plus de) ressources|voir aussi",
    ),
    "es": (r"(?:artículos|temas|recursos|enlaces) relacionados", r"más recursos|véase también|ver también"),
    "it": (r"(?:articoli|argomenti|link) correlati", r"altre risorse|vedi anche"),
    "nl": (r"(?:gerelateerde|meer) (?:artikelen|onderwerpen|bronnen|links)", r"zie ook"),
    "pl": (r"(?:powiązane|pokrewne) (?:artykuły|tematy|linki)", r"więcej zasobów|zobacz też"),
    "pt": (r"(?:artigos|tópicos|links) relacionados", r"mais recursos|veja também|ver também"),
}

# Links that lead out of data use are never furniture, whatever heading they stand under.
RIGHTS = re.compile(
    r"\bobject|\bopt(?:ing|ed)?[ -]?out|withdraw|unsubscribe|your rights|\bright to|widerspr|widerruf|oppos|retir"
    r"|revoc|opon|opposizion|bezwaar|intrek|sprzeciw|wycof|exclu|do not train|\btrain"
)

# Beginnings of notices that a document changed, will change or has earlier versions.
NOTICE_STARTS: Mapping[str, tuple[str, ...]] = {
    "en": (
        r"(?:recent|upcoming|policy|other) updates?\b(?! to\b)",
        r"policy updated on",
        r"we (?:have |recently |last )?updated (?:our|the|this)\b",
        r"we(?:'ve| have) (?:recently |just )?(?:updated|changed|made changes)\b",
        r"we(?:'re| are) (?:updating|changing|making (?:some )?changes to) (?:our|the|this)\b",
        r"we(?:'ll| will) (?:soon )?be updating",
        r"we(?:'re| are) (?:still )?delaying",
        r"(?:view|see|read) (?:our|the) (?:previous|new|updated|last|earlier) (?:policy|version|terms)",
        r"(?:this|our) (?:policy|notice|page)(?: was| has been)? (?:last )?updated on",
        r"effective(?: date| as of| from)?:?[\d\W]+(?:$|\|)",
        r"an updated version of",
        r"(?:the|these) updates (?:will )?go into effect",
        r"(?:last )?date of last revision:?[\d\W]*",
    ),
    "de": (
        r"wir (?:haben|aktualisieren) (?:kürzlich )?(?:unsere|die|diese)\b"
        r".{0,60}(?:aktualisiert|richtlinie|bestimmungen)",
        r"(?:gültig|wirksam) (?:ab|seit)(?: dem)?:?[\d\W]+",
        r"(?:unsere )?(?:vorherige|frühere|neue) (?:richtlinie|version|fassung)",
        r"aktualisierung(?:en)?\b",
    ),
    "fr": (
        r"nous (?:avons mis|mettons) à jour",
        r"(?:en vigueur|date d'entrée en vigueur)(?: le| à compter du| depuis le)? ?:?[\d\W]+",
        r"(?:voir|consulter|lire) (?:la|notre) (?:version précédente|nouvelle politique|politique précédente)",
    ),
    "es": (
        r"(?:hemos actualizado|actualizamos|estamos actualizando)\b",
        r"(?:en vigor|vigente) (?:desde|a partir del?)(?: el)?:?[\d\W]+",
    ),
    "it": (r"(?:abbiamo aggiornato|stiamo aggiornando)\b", r"(?:in vigore|valid[ao]) (?:dal|a partire dal):?[\d\W]+"),
    "nl": (r"we (?:hebben|werken) .{0,40}(?:bijgewerkt|bij)\b", r"(?:van kracht|geldig) (?:vanaf|per|sinds):?[\d\W]+"),
    "pl": (r"(?:zaktualizowaliśmy|aktualizujemy)\b", r"(?:obowiązuje|wchodzi w życie)(?: od)?:?[\d\W]+"),
    "pt": (
        r"(?:atualizamos|estamos (?:atualizando|a atualizar))\b",
        r"(?:em vigor|vigente) (?:desde|a partir de):?[\d\W]+",
    ),
}

# The question that a cookie dialog asks, and the words by which what follows still belongs to it.
COOKIE_QUESTION: Mapping[str, tuple[str, ...]] = {
    "en": (
        r"(?:allow|accept) (?:all |the use of )?cookies(?: from .{1,60})?(?: (?:on|in) this browser)?\??",
        r"your cookie (?:choices|preferences)",
    ),
    "de": (
        r"(?:verwendung von|die) cookies .{0,60}(?:erlauben|zulassen|akzeptieren)\??",
        r"deine cookie-(?:auswahl|einstellungen)",
    ),
    "fr": (r"(?:autoriser|accepter) (?:l'utilisation des |les )?cookies .{0,80}\?",),
    "es": (r"¿(?:permitir|aceptar) (?:el uso de |las )?cookies .{0,80}\?",),
    "it": (r"(?:consentire|accettare) (?:l'uso dei |i )?cookie .{0,80}\?",),
    "nl": (r"(?:het gebruik van )?cookies .{0,60}(?:toestaan|accepteren)\?",),
    "pl": (r"(?:zezwolić|zaakceptować) .{0,30}plik(?:i|ów) cookie .{0,80}\?",),
    "pt": (r"(?:permitir|aceitar) (?:a utilização de |o uso de |os )?cookies .{0,80}\?",),
}
COOKIES = re.compile(r"cookies?\b|cookie-|tracking[ -]technolog|kakor|ciasteczk")

# Names that languages give themselves, folded: the entries of language lists.
_LANGUAGES = (
    "Afrikaans, العربية, Azərbaycan, Bahasa Indonesia, Bahasa Melayu, বাংলা, Bosanski, Български, "
    "Català, Čeština, Cymraeg, Dansk, Deutsch, Eesti, Ελληνικά, English, Español, Euskara, فارسی, "
    "Filipino, Français, Gaeilge, Galego, ગુજરાતી, עברית, हिन्दी, Hrvatski, Íslenska, Italiano, 日本語, "
    "ಕನ್ನಡ, 한국어, Kiswahili, Latviešu, Lietuvių, Magyar, Македонски, മലയാളം, मराठी, Melayu, "
    "Nederlands, Norsk, Norsk bokmål, Polski, Português, ਪੰਜਾਬੀ, Română, Русский, Shqip, Slovenčina, "
    "Slovenščina, Српски, Suomi, Svenska, தமிழ், తెలుగు, ไทย, Tiếng Việt, Türkçe, Українська, اردو, "
    "中文, 简体中文, 繁體中文"
)
LANGUAGE_NAMES = frozenset(name.strip().casefold() for name in _LANGUAGES.split(","))


def any_of(patterns: Mapping[str, tuple[str, ...]]) -> re.Pattern[str]:
    """Return one expression for the patterns of all languages."""
    return re.compile("|".join(f"(?:{pattern})" for group in patterns.values() for pattern in group))
