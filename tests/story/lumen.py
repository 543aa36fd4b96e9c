"""An invented policy of an invented service in the states that stories need."""

OBJECT = "You can object to our use of your posts for training AI at any time with the objection form."
FORM = '<a href="https://lumen.example/forms/object-17">objection form</a>'
MINORS = "We do not use private messages to train our AI models."
STEPS = "<ol><li>Open Settings.</li><li>Select Privacy.</li><li>Select Object to AI training.</li></ol>"

_FILLER = "".join(
    f"<h2>{title}</h2><p>{text}</p>"
    for title, text in (
        ("What we collect", "Lumen collects the posts you share, the pages you visit and the lamps you switch on."),
        ("How we use it", "We use this information to light your rooms, to mend faults and to keep Lumen safe."),
        ("How long we keep it", "We keep switching records for ninety days and then delete them from our servers."),
        ("Who else sees it", "Installers see the address of your house for as long as they work on your lamps."),
        ("How to reach us", "Write to Lumen Lighting, 4 Wick Lane, or ask in any of our shops on weekdays."),
    )
)


DEADLINE = "You must send your objection to AI training before 30 September 2026."
LOGIN = "To object to AI training you must now log in to your Lumen account."


def policy(*notices: str, minors: str = MINORS, footer: str = "") -> bytes:
    """Return the whole page as bytes; `notices` stand under the right to object."""
    said = "".join(f"<p>{text}</p>" for text in (OBJECT.replace("objection form", FORM), *notices))
    return (
        "<!doctype html><html lang=en><head><title>Lumen privacy policy</title></head><body><main>"
        f"<h1>Privacy policy</h1>{_FILLER}"
        f"<h2>AI at Lumen</h2><p>{minors}</p><h2>Your right to object</h2>{said}{STEPS}"
        f"</main><footer>{footer}</footer></body></html>"
    ).encode()


WALL = (
    b"<!doctype html><html lang=en><head><title>Log in</title></head><body><h1>Log in to Lumen</h1>"
    b"<p>You must log in to continue.</p><form><input type=email name=mail><input type=password name=word>"
    b"<button>Log in</button></form></body></html>"
)
