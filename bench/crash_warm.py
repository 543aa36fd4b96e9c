"""Imported by the fork server of `crash.py` alone: what every process would load and compile anew is there before."""

import monitor.fetch.http
import monitor.publish.websub
import monitor.store  # noqa: F401
from monitor.publish.languages import editions
from monitor.publish.pages import printer
from monitor.render.place import Place

for _edition in editions():
    _templates = printer(Place(base_url="http://127.0.0.1/"), _edition, editions(), {}).environment
    for _name in _templates.list_templates(filter_func=lambda name: not name.startswith("desk/")):
        _templates.get_template(_name)
