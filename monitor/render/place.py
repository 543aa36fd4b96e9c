"""Where what we publish stands: addresses of everything that can be linked to, and names that outlive addresses."""

import re
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from urllib.parse import urlsplit

from monitor.model.alert import AlertId
from monitor.model.page import PageId, ServiceId
from monitor.render.safe import link, one_line

_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
_NOT_SLUG = re.compile(r"[^a-z0-9_-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One published site: its base address, the name on it, who answers for it.

    `authority` is the tagging entity of our ids (RFC 4151). It is no host on purpose: ids must survive a move of the
    site, so it is set once and never changed. `hub` is a WebSub hub's address, `contact` a mail or web address,
    `subscribe` the address of the form for mails; each may be empty.
    """

    base_url: str
    name: str = "Optout Monitor"
    authority: str = "optout-monitor,2025"
    hub: str = ""
    contact: str = ""
    imprint: str = ""
    subscribe: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "base_url", self.base_url.rstrip("/") + "/")
        object.__setattr__(self, "name", one_line(self.name))

    def url(self, path: str = "") -> str:
        """Return the absolute address of a path of the site."""
        return self.base_url + path

    def subscribe_in(self, folder: str) -> str:
        """Return the address of the form in the language of a folder, where the form is the site's own."""
        own = self.url("subscribe/")
        return self.url(f"{folder}subscribe/") if self.subscribe == own else self.subscribe

    @property
    def contact_link(self) -> str:
        """Return the contact as a link, or an empty string."""
        return link(self.contact) or link(f"mailto:{self.contact}")

    @property
    def prefix(self) -> str:
        """Return the path that the site stands under, with a slash at both ends."""
        return urlsplit(self.base_url).path or "/"

    def change(self, alert: AlertId) -> str:
        """Return the permalink of a published change."""
        return self.url(change_path(alert))

    def tag(self, *names: str) -> str:
        """Return a `tag:` URI: an id that says nothing of title, time or host."""
        return f"tag:{self.authority}:{':'.join(names)}"


def change_path(alert: AlertId) -> str:
    """Return the path of a change's page."""
    return f"changes/{slug(alert)}/"


def page_path(page: PageId) -> str:
    """Return the path of a watched page's page."""
    return f"pages/{slug(page)}/"


def service_anchor(service: ServiceId) -> str:
    """Return the fragment under which the start page tells about a service."""
    return f"service-{slug(service)}"


@lru_cache(maxsize=4096)
def slug(id: str) -> str:
    """Return an id as one path segment: itself where it is fit, otherwise what is fit of it and a digest."""
    if _SLUG.fullmatch(id):
        return id
    fit = _NOT_SLUG.sub("-", id.lower()).strip("-_")[:60]
    return f"{fit or 'id'}-{sha256(id.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
