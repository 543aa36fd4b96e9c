"""The templates of mails, as text: quiet rooms read no disk, so they are Python.

Escaping happens here and nowhere else: `HTML` is rendered with autoescape, `TEXT` without. Both parts say the same, in
words that come in as `say`. Styles are few and stand in the head: clients that drop them still show a readable page,
and `ins` and `del` keep their meaning without colours.
"""

STYLE = """
:root { color-scheme: light dark; supported-color-schemes: light dark; }
body { margin: 0; padding: 0; background: #f4f5f7; color: #1c1e21;
  font: 16px/1.5 -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
.sheet { max-width: 600px; margin: 0 auto; background: #ffffff; }
.inner { padding: 20px 24px 24px; overflow-wrap: anywhere; word-break: break-word; }
h1 { font-size: 22px; line-height: 1.3; margin: 4px 0 12px; }
h2 { font-size: 17px; line-height: 1.35; margin: 28px 0 8px; }
h3 { font-size: 15px; margin: 16px 0 4px; }
p { margin: 0 0 12px; }
ol, ul { margin: 0 0 12px; padding-left: 24px; }
li { margin: 0 0 6px; }
a { color: #0b57d0; }
.over { font-size: 13px; letter-spacing: .02em; color: #5b6066; margin: 0; }
.trail { font-size: 13px; color: #5b6066; margin: 0 0 6px; }
.quote { margin: 0 0 10px; padding: 8px 12px; border-left: 4px solid #b9bec5; background: #f6f7f9; }
.side { display: block; font-size: 12px; font-weight: bold; color: #5b6066; margin-bottom: 2px; }
.was { border-left-color: #b3261e; }
.is { border-left-color: #146c2e; }
del { background: #fbdcd9; color: #7d120b; text-decoration: line-through; padding: 0 2px; border-radius: 2px; }
ins { background: #d5f2dc; color: #0a4a1d; text-decoration: underline; padding: 0 2px; border-radius: 2px; }
.note { padding: 10px 12px; background: #fff6dc; border-radius: 6px; color: #4a3500; }
.proof { font-size: 13px; line-height: 1.5; color: #44484d; padding-left: 18px; }
.story { border-top: 1px solid #d8dbdf; padding-top: 16px; }
.button { display: inline-block; padding: 10px 16px; border-radius: 6px; background: #0b57d0; color: #ffffff;
  text-decoration: none; font-weight: bold; }
.foot { border-top: 1px solid #d8dbdf; margin-top: 28px; padding-top: 12px; font-size: 13px; color: #5b6066; }
@media (max-width: 400px) { .inner { padding: 16px 14px 20px; } h1 { font-size: 20px; } }
@media (prefers-color-scheme: dark) {
  body { background: #111315; color: #e6e8ea; }
  .sheet { background: #1a1d20; }
  a { color: #8ab4f8; }
  .over, .trail, .side, .foot { color: #a9afb6; }
  .proof { color: #c0c5ca; }
  .story { border-top-color: #3a3f45; }
  .quote { background: #22262a; border-left-color: #545a61; }
  .was { border-left-color: #f2837b; }
  .is { border-left-color: #7fcf95; }
  del { background: #5a1a16; color: #ffd9d5; }
  ins { background: #123f1f; color: #cdf3d6; }
  .note { background: #3a3010; color: #f7e3ac; }
  .button { background: #8ab4f8; color: #0b1d3a; }
  .foot { border-top-color: #3a3f45; }
}
"""

_HTML_PARTS = """
{% macro told(story) %}
{% for passage in story.passages %}
{% if passage.trail %}
<p class="trail">{{ passage.trail }}</p>
{% endif %}
<div class="quote was" lang="{{ story.language }}" dir="auto"><span class="side">{{ say.before }}</span>
{% for edit in passage.before %}
{% if edit is changed %}<del>{{ edit.text }}</del>{% else %}{{ edit.text }}{% endif %}
{% else %}
<em>{{ say.not_there }}</em>
{% endfor %}
</div>
<div class="quote is" lang="{{ story.language }}" dir="auto"><span class="side">{{ say.after }}</span>
{% for edit in passage.after %}
{% if edit is changed %}<ins>{{ edit.text }}</ins>{% else %}{{ edit.text }}{% endif %}
{% else %}
<em>{{ say.not_there }}</em>
{% endfor %}
</div>
{% endfor %}
{% if story.more %}
<p class="trail">{{ story.more }}</p>
{% endif %}
{% if story.differences %}
<h3>{{ say.differences }}</h3>
<ul>
{% for line in story.differences %}
<li dir="auto">{{ line }}</li>
{% endfor %}
</ul>
{% endif %}
{% if story.meaning %}
<h3>{{ say.meaning }}</h3>
<p class="note">{{ story.meaning }}</p>
{% endif %}
{% endmacro %}
{% macro address(target) %}
{% if target|link %}<a href="{{ target|link }}">{{ target }}</a>{% else %}{{ target }}{% endif %}
{% endmacro %}
{% macro way(story) %}
{% for path, target in story.way.starts %}
<p>{{ say.start }} <bdi>{{ path }}</bdi>{% if path and target %}: {% endif %}{{ address(target) }}</p>
{% endfor %}
{% if story.way.steps %}
<ol lang="{{ story.language }}">
{% for step in story.way.steps %}
<li dir="auto">{{ step }}</li>
{% endfor %}
</ol>
{% endif %}
{% if story.way.forms %}
<p>{{ say.forms }}</p>
<ul>
{% for words, target in story.way.forms %}
<li dir="auto">{% if words %}{{ words }}: {% endif %}{{ address(target) }}</li>
{% endfor %}
</ul>
{% endif %}
{% if story.way.demands %}
<ul>
{% for line in story.way.demands %}
<li dir="auto">{{ line }}</li>
{% endfor %}
</ul>
{% endif %}
{% if not story.way %}
<p>{{ say.no_way }} {{ address(story.page_url) }}</p>
{% endif %}
{% endmacro %}
{% macro proof(story) %}
<ul class="proof">
<li>{{ say.page }} {{ story.page }}, {{ address(story.page_url) }}</li>
{% for line in story.proof %}
<li>{{ line }}</li>
{% endfor %}
</ul>
{% endmacro %}
"""

