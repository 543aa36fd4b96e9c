# ruff: noqa: E501  sentences stand on one line, as pages write them
"""The same news in the words of other services and other years: invented sentences, written-out levels.

None of these sentences stands in a lexicon or in a recording; they were written from how policies speak, and then held
against the rules. Each row is a language, a kind of page, and its lines before and after.
"""

from importlib.resources import files

import pytest

from monitor.compare import compare
from monitor.model.page import Page, PageId, PageKind
from monitor.model.verdict import Level
from monitor.optout import judge, parse_lexicon
from monitor.optout.reading import Reader
from tests.rooms.documents import document

FILES = [path for path in (files("monitor.optout") / "lexicons").iterdir() if path.name.endswith(".toml")]
LEXICONS = {
    lexicon.language: lexicon for lexicon in (parse_lexicon(p.name, p.read_text(encoding="utf-8")) for p in FILES)
}

ALERT = (
    (
        "en",
        "policy",
        ("# AI", "Some features use AI."),
        (
            "# AI",
            "Some features use AI.",
            'You can switch off "Data for Generative AI Improvement" in your account settings if you do not want us to use your content this way.',
        ),
    ),
    (
        "en",
        "policy",
        ("# Use", "We use your data to make suggestions."),
        (
            "# Use",
            "We use your data to make suggestions.",
            "Starting 3 November 2025 we and our affiliates will use members' profile details and public posts to train content-generating AI models.",
        ),
    ),
    (
        "en",
        "help",
        ("# Grok", "Open Settings, then Privacy."),
        ("# Grok", "Open Settings, then Privacy.", 'Uncheck the box "Allow your posts to be used for training".'),
    ),
    (
        "en",
        "policy",
        ("# Models", "We build search models from usage."),
        (
            "# Models",
            "We build search models from usage.",
            'To exclude your workspace from our global models, your org owner should email feedback@example.org with the subject "Global model opt-out request".',
        ),
    ),
    (
        "en",
        "policy",
        ("# Content analysis", "You may opt out of having your content analysed for product improvement."),
        ("# Content analysis", "Content stored in our cloud is analysed for product improvement."),
    ),
    (
        "en",
        "policy",
        (
            "# AI",
            "We will not use audio, video or chat customer content to train our artificial intelligence models without your consent.",
        ),
        ("# AI", "We will not use audio, video or chat customer content to train our artificial intelligence models."),
    ),
    (
        "en",
        "policy",
        ("# Public", "Public posts can be seen by everyone."),
        (
            "# Public",
            "Public posts can be seen by everyone.",
            "Companies that license our data API may use public posts to develop large language models.",
        ),
    ),
    (
        "en",
        "policy",
        (
            "# Rights",
            "To object to how we process your information, [fill in this form](https://example.org/contact/111111).",
        ),
        (
            "# Rights",
            "To object to how we process your information, [fill in this form](https://example.org/contact/222222).",
        ),
    ),
    (
        "en",
        "policy",
        ("# Object", "You can object to the use of your posts at any time."),
        ("# Object", "You must object before 27 May 2025 for your posts to be left out."),
    ),
    (
        "en",
        "policy",
        ("# AI", "We do not use content from people under 18 to train our models."),
        ("# AI", "We do not use content from people under 16 to train our models."),
    ),
    (
        "en",
        "policy",
        ("# Your choices", "- Delete your history."),
        ("# Your choices", "- Delete your history.", "- Tell us not to use your chats to improve our AI."),
    ),
    (
        "en",
        "help",
        ("# How can I object?", "1. Go to Settings.", "1. Press Privacy."),
        ("# How can I object?", "1. Go to Settings.", "1. Press Privacy.", "1. Enter the code we sent you by email."),
    ),
    (
        "en",
        "help",
        ("# Stop us training on your chats", "Go to Settings > Data controls and turn off Model improvement."),
        ("# Stop us training on your chats", "Go to Profile > Privacy > Data controls and turn off Model improvement."),
    ),
    (
        "en",
        "policy",
        ("# Legal bases", "- Providing the product: contract", "- Building AI: consent"),
        ("# Legal bases", "- Providing the product: contract", "- Building AI: legitimate interests"),
    ),
    (
        "en",
        "policy",
        ("# Objecting", "Use the form to object to AI training.", "We will confirm by e-mail within a day."),
        ("# Objecting", "Use the form to object to AI training."),
    ),
    (
        "en",
        "policy",
        ("# Objection", "Anyone can use the objection form."),
        (
            "# Objection",
            "People who live in the European Union, the United Kingdom or Brazil can use the objection form.",
        ),
    ),
    (
        "en",
        "policy",
        ("# Site owners", "Write to us."),
        (
            "# Site owners",
            "Write to us.",
            "To keep our crawler from using your site for AI training, disallow ExampleBot in robots.txt.",
        ),
    ),
    (
        "de",
        "policy",
        ("# Rechte", "Du hast Rechte."),
        (
            "# Rechte",
            "Du hast Rechte.",
            "Widersprich der Nutzung deiner Beiträge über das [Widerspruchsformular](https://example.org/contact/1234567).",
        ),
    ),
    (
        "de",
        "policy",
        ("# KI", "Wir nutzen deine Angaben für Vorschläge."),
        ("# KI", "Wir nutzen deine Angaben für Vorschläge und zum Trainieren unserer KI-Modelle."),
    ),
    (
        "de",
        "policy",
        ("# Widerspruch", "Du kannst jederzeit widersprechen."),
        ("# Widerspruch", "Du kannst bis zum 26. Mai 2025 widersprechen."),
    ),
    (
        "de",
        "policy",
        ("# Wahl", "Sie haben die Wahl."),
        (
            "# Wahl",
            "Sie haben die Wahl.",
            "Wenn Sie nicht möchten, dass Ihre Inhalte zur Verbesserung unserer KI verwendet werden, deaktivieren Sie die Einstellung.",
        ),
    ),
    (
        "fr",
        "policy",
        ("# Droits", "Vous avez des droits."),
        (
            "# Droits",
            "Vous avez des droits.",
            "Vous pouvez vous opposer à l’utilisation de vos publications pour entraîner nos modèles d’IA.",
        ),
    ),
    (
        "fr",
        "policy",
        ("# Droits", "Pour exercer votre droit d’opposition, remplissez le formulaire."),
        ("# Droits", "Écrivez-nous."),
    ),
    (
        "fr",
        "policy",
        ("# IA", "Nous entraînons nos modèles d’IA avec les contenus publics des adultes."),
        ("# IA", "Nous entraînons nos modèles d’IA avec les contenus publics des adultes et des mineurs."),
    ),
    (
        "es",
        "policy",
        ("# Derechos", "Tienes derechos."),
        ("# Derechos", "Tienes derechos.", "Puedes oponerte a que usemos tus publicaciones para entrenar la IA."),
    ),
    (
        "es",
        "policy",
        (
            "# Derechos",
            "Para ejercer tu derecho de oposición, usa [este formulario](https://example.org/contact/1112223).",
        ),
        (
            "# Derechos",
            "Para ejercer tu derecho de oposición, usa [este formulario](https://example.org/portal/privacidad).",
        ),
    ),
    (
        "es",
        "policy",
        ("# IA", "Hay opciones."),
        (
            "# IA",
            "Hay opciones.",
            "Desactiva la opción para que no usemos tus conversaciones para mejorar nuestros modelos.",
        ),
    ),
    (
        "it",
        "policy",
        ("# Diritti", "Hai dei diritti."),
        (
            "# Diritti",
            "Hai dei diritti.",
            "Puoi opporti all’uso dei tuoi contenuti per l’addestramento dell’IA compilando il modulo.",
        ),
    ),
    (
        "it",
        "policy",
        ("# Diritti", "Hai dei diritti."),
        ("# Diritti", "Hai dei diritti.", "Puoi revocare il consenso in qualsiasi momento."),
    ),
    (
        "nl",
        "policy",
        ("# Rechten", "Je hebt rechten."),
        (
            "# Rechten",
            "Je hebt rechten.",
            "Je kunt bezwaar maken tegen het gebruik van je berichten voor het trainen van AI.",
        ),
    ),
    (
        "nl",
        "policy",
        ("# AI", "Je kiest."),
        (
            "# AI",
            "Je kiest.",
            "Zet de schakelaar uit als je niet wilt dat wij je gesprekken gebruiken om onze modellen te verbeteren.",
        ),
    ),
    (
        "pl",
        "policy",
        ("# Prawa", "Masz prawa."),
        (
            "# Prawa",
            "Masz prawa.",
            "Możesz wnieść sprzeciw wobec wykorzystania Twoich treści do trenowania sztucznej inteligencji.",
        ),
    ),
    ("pl", "policy", ("# Prawa", "Masz prawa."), ("# Prawa", "Masz prawa.", "Zgodę możesz wycofać w każdej chwili.")),
    (
        "pt",
        "policy",
        ("# Direitos", "Você tem direitos."),
        ("# Direitos", "Você tem direitos.", "Você pode se opor ao uso das suas publicações para treinar a IA."),
    ),
    (
        "pt",
        "policy",
        ("# IA", "Usamos dados para sugestões."),
        ("# IA", "Usamos dados para sugestões e para o treinamento de modelos de inteligência artificial."),
    ),
    (
        "pt",
        "policy",
        ("# IA", "Há opções."),
        (
            "# IA",
            "Há opções.",
            "Desative a opção se não quiser que suas conversas sejam usadas para melhorar nossos modelos.",
        ),
    ),
    (
        "fr",
        "policy",
        ("# Choix", "Vous avez le choix."),
        ("# Choix", "Vous avez le choix.", "Désactivez l’option « Améliorer le modèle » dans les paramètres."),
    ),
)
DIGEST = (
    (
        "en",
        "policy",
        ("# Ads", "You can opt out of personalised ads."),
        ("# Ads", "You can opt out of personalised ads in the ad centre."),
    ),
    (
        "en",
        "policy",
        ("# Features", "Search finds posts."),
        ("# Features", "Search finds posts.", "Our AI assistant can now summarise long threads."),
    ),
    (
        "en",
        "help",
        ("# Memory", "Memory is on."),
        ("# Memory", "Memory is on.", "You can turn off memory in settings."),
    ),
    ("en", "policy", ("# Contact", "Write to us."), ("# Contact", "Write to us or to our data protection officer.")),
    (
        "en",
        "policy",
        ("# Assistant", "We store your prompts for 30 days."),
        ("# Assistant", "We store your prompts for 30 days and learn from them to make the assistant better."),
    ),
    (
        "en",
        "policy",
        ("# Third party information", "If your information appears in answers of our assistant, write to us."),
        (
            "# Third party information",
            "If your information appears in answers of our assistant, use [this form to ask for its removal](https://example.org/help/contact/99887766).",
        ),
    ),
    (
        "en",
        "policy",
        ("# Data", "We respect you."),
        ("# Data", "We respect you.", "Your images may become part of datasets from which generative systems learn."),
    ),
    (
        "en",
        "policy",
        ("# Voice", "We keep recordings."),
        (
            "# Voice",
            "We keep recordings.",
            "Human reviewers listen to some recordings so that speech recognition gets better; you can turn this off.",
        ),
    ),
    (
        "en",
        "policy",
        ("# Choice", "You have choices."),
        (
            "# Choice",
            "You have choices.",
            "If you don't want your photos to be used this way, let us know through the privacy portal.",
        ),
    ),
    (
        "en",
        "policy",
        ("# Disputes", "Disputes go to arbitration."),
        ("# Disputes", "Disputes go to arbitration. You may opt out of arbitration within 30 days."),
    ),
)
NONE = (
    ("en", "policy", ("# Keep", "Backups live for 30 days."), ("# Keep", "Backups live for 60 days.")),
    (
        "en",
        "policy",
        ("# AI", "We use your publc posts to train our AI models."),
        ("# AI", "We use your public posts to train our AI models."),
    ),
    (
        "en",
        "policy",
        ("# AI", "Hi there.", "Contact us in English."),
        ("# AI", "Hi there.", "Contact us in English or Irish."),
    ),
    (
        "en",
        "policy",
        ("# AI", "We analyze your posts to train and personalize our AI models, in the Privacy Center."),
        ("# AI", "We analyse your posts to train and personalise our AI models, in the Privacy Centre."),
    ),
    (
        "en",
        "policy",
        ("# People", "We hire well."),
        ("# People", "We hire well and train our staff to handle your data with care."),
    ),
    (
        "de",
        "policy",
        ("# KI", "Wir trainieren unsere KI-Modelle mit öffentlichen Beiträgen."),
        ("# KI", "Wir trainieren unsere KI-Modelle mit „öffentlichen“ Beiträgen."),
    ),
    ("de", "policy", ("# Rest", "Das Büro ist offen."), ("# Rest", "Das Büro ist montags offen.")),
    (
        "en",
        "policy",
        ("# Law", "We work with courts."),
        ("# Law", "We work with courts and object to requests that are too broad."),
    ),
)


def level(language: str, kind: str, before: tuple[str, ...], after: tuple[str, ...]) -> Level:
    page = Page(id=PageId("p"), url="https://example.org/page", kind=PageKind(kind))
    old, new = document(*before, language=language), document(*after, language=language)
    return judge(page, compare(old, new), new, Reader(LEXICONS, language)).verdict.level


@pytest.mark.parametrize(("language", "kind", "before", "after"), ALERT)
def test_news_about_the_way_out_is_told_at_once(
    language: str, kind: str, before: tuple[str, ...], after: tuple[str, ...]
) -> None:
    assert level(language, kind, before, after) is Level.ALERT


@pytest.mark.parametrize(("language", "kind", "before", "after"), DIGEST)
def test_what_is_only_near_the_way_out_is_a_line_in_the_digest(
    language: str, kind: str, before: tuple[str, ...], after: tuple[str, ...]
) -> None:
    assert level(language, kind, before, after) is Level.DIGEST


@pytest.mark.parametrize(("language", "kind", "before", "after"), NONE)
def test_other_changes_wake_nobody(language: str, kind: str, before: tuple[str, ...], after: tuple[str, ...]) -> None:
    assert level(language, kind, before, after) is Level.NONE
