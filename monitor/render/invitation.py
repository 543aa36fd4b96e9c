"""The one mail that asks an address whether it wants to be written to: a wish and a link in, words out."""

from functools import lru_cache

from jinja2 import DictLoader, Environment, StrictUndefined

from monitor.model.subscriber import Asking, Topics
from monitor.model.verdict import Level
from monitor.render.mail import MailText
from monitor.render.mail_templates import STYLE
from monitor.render.place import Place
from monitor.render.safe import link as safe_link
from monitor.render.safe import one_line
from monitor.render.tongue import ENGLISH, Tongue

# Source: RFC 3834, section 5: so that no answering machine answers.
HEADERS = (("Auto-Submitted", "auto-generated"),)

_HTML = """<!doctype html>
<html lang="{{ language }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{{ subject }}</title>
<style>{{ style|safe }}</style>
</head>
<body>
<div class="sheet"><div class="inner">
<h1>{{ subject }}</h1>
<p>{{ asked }}</p>
<p>{{ topics }}</p>
<p><a class="button" href="{{ link }}">{{ confirm }}</a></p>
<p>{{ or_copy }}<br>{{ link }}</p>
<p>{{ ignore }}</p>
<div class="foot"><p>{{ name }} · {{ site }}{% if imprint %}<br>{{ imprint }}{% endif %}</p></div>
</div></div>
</body>
</html>
"""
_TEXT = """{{ asked }}

{{ topics }}

{{ confirm }}:
{{ link }}

{{ ignore }}

--{{ ' ' }}
{{ name }}
{{ site }}
{% if imprint %}{{ imprint }}
{% endif %}"""


def invitation_mail(asking: Asking, link: str, place: Place, tongue: Tongue = ENGLISH) -> MailText:
    """Return the mail that asks to confirm; it holds nothing that the person who filled in the form could write.

    Raises:
        ValueError: the link is no address.
    """
    if not safe_link(link):
        raise ValueError(f"not an address to confirm by: {link!r}")
    say, name = tongue.say, one_line(place.name)
    sheet = {
        "subject": say("Please confirm: alerts of %(site)s", site=name),
        "asked": say(
            "Somebody, hopefully you, asked that %(site)s writes to this address when the way to keep data out of AI"
            " training changes.",
            site=name,
        ),
        "topics": say("Asked for: %(topics)s.", topics=topics_line(asking.topics, tongue)),
        "confirm": say("Confirm"),
        "or_copy": say("Or copy this address into a browser:"),
        "ignore": say(
            "The link works once and for seven days. If it was not you, do nothing: you will not be written to, and"
            " the address is deleted after that time."
        ),
        "link": link,
        "name": name,
        "site": place.base_url,
        "imprint": one_line(place.imprint),
        "language": tongue.language,
        "style": STYLE,
    }
    html, text = _templates()
    return MailText(
        subject=str(sheet["subject"]),
        text=text.get_template("mail").render(sheet),
        html=html.get_template("mail").render(sheet),
        headers=HEADERS,
    )


def topics_line(topics: Topics, tongue: Tongue) -> str:
    """Return what was asked for as one line, by ids: they are short, and say what is kept."""
    chosen = one_line(", ".join(sorted((*topics.services, *topics.pages, *topics.languages))))
    often = tongue.say("at once") if topics.level is Level.ALERT else tongue.say("in a weekly digest")
    return f"{chosen or tongue.say('all services')}, {often}"


@lru_cache(maxsize=1)
def _templates() -> tuple[Environment, Environment]:
    html = Environment(loader=DictLoader({"mail": _HTML}), autoescape=True, undefined=StrictUndefined)
    text = Environment(loader=DictLoader({"mail": _TEXT}), autoescape=False, undefined=StrictUndefined)  # noqa: S701 - plain text
    return html, text