HTML = (
    _HTML_PARTS
    + """\
<!DOCTYPE html>
<html lang="{{ language }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{{ subject }}</title>
<style>{{ style|safe }}</style>
</head>
<body>
<div class="sheet" role="article" aria-label="{{ subject }}"><div class="inner">
{% if heading %}
<p class="over">{{ name }}</p>
<h1>{{ heading }}</h1>
<h2>{{ say.contents }}</h2>
<ol>
{% for story in stories %}
<li><a href="#story-{{ loop.index }}">{{ story.title }}</a></li>
{% endfor %}
</ol>
{% for story in stories %}
<h2 class="story" id="story-{{ loop.index }}">{{ story.title }}</h2>
{{ told(story) }}
<p><a href="{{ story.permalink }}">{{ say.whole }}</a><br><span class="over">{{ story.permalink }}</span></p>
{{ proof(story) }}
{% endfor %}
{% else %}
{% for story in stories %}
<p class="over">{{ story.service }}{% if story.region %} · {{ story.region }}{% endif %}</p>
<h1>{{ story.title }}</h1>
{{ told(story) }}
<h2>{{ say.way }}</h2>
{{ way(story) }}
<p><a class="button" href="{{ story.permalink }}">{{ say.whole }}</a></p>
<p class="over">{{ story.permalink }}</p>
<h2>{{ say.proof }}</h2>
{{ proof(story) }}
{% endfor %}
{% endif %}
<div class="foot">
<p>{{ say.why }}</p>
<p><a href="{{ reader.leave }}">{{ say.leave }}</a>
{% if reader.preferences %} · <a href="{{ reader.preferences }}">{{ say.preferences }}</a>{% endif %}</p>
<p>{{ name }}: <a href="{{ site }}">{{ site }}</a>{% if imprint %}<br>{{ imprint }}{% endif %}</p>
<p>{{ say.no_tracker }}</p>
</div>
</div></div>
</body>
</html>
"""
)

_TEXT_PARTS = """
{% macro told(story) %}
{% for passage in story.passages %}
{% if passage.trail %}
{{ passage.trail|wrap }}

{% endif %}
{{ say.before }}
{{ (passage.before|marks("[-", "-]") or say.not_there)|wrap("    ") }}
{{ say.after }}
{{ (passage.after|marks("{+", "+}") or say.not_there)|wrap("    ") }}

{% endfor %}
{% if story.more %}
{{ story.more }}
{% endif %}
{% if story.passages %}
{{ say.legend }}
{% endif %}

{% if story.differences %}
{{ say.differences }}:
{% for line in story.differences %}
{{ line|wrap("  * ", "    ") }}
{% endfor %}

{% endif %}
{% if story.meaning %}
{{ say.meaning }}:
{{ story.meaning|wrap }}

{% endif %}
{% endmacro %}
{% macro way(story) %}
{% for path, target in story.way.starts %}
{{ say.start }} {{ path }}{% if path and target %}: {% endif %}{{ target }}
{% endfor %}
{% for step in story.way.steps %}
{{ step|wrap("%3d. "|format(loop.index), "     ") }}
{% endfor %}
{% if story.way.forms %}
{{ say.forms }}
{% endif %}
{% for words, target in story.way.forms %}
  * {% if words %}{{ words }}: {% endif %}{{ target }}
{% endfor %}
{% for line in story.way.demands %}
{{ line|wrap("  * ", "    ") }}
{% endfor %}
{% if not story.way %}
{{ say.no_way|wrap }}
{{ story.page_url }}
{% endif %}
{% endmacro %}
{% macro proof(story) %}
{{ say.page }} {{ story.page }}, {{ story.page_url }}
{% for line in story.proof %}
{{ line|wrap("", "  ") }}
{% endfor %}
{% endmacro %}
{% macro under(line) %}
{{ line }}
{{ "-" * line|length }}
{% endmacro %}
"""

TEXT = (
    _TEXT_PARTS
    + """\
{% if heading %}
{{ heading|wrap }}

{{ under(say.contents) }}
{% for story in stories %}
{{ story.title|wrap("%3d. "|format(loop.index), "     ") }}
{% endfor %}
{% for story in stories %}

{{ under("%d. %s"|format(loop.index, story.title)) }}

{{ told(story) }}
{{ say.whole }}:
{{ story.permalink }}

{{ proof(story) }}
{% endfor %}
{% else %}
{% for story in stories %}
{{ story.title|wrap }}

{{ told(story) }}
{{ under(say.way) }}
{{ way(story) }}

{{ say.whole }}:
{{ story.permalink }}

{{ under(say.proof) }}
{{ proof(story) }}
{% endfor %}
{% endif %}

--
{{ say.why|wrap }}
{{ say.leave }}: {{ reader.leave }}
{% if reader.preferences %}
{{ say.preferences }}: {{ reader.preferences }}
{% endif %}
{{ name }}: {{ site }}
{% if imprint %}
{{ imprint }}
{% endif %}
{{ say.no_tracker }}
"""
)
