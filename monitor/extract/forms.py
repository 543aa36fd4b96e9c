"""Form controls: what a form asks for, under which label, and whether it must be answered."""

import re
from collections import defaultdict
from collections.abc import Iterable

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.extract.hints import Hint
from monitor.extract.pieces import Anchor
from monitor.model.document import Field
from monitor.text import clean

_CONTROLS = "input,select,textarea,[role=textbox],[role=combobox],[role=checkbox],[role=radio],[role=switch]"
_UNASKED = frozenset(("hidden", "image", "reset"))
_PRESSED = frozenset(("submit", "button"))
_CHOSEN = frozenset(("radio", "checkbox"))
# Elements that only name a control, so that their words are read with it; a heading stands for itself.
_LABELLING = frozenset(("span", "label", "b", "strong"))
_REQUIRED = re.compile(
    r"\s*(?:\*+|[(\[]\s*(?:required|mandatory|erforderlich|pflichtfeld|obligatoire|obligatorio|obbligatorio|"
    r"verplicht|wymagane|obrigatório)\s*[)\]])\s*$",
    re.IGNORECASE,
)
_TOKEN_NAMES = re.compile(r"csrf|xsrf|authenticity_token|^(?:lsd|jazoest|fb_dtsg|__\w+)$", re.IGNORECASE)


def add_controls(page: LexborHTMLParser, found: dict[int, Hint]) -> None:
    """Add to the hints what stands at each form control; the words of labels are then not read twice."""
    hidden = {identity for identity, hint in found.items() if hint.skip}
    shown = (node for node in _distinct(page.css(_CONTROLS)) if node.mem_id not in hidden)
    controls = [node for node in shown if not _unasked(node)]
    if not controls:
        return
    labels = {node.attributes.get("for"): node for node in reversed(page.css("label[for]"))}
    grouped = _groups(controls)
    for group in grouped:
        _place(page, group, labels, found)


def form_action(page: LexborHTMLParser) -> str:
    """Return where the first form that asks for something sends it, as written, or nothing."""
    for form in page.css("form"):
        if form.attributes.get("role") != "search" and any(not _unasked(node) for node in form.css(_CONTROLS)):
            return form.attributes.get("action") or ""
    return ""


def fields(page: LexborHTMLParser) -> tuple[Field, ...]:
    """Return every form control of a page, in reading order."""
    found: dict[int, Hint] = {}
    add_controls(page, found)
    return tuple(control for hint in found.values() for control, _ in hint.controls)


def _distinct(nodes: Iterable[LexborNode]) -> list[LexborNode]:
    return list({node.mem_id: node for node in nodes}.values())


def _unasked(node: LexborNode) -> bool:
    attributes = node.attributes
    return (attributes.get("type") or "").lower() in _UNASKED or bool(_TOKEN_NAMES.search(attributes.get("name") or ""))


def _groups(controls: list[LexborNode]) -> list[list[LexborNode]]:
    """Return controls by the question they answer: choices of one name together, all else alone."""
    groups: defaultdict[str, list[LexborNode]] = defaultdict(list)
    for node in controls:
        sort, name = _type(node), node.attributes.get("name") or ""
        groups[f"{sort} {name}" if sort in _CHOSEN and name else str(node.mem_id)].append(node)
    return list(groups.values())


def _place(
    page: LexborHTMLParser, group: list[LexborNode], labels: dict[str | None, LexborNode], found: dict[int, Hint]
) -> None:
    """Put a question's field where its first label or control stands, and leave its labels unread elsewhere."""
    caption = clean(group[0].attributes.get("value") or "")
    if _type(group[0]) in _PRESSED:
        found[group[0].mem_id] = Hint(skip=True, button=caption)
        return
    places = [(node, _label_node(node, labels)) for node in group]
    legend = _legend(group[0]) if len(group) > 1 else None
    control = (_choice if len(group) > 1 else _single)(page, places, legend)
    unread = [node for pair in places for node in pair if node is not None]
    unread += [other for node in group for other in _named_by(page, node) if other.tag in _LABELLING]
    for node in unread if legend is None else (legend, *unread):
        found.setdefault(node.mem_id, Hint()).skip = True
    anchors = tuple(anchor for _, label in places if label is not None for anchor in _anchors(label))
    first = legend if legend is not None else places[0][1] if places[0][1] is not None else group[0]
    found[first.mem_id].controls += ((control, anchors),)


