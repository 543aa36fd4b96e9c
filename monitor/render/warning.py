"""The mail that tells maintainers of a page that stays unread, or is read again: a problem in, words out."""

from functools import lru_cache

from jinja2 import DictLoader, Environment, StrictUndefined

from monitor.model.page import Page
from monitor.model.status import Problem
from monitor.render.facts import shortened
from monitor.render.mail import MailText
from monitor.render.mail_templates import STYLE
from monitor.render.place import Place, page_path
from monitor.render.safe import link, one_line
from monitor.render.tongue import utc

# Source: RFC 3834, section 5: so that no answering machine answers.
HEADERS = (("Auto-Submitted", "auto-generated"),)
_DETAIL_CHARS = 500

_HTML = """<!doctype html>
<html lang="en">
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
{% for line in lines %}
<p>{{ line }}</p>
{% endfor %}
<p>The page: {% if address %}<a href="{{ address }}">{{ address }}</a>{% else %}{{ url }}{% endif %}<br>
What readers see: <a href="{{ site_page }}">{{ site_page }}</a></p>
{% if steps %}
<p>What you can do:</p>
<ul>{% for step in steps %}<li>{{ step }}</li>{% endfor %}</ul>
{% endif %}
<div class="foot"><p>{{ why }}<br>{{ name }} · {{ site }}</p></div>
</div></div>
</body>
</html>
"""
_TEXT = """{% for line in lines %}
{{ line }}

{% endfor %}
The page: {{ url }}
What readers see: {{ site_page }}

{% if steps %}
What you can do:
{% for step in steps %}
- {{ step }}
{% endfor %}

{% endif %}
--{{ ' ' }}
{{ why }}
{{ name }}
{{ site }}
"""
_WHY = "You get this because your address is in OPTOUT_MAINTAINERS; one mail when it lasts, one when it is over."


def warning_mail(problem: Problem, page: Page, place: Place) -> MailText:
    """Return the mail about a problem: that it lasts, or that it is over when `problem.recovered` is set."""
    name = shortened(one_line(page.title or page.id), 100)
    over = problem.recovered is not None
    sheet = {
        "subject": f"{'Read again' if over else 'Not read'}: {name}",
        "lines": _lines(problem, name),
        "steps": () if over else _steps(page),
        "url": one_line(page.url),
        "address": link(page.url),
        "site_page": place.url(page_path(page.id)),
        "why": _WHY,
        "name": one_line(place.name),
        "site": place.base_url,
        "style": STYLE,
    }
    html, text = _templates()
    return MailText(
        subject=str(sheet["subject"]),
        text=text.get_template("mail").render(sheet),
        html=html.get_template("mail").render(sheet),
        headers=HEADERS,
    )


def _lines(problem: Problem, name: str) -> tuple[str, ...]:
    read = f"It was last read at {utc(problem.read)}." if problem.read else "It was never read before."
    came = f"What came instead: {shortened(problem.detail, _DETAIL_CHARS)}" if problem.detail else ""
    if problem.recovered is not None:
        return (
            f"{name} was read again at {utc(problem.recovered)}. It could not be read since {utc(problem.since)}.",
            "A change made in that time is judged as any other.",
        )
    said = (
        f"{name} could not be read since {utc(problem.since)}. {read}",
        came,
        "Changes made in this time are not seen. Readers are told so on the site and in the feed of problems.",
    )
    return tuple(filter(None, said))


def _steps(page: Page) -> tuple[str, ...]:
    return (
        f"Ask for it now and see what comes: optout-monitor check {page.id}",
        "Look at what came instead: the captures of the page are kept, those of a wall too.",
        "When it moved, or shows its words by a script only, change its url, recipe or fetcher in the watchlist.",
        "When the host refuses this program, ask more seldom (every) before anything else.",
    )


@lru_cache(maxsize=1)
def _templates() -> tuple[Environment, Environment]:
    text = Environment(
        loader=DictLoader({"mail": _TEXT}),
        autoescape=False,  # noqa: S701 - plain text
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return text.overlay(autoescape=True, loader=DictLoader({"mail": _HTML})), text
