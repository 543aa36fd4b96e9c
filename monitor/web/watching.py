"""For programs that watch over this one: is it alive, is it ready, and its numbers in the Prometheus text format.

Source: Prometheus text-based exposition format 0.0.4; the paths are those that Kubernetes and its kin ask by habit.
"""

import hmac
from collections.abc import Iterator
from importlib.metadata import version
from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse, Response

from monitor.model.errors import MonitorError
from monitor.pipeline.health import Gauges, gauges, ready
from monitor.web.allowance import client_key
from monitor.web.front import House, Visit

if TYPE_CHECKING:
    from prometheus_client import Metric

NEVER = {"Cache-Control": "no-store"}
HERE = frozenset(map(client_key, ("127.0.0.1", "::1")))


def healthy(visit: Visit, house: House) -> Response:
    """Say that the process answers; nothing outside is asked."""
    _ = visit, house
    return PlainTextResponse("alive\n", headers=NEVER)


def prepared(visit: Visit, house: House) -> Response:
    """Say whether database, evidence and site are there, and 503 with what is not."""
    _ = visit
    problems = [*ready(house.world)]
    if not house.front.public.is_dir():
        problems.append("the site was not written yet")
    return PlainTextResponse(
        "".join(f"{problem}\n" for problem in problems) or "ready\n",
        status_code=503 if problems else 200,
        headers=NEVER,
    )


def metrics(visit: Visit, house: House) -> Response:
    """Return the numbers, to whoever shows the token, or to programs of this machine when there is none."""
    if not _may_read(visit, house.front.metrics):
        return PlainTextResponse("These numbers are not public.\n", status_code=403, headers=NEVER)
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

    try:
        known = gauges(house.world)
    except MonitorError as error:
        return PlainTextResponse(f"{type(error).__name__}\n", status_code=503, headers=NEVER)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Told(known))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_PLAIN_0_0_4, headers=NEVER)


def _may_read(visit: Visit, token: str) -> bool:
    if not token:
        return visit.client in HERE
    shown = visit.headers.get("authorization", "").removeprefix("Bearer ").strip()
    return hmac.compare_digest(shown.encode(), token.encode())


class _Told:
    """The numbers of one moment, as metrics."""

    def __init__(self, known: Gauges) -> None:
        self._known = known

    def collect(self) -> "Iterator[Metric]":
        """Yield each metric with its samples."""
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily

        known = self._known
        for name, help_text, label, counts in (
            ("optout_checks", "Checks of pages by how they ended.", "outcome", known.checks),
            ("optout_checks_without_page", "Checks that brought no page, by why.", "why", known.misses),
        ):
            counter = CounterMetricFamily(name, help_text, labels=[label])
            for value, count in counts.items():
                counter.add_metric([str(value)], count)
            yield counter
        moments = {page: (known.now - at).total_seconds() for page, at in known.read.items()}
        for name, help_text, label, values in (
            ("optout_alerts", "Alerts by state.", "state", known.alerts),
            ("optout_messages", "Messages of the outbox by state.", "state", known.posts),
            ("optout_page_read_seconds", "Seconds since a page was last read.", "page", moments),
            ("optout_page_unread_checks", "Checks in a row that did not bring a page.", "page", known.unread),
        ):
            gauge = GaugeMetricFamily(name, help_text, labels=[label])
            for value, number in values.items():
                gauge.add_metric([str(value)], number)
            yield gauge
        yield GaugeMetricFamily(
            "optout_delivery_stopped", "Whether delivery waits for a maintainer.", value=known.delivery_stopped
        )
        yield InfoMetricFamily("optout_monitor", "This program.", value={"version": version("optout-monitor")})