def _type(node: LexborNode) -> str:
    if node.tag == "input":
        return (node.attributes.get("type") or "text").lower()
    return node.tag if node.tag in ("select", "textarea") else node.attributes.get("role") or "text"


def _single(page: LexborHTMLParser, places: list[tuple[LexborNode, LexborNode | None]], _legend: object) -> Field:
    """Return the field of a control that stands alone."""
    node, label = places[0]
    attributes = node.attributes
    words = _words(page, node, label)
    options = tuple(text for option in node.css("option") if (text := _text(option))) if node.tag == "select" else ()
    value = _text(node) if node.tag == "textarea" else clean(attributes.get("value") or "")
    return Field(
        name=attributes.get("name") or attributes.get("id") or "",
        label=_REQUIRED.sub("", words),
        type=_type(node),
        required=_required(node) or bool(_REQUIRED.search(words)),
        prefilled="" if _type(node) in _CHOSEN else value,
        options=options,
    )


def _choice(
    page: LexborHTMLParser, places: list[tuple[LexborNode, LexborNode | None]], legend: LexborNode | None
) -> Field:
    """Return the field of several choices that answer one question."""
    first = places[0][0]
    words = _text(legend) if legend is not None else ""
    return Field(
        name=first.attributes.get("name") or "",
        label=_REQUIRED.sub("", words),
        type=_type(first),
        required=any(_required(node) for node, _ in places) or bool(_REQUIRED.search(words)),
        options=tuple(_words(page, node, label) for node, label in places),
    )


def _required(node: LexborNode) -> bool:
    attributes = node.attributes
    return "required" in attributes or (attributes.get("aria-required") or "").lower() == "true"


def _legend(node: LexborNode) -> LexborNode | None:
    """Return the legend of the fieldset that encloses a control."""
    above = node.parent
    while above is not None and above.tag not in ("fieldset", "form", "body"):
        above = above.parent
    return above.css_first("legend") if above is not None and above.tag == "fieldset" else None


def _label_node(node: LexborNode, labels: dict[str | None, LexborNode]) -> LexborNode | None:
    """Return the label element of a control: the one that names it, else the one around it."""
    name = node.attributes.get("id")
    if name and name in labels:
        return labels[name]
    above = node.parent
    while above is not None and above.tag not in ("label", "form", "body"):
        above = above.parent
    return above if above is not None and above.tag == "label" else None


def _words(page: LexborHTMLParser, node: LexborNode, label: LexborNode | None) -> str:
    """Return what a control is called: by its label, by ARIA, or by what stands in it while it is empty."""
    attributes = node.attributes
    if label is not None and (text := _text(label, without=node)):
        return text
    named = " ".join(_text(other) for other in _named_by(page, node)).strip()
    if named:
        return named
    return clean(attributes.get("aria-label") or attributes.get("placeholder") or attributes.get("title") or "")


def _named_by(page: LexborHTMLParser, node: LexborNode) -> list[LexborNode]:
    """Return the elements whose words name a control."""
    names = (node.attributes.get("aria-labelledby") or "").split()
    found = [page.css_first(f'[id="{name}"]') for name in names if not set(name) & set('"\\')]
    return [other for other in found if other is not None]


def _text(node: LexborNode, without: LexborNode | None = None) -> str:
    """Return the words of an element; those of a control inside it (options, prefilled text) are left out."""
    if without is None or without.tag not in ("select", "textarea"):
        return clean(node.text(deep=True, separator=" "))
    inside = {text.mem_id for text in without.traverse(include_text=True)}
    parts = [text.text_content or "" for text in node.traverse(include_text=True) if text.mem_id not in inside]
    return clean(" ".join(parts))


def _anchors(label: LexborNode) -> tuple[Anchor, ...]:
    return tuple(Anchor(_text(link), link.attributes.get("href") or "") for link in label.css("a[href]"))
