"""What a change means in every language shipped: invented sentences, written-out verdicts."""

from importlib.resources import files

import pytest

from monitor.compare import compare
from monitor.model.document import Document
from monitor.model.page import Page, PageId, PageKind
from monitor.model.verdict import Aspect, Kind, Level, Verdict
from monitor.optout import judge, parse_lexicon
from monitor.optout.reading import Reader
from tests.rooms.documents import document

FILES = [path for path in (files("monitor.optout") / "lexicons").iterdir() if path.name.endswith(".toml")]
LEXICONS = {
    lexicon.language: lexicon for lexicon in (parse_lexicon(p.name, p.read_text(encoding="utf-8")) for p in FILES)
}
POLICY = Page(id=PageId("p"), url="https://example.org/policy", kind=PageKind.POLICY, title="Murmel policy")

NEUTRAL = {
    "de": ("Wir liefern Pakete am Vormittag.", "Wir liefern Pakete am Nachmittag."),
    "fr": ("Nous livrons les colis le matin.", "Nous livrons les colis le soir."),
    "es": ("Entregamos los paquetes por la mañana.", "Entregamos los paquetes por la tarde."),
    "it": ("Consegniamo i pacchi al mattino.", "Consegniamo i pacchi alla sera."),
    "nl": ("We bezorgen de pakketten in de ochtend.", "We bezorgen de pakketten in de avond."),
    "pl": ("Dostarczamy paczki rano.", "Dostarczamy paczki wieczorem."),
    "pt": ("Entregamos as encomendas de manhã.", "Entregamos as encomendas à tarde."),
}
RIGHT = {
    "de": "Du kannst dieser Nutzung deiner Angaben jederzeit widersprechen.",
    "fr": "Vous pouvez vous opposer à tout moment à cet usage de vos données.",
    "es": "Usted puede oponerse en cualquier momento a este uso de sus datos.",
    "it": "In qualsiasi momento puoi opporti a questo uso dei tuoi dati.",
    "nl": "Je kunt op elk moment bezwaar maken tegen dit gebruik van je gegevens.",
    "pl": "W każdej chwili możesz wnieść sprzeciw wobec takiego użycia twoich danych.",
    "pt": "Você pode se opor a qualquer momento a este uso dos seus dados.",
}
TRAINING = {
    "de": "Mit öffentlichen Beiträgen und Kommentaren von Erwachsenen trainieren wir unsere KI-Modelle.",
    "fr": "Les publications et commentaires publics des adultes nous servent à entraîner nos modèles d’IA.",
    "es": "Entrenamos nuestros modelos de IA con las publicaciones y los comentarios públicos de personas adultas.",
    "it": "Con i post e i commenti pubblici degli adulti addestriamo i nostri modelli di IA.",
    "nl": "Met openbare berichten en reacties van volwassenen trainen we onze AI-modellen.",
    "pl": "Na publicznych postach i komentarzach osób dorosłych trenujemy nasze modele SI.",
    "pt": "Com as publicações e os comentários públicos de adultos treinamos os nossos modelos de IA.",
}
CONSENT = {
    "de": "Ziehst du deine Einwilligung zurück, löschen wir die Aufnahmen.",
    "fr": "Si vous revenez sur votre consentement, nous effaçons les enregistrements.",
    "es": "Si retiras tu consentimiento, borraremos las grabaciones.",
    "it": "Se revochi il consenso, cancelleremo le registrazioni.",
    "nl": "Trek je je toestemming in, dan wissen we de opnamen.",
    "pl": "Jeśli cofniesz zgodę, usuniemy nagrania.",
    "pt": "Se você revogar o consentimento, apagaremos as gravações.",
}
NEGATION = {
    "de": (
        "Private Nachrichten nutzen wir nicht, um KI zu trainieren.",
        "Private Nachrichten nutzen wir, um KI zu trainieren.",
    ),
    "fr": (
        "Vos messages privés ne sont jamais utilisés pour entraîner l'IA.",
        "Vos messages privés sont utilisés pour entraîner l'IA.",
    ),
    "es": (
        "Tus mensajes privados no se usan para entrenar la IA.",
        "Tus mensajes privados se usan para entrenar la IA.",
    ),
    "it": (
        "I tuoi messaggi privati non vengono usati per addestrare l'IA.",
        "I tuoi messaggi privati vengono usati per addestrare l'IA.",
    ),
    "nl": (
        "Je privéberichten worden niet gebruikt om AI te trainen.",
        "Je privéberichten worden gebruikt om AI te trainen.",
    ),
    "pl": (
        "Twoje prywatne wiadomości nie są używane do trenowania SI.",
        "Twoje prywatne wiadomości są używane do trenowania SI.",
    ),
    "pt": (
        "As suas mensagens privadas não são usadas para treinar a IA.",
        "As suas mensagens privadas são usadas para treinar a IA.",
    ),
}
SWITCH = {
    "de": "Schalte in den Datenkontrollen die Option „Modell für alle verbessern“ aus.",
    "fr": "Dans la gestion des données, désactivez l’option « Améliorer le modèle pour tous ».",
    "es": "En los controles de datos, desactiva la opción «Mejorar el modelo para todos».",
    "it": "Nei controlli dei dati, disattiva l’opzione «Migliora il modello per tutti».",
    "nl": "Zet bij je gegevensbeheer de optie ‘Het model voor iedereen verbeteren’ uit.",
    "pl": "W zarządzaniu danymi wyłącz opcję „Ulepszaj model dla wszystkich”.",
    "pt": "Nos controles de dados, desative a opção «Melhorar o modelo para todos».",
}
DEADLINE = {
    "de": ("Lege bis zum 27.05.2025 Widerspruch ein.", "Lege bis zum 30.06.2025 Widerspruch ein."),
    "fr": (
        "Opposez-vous au plus tard le 27 mai 2025 à l'aide du formulaire d'opposition.",
        "Opposez-vous au plus tard le 30 juin 2025 à l'aide du formulaire d'opposition.",
    ),
    "es": ("Puedes oponerte hasta el 27 de mayo de 2025.", "Puedes oponerte hasta el 30 de junio de 2025."),
    "it": ("Puoi opporti entro il 27 maggio 2025.", "Puoi opporti entro il 30 giugno 2025."),
    "nl": ("Maak uiterlijk op 27 mei 2025 bezwaar.", "Maak uiterlijk op 30 juni 2025 bezwaar."),
    "pl": ("Sprzeciw można wnieść do 27 maja 2025 r.", "Sprzeciw można wnieść do 30 czerwca 2025 r."),
    "pt": ("Pode opor-se até 27 de maio de 2025.", "Pode opor-se até 30 de junho de 2025."),
}
ADS = {
    "de": "Personalisierte Werbung kannst du in den Einstellungen ablehnen.",
    "fr": "Vous pouvez refuser les publicités personnalisées dans vos paramètres.",
    "es": "Puedes rechazar los anuncios personalizados en los ajustes.",
    "it": "Puoi rifiutare le inserzioni personalizzate nelle impostazioni.",
    "nl": "Gepersonaliseerde advertenties kun je weigeren in je instellingen.",
    "pl": "Ze spersonalizowanych reklam możesz zrezygnować w ustawieniach.",
    "pt": "Você pode recusar os anúncios personalizados nas configurações.",
}
ANNOUNCED = {
    "de": "Die Änderungen unserer Nutzungsbedingungen treten am 07.04.2025 in Kraft.",
    "fr": "Les modifications de nos conditions entreront en vigueur le 7 avril 2025.",
    "es": "Los cambios de nuestras condiciones entrarán en vigor el 7 de abril de 2025.",
    "it": "Le modifiche alle nostre condizioni entreranno in vigore il 7 aprile 2025.",
    "nl": "De wijzigingen van onze voorwaarden worden op 7 april 2025 van kracht.",
    "pl": "Zmiany naszych warunków wejdą w życie 7 kwietnia 2025 r.",
    "pt": "As alterações das nossas condições entrarão em vigor em 7 de abril de 2025.",
}
TRAPS = {
    "de": (
        "Verdächtige Objekte werden gemeldet, widersprüchliche Angaben prüft unser Dienst.",
        "Im Training für den Marathon hilft dir ein Trainingsplan.",
        "Eine Bestellung kannst du binnen zwei Wochen widerrufen.",
    ),
    "fr": (
        "L'objet de cette page est de présenter nos magasins, par opposition au site des fournisseurs.",
        "Une panne du réseau peut entraîner des retards de livraison.",
        "Vous pouvez retirer votre colis dans un point relais.",
    ),
    "es": (
        "El objeto de esta página es presentar nuestras tiendas, y su objetivo es informar.",
        "El entrenador del equipo viaja en tren con los jugadores.",
        "Puedes retirar tu paquete en una tienda.",
    ),
    "it": (
        "Oggetto di questa pagina sono i nostri negozi, l'obiettivo è informare chi compra.",
        "Il programma di allenamento dura dieci settimane e costa poco.",
        "Puoi ritirare il pacco in un negozio.",
    ),
    "nl": (
        "Het object van deze pagina is onze winkel, die niet bezwaarlijk is voor de buurt.",
        "De trein vertrekt om negen uur, het trainingsschema hangt bij de deur.",
        "Je kunt een bestelling binnen twee weken herroepen.",
    ),
    "pl": (
        "Obiekty tej strony to nasze sklepy, a informacje sprzeczne z nimi poprawiamy.",
        "Plan treningu biegowego trwa dziesięć tygodni, szkoła jest obok.",
        "Zgodnie z regulaminem produkt możesz zwrócić wyłącznie w sklepie.",
    ),
    "pt": (
        "O objeto desta página são as nossas lojas, e o objetivo é dar a oportunidade de as conhecer.",
        "O treino da equipa começa às nove, e o treinador chega de comboio.",
        "Pode retirar a sua encomenda numa loja.",
    ),
}
MINORS = {
    "de": ("KI bei Murmel entwickeln und verbessern", "Registrierte Nutzer unter 18", "Öffentliche Beiträge"),
    "fr": ("Développer et améliorer l’IA chez Murmel", "Utilisateurs inscrits de moins de 18 ans", "Photos publiques"),
    "es": ("Desarrollar y mejorar la IA en Murmel", "Usuarios registrados menores de edad", "Fotos públicas"),
    "it": ("Sviluppare e migliorare l’IA in Murmel", "Utenti registrati minorenni", "Foto pubbliche"),
    "nl": ("AI bij Murmel ontwikkelen en verbeteren", "Geregistreerde gebruikers onder de 18", "Openbare foto's"),
    "pl": ("Rozwijanie i ulepszanie SI w Murmel", "Zarejestrowani użytkownicy niepełnoletni", "Publiczne zdjęcia"),
    "pt": ("Desenvolver e melhorar a IA na Murmel", "Usuários registrados menores de idade", "Fotos públicas"),
}
LANGUAGES = sorted(RIGHT)


