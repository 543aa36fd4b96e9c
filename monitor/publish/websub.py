"""A ping to a WebSub hub after publication, so that readers of feeds hear of news at once: best effort, no more.

Comes in: which files changed. Goes out: one request a round, whose failing is logged and changes nothing; readers that
do not use the hub ask for themselves. Source: WebSub (W3C Recommendation, 23 January 2018), section 6.
"""

import logging
import re
from dataclasses import dataclass

import requests

from monitor.ports import Published, Publisher
from monitor.render.place import Place

LOG = logging.getLogger(__name__)
TIMEOUT = (3.05, 5.0)  # seconds to connect, to read: publication must not wait for somebody else's program
MOST_TOPICS = 100  # feeds in one ping; those of everything, services and levels come first by their names
_SUBSCRIBED = re.compile(r"feeds/[a-z]+(?:/[a-z0-9_-]+)?\.(?:rss|atom|json)")
_ARCHIVED = re.compile(r"/\d+-\d+\.")


@dataclass(frozen=True, slots=True)
class Pinged:
    """A publisher whose changed feeds are told to the hub of a place; it returns what the publisher returns.

    `timeout` is seconds to connect and to read.
    """

    publisher: Publisher
    place: Place
    timeout: tuple[float, float] = TIMEOUT

    def __call__(self, record: Published) -> tuple[str, ...]:
        """Publish, then ping."""
        changed = self.publisher(record)
        topics = [path for path in changed if _SUBSCRIBED.fullmatch(path) and not _ARCHIVED.search(path)]
        if self.place.hub and topics:
            self._ping(sorted(topics, key=lambda path: (path.count("/"), "/page/" in path, path))[:MOST_TOPICS])
        return changed

    def _ping(self, topics: list[str]) -> None:
        told = [("hub.mode", "publish"), *(("hub.url", self.place.url(topic)) for topic in topics)]
        try:
            with requests.Session() as session:
                session.trust_env = False  # only settings read the environment
                answer = session.post(self.place.hub, data=told, timeout=self.timeout, allow_redirects=False)
        except requests.RequestException as error:
            LOG.warning("the WebSub hub %s was not reached: %s", self.place.hub, error)
            return
        if not 200 <= answer.status_code < 300:
            LOG.warning("the WebSub hub %s answered %d", self.place.hub, answer.status_code)
