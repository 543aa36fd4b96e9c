"""Words of page furniture, as data."""

import re

COOKIE_DIALOG = re.compile(
    r"\bcookies?\b|\bcookie-|tracking technolog|tracking-technolog|kakor|ciasteczk|pliki? cookie", re.IGNORECASE
)

# Names that languages give themselves, folded: the entries of language lists.
LANGUAGE_NAMES = frozenset(
    name.strip().casefold()
    for name in """
    Afrikaans, العربية, Azərbaycan, Bahasa Indonesia, Bahasa Melayu, বাংলা, Bosanski, Български, Català, Čeština, Cymraeg,
    Dansk, Deutsch, Eesti, Ελληνικά, English, Español, Euskara, فارسی, Filipino, Français, Gaeilge, Galego, ગુજરાતી, עברית,
    हिन्दी, Hrvatski, Íslenska, Italiano, 日本語, ಕನ್ನಡ, 한국어, Kiswahili, Latviešu, Lietuvių, Magyar, Македонски, മലയാളം,
    मराठी, Melayu, Nederlands, Norsk, Norsk bokmål, Polski, Português, ਪੰਜਾਬੀ, Română, Русский, Shqip, Slovenčina,
    Slovenščina, Српски, Suomi, Svenska, தமிழ், తెలుగు, ไทย, Tiếng Việt, Türkçe, Українська, اردو, 中文, 简体中文, 繁體中文
    """.split(",")
)