def verdict(language: str, before: tuple[str, ...], after: tuple[str, ...]) -> Verdict:
    return _judged(language, _page(language, *before), _page(language, *after))


def _page(language: str, *lines: str) -> Document:
    return document("# Murmel", NEUTRAL[language][0], *lines, language=language)


def _judged(language: str, before: Document, after: Document) -> Verdict:
    return judge(POLICY, compare(before, after), after, Reader(LEXICONS, language)).verdict


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_right_to_object_is_told_at_once(language: str) -> None:
    result = verdict(language, (), (RIGHT[language],))

    assert (result.kind, result.level, result.held) == (Kind.OPTOUT, Level.ALERT, False)
    assert Aspect.RIGHT_TO_OBJECT in result.aspects


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_on_training_that_is_gone_waits_for_the_next_fetch(language: str) -> None:
    result = verdict(language, (TRAINING[language],), ())

    assert (result.kind, result.level, result.held) == (Kind.OPTOUT, Level.ALERT, True)
    assert Aspect.AI_TRAINING_USE in result.aspects


@pytest.mark.parametrize("language", LANGUAGES)
def test_consent_that_can_be_withdrawn_is_told_at_once(language: str) -> None:
    result = verdict(language, (), (CONSENT[language],))

    assert (result.level, result.held) == (Level.ALERT, False)
    assert Aspect.CONSENT_WITHDRAWAL in result.aspects


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_negation_that_is_lost_is_told_at_once(language: str) -> None:
    before, after = NEGATION[language]

    result = verdict(language, (before,), (after,))

    assert (result.kind, result.level, result.held) == (Kind.OPTOUT, Level.ALERT, False)
    assert {Aspect.AI_TRAINING_USE, Aspect.EXCLUSIONS} <= set(result.aspects)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_switch_against_training_is_told_at_once(language: str) -> None:
    result = verdict(language, (), (SWITCH[language],))

    assert (result.level, result.held) == (Level.ALERT, False)
    assert Aspect.SETTINGS_PATH in result.aspects


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_deadline_that_moves_is_told_at_once(language: str) -> None:
    before, after = DEADLINE[language]

    result = verdict(language, (before,), (after,))

    assert (result.level, result.held) == (Level.ALERT, False)
    assert {Aspect.RIGHT_TO_OBJECT, Aspect.DEADLINE} <= set(result.aspects)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_item_about_minors_matters_under_a_heading_about_training(language: str) -> None:
    heading, whom, what = MINORS[language]
    lines = (f"# {heading}", f"## {whom}", "- Murmel Plus", f"- {what}")

    result = _judged(language, document(*lines, language=language), document(*lines[:3], language=language))

    assert (result.level, result.quotes[0].before) == (Level.ALERT, what)
    assert Aspect.AI_TRAINING_USE in result.aspects


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_way_out_of_advertising_is_a_line_in_the_digest(language: str) -> None:
    assert verdict(language, (), (ADS[language],)).level is Level.DIGEST


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_announcement_is_a_line_in_the_digest(language: str) -> None:
    assert verdict(language, (), (ANNOUNCED[language],)).level is Level.DIGEST


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_change_about_something_else_is_told_to_nobody(language: str) -> None:
    before, after = NEUTRAL[language]

    result = _judged(
        language, document("# Murmel", before, language=language), document("# Murmel", after, language=language)
    )

    assert (result.kind, result.level) == (Kind.SUBSTANTIVE, Level.NONE)


@pytest.mark.parametrize(("language", "sentence"), [(code, one) for code in LANGUAGES for one in TRAPS[code]])
def test_words_that_only_look_like_the_way_out_are_told_to_nobody(language: str, sentence: str) -> None:
    assert verdict(language, (), (sentence,)).level is Level.NONE
