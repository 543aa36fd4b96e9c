"""What readers see for our own choices: kinds, levels, aspects, differences, marked for translation."""

from collections.abc import Mapping

from monitor.model.alert import AlertState
from monitor.model.page import PageKind
from monitor.model.procedure import DifferenceKind
from monitor.model.verdict import Aspect, Kind, Level


def msg(message: str) -> str:
    """Return the message itself; the call marks it for the catalogues."""
    return message


KINDS: Mapping[Kind, str] = {
    Kind.FIRST: msg("first reading"),
    Kind.SAME: msg("no change"),
    Kind.NOISE: msg("no change of meaning"),
    Kind.FLAP: msg("an earlier text again"),
    Kind.CAPTURE: msg("not the page as it is"),
    Kind.SUBSTANTIVE: msg("meaning changed"),
    Kind.OPTOUT: msg("way out changed"),
    Kind.SIGNAL: msg("early signal from a feed"),
}

LEVELS: Mapping[Level, str] = {
    Level.ALERT: msg("told at once"),
    Level.DIGEST: msg("in the weekly digest"),
    Level.NONE: msg("not told"),
}

STATES: Mapping[AlertState, str] = {
    AlertState.HELD: msg("waits for confirmation"),
    AlertState.PENDING: msg("waits for review"),
    AlertState.APPROVED: msg("approved"),
    AlertState.DISMISSED: msg("dismissed"),
    AlertState.PUBLISHED: msg("published"),
    AlertState.CORRECTED: msg("corrected later"),
}

ASPECTS: Mapping[Aspect, str] = {
    Aspect.RIGHT_TO_OBJECT: msg("right to object"),
    Aspect.AI_TRAINING_USE: msg("use for AI training"),
    Aspect.DATA_CATEGORIES: msg("kinds of data"),
    Aspect.EXCLUSIONS: msg("exclusions"),
    Aspect.DEADLINE: msg("deadline"),
    Aspect.ELIGIBILITY: msg("who may object"),
    Aspect.STEP: msg("steps"),
    Aspect.FORM_LINK: msg("link to the form"),
    Aspect.FORM_FIELD: msg("fields of the form"),
    Aspect.SETTINGS_PATH: msg("place in the settings"),
    Aspect.CONSENT_WITHDRAWAL: msg("withdrawal of consent"),
    Aspect.SCOPE: msg("what an objection covers"),
    Aspect.LEGAL_BASIS: msg("legal basis"),
    Aspect.CONFIRMATION: msg("confirmation"),
}

PAGE_KINDS: Mapping[PageKind, str] = {
    PageKind.POLICY: msg("policy"),
    PageKind.FORM: msg("form"),
    PageKind.HELP: msg("help page"),
    PageKind.SETTINGS_GUIDE: msg("settings guide"),
    PageKind.TERMS: msg("terms"),
    PageKind.NEWS: msg("news"),
    PageKind.NOTICE: msg("notice to users"),
}

DIFFERENCES: Mapping[DifferenceKind, str] = {
    DifferenceKind.STEP_ADDED: msg("Step added"),
    DifferenceKind.STEP_REMOVED: msg("Step removed"),
    DifferenceKind.STEP_REWORDED: msg("Step reworded"),
    DifferenceKind.STEPS_REORDERED: msg("Steps reordered"),
    DifferenceKind.FORM_ADDED: msg("Form added"),
    DifferenceKind.FORM_REMOVED: msg("Form removed"),
    DifferenceKind.FORM_MOVED: msg("Form moved"),
    DifferenceKind.FIELD_ADDED: msg("Field added"),
    DifferenceKind.FIELD_REMOVED: msg("Field removed"),
    DifferenceKind.FIELD_REQUIRED: msg("Field now required"),
    DifferenceKind.FIELD_OPTIONAL: msg("Field now optional"),
    DifferenceKind.OPTIONS_CHANGED: msg("Choices changed"),
    DifferenceKind.DEADLINE_SET: msg("Deadline set"),
    DifferenceKind.DEADLINE_MOVED: msg("Deadline moved"),
    DifferenceKind.DEADLINE_LIFTED: msg("Deadline lifted"),
    DifferenceKind.LOGIN_CHANGED: msg("Sign-in changed"),
    DifferenceKind.NO_LONGER_OFFERED: msg("No longer offered in or to"),
    DifferenceKind.NOW_OFFERED: msg("Now also offered in or to"),
    DifferenceKind.ELIGIBILITY_CHANGED: msg("Who may object changed"),
    DifferenceKind.SCOPE_CHANGED: msg("What is covered changed"),
    DifferenceKind.CONFIRMATION_CHANGED: msg("Confirmation changed"),
    DifferenceKind.ENTRY_CHANGED: msg("Way in changed"),
}

# Languages by their own names, so that whoever speaks one finds it; others are shown by their code.
AUTONYMS: Mapping[str, str] = {
    "de": "Deutsch",
    "en": "English",
    "es": "Español",
    "fr": "Français",
    "it": "Italiano",
    "ja": "日本語",
    "nl": "Nederlands",
    "pl": "Polski",
    "pt": "Português",
    "sv": "Svenska",
    "tr": "Türkçe",
    "zh": "中文",
}


def language_name(code: str) -> str:
    """Return how a language (BCP 47) calls itself, with its region where one is named, or the code."""
    name = AUTONYMS.get(code.partition("-")[0].lower())
    region = code.partition("-")[2]
    return f"{name} ({region})" if name and region else name or code
