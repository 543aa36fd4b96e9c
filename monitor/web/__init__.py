"""The public doors: static site, subscribing and leaving, search, events of the mail service. No rules of its own.

    app = web_app(world, front)

Every route is closed unless `app.PUBLIC` names it.
"""

from monitor.web.app import web_app
from monitor.web.front import Front

__all__ = ["Front", "web_app"]
