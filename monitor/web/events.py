"""Events of the mail service: believed by their signature, heard once."""

import logging

from starlette.responses import PlainTextResponse, Response

from monitor.pipeline.mail_events import hear
from monitor.publish.mail_events import SIGNATURE_HEADER, TIMESTAMP_HEADER, Doubt, Signed
from monitor.web.front import House, Visit

LOG = logging.getLogger(__name__)
_STATUS = {Doubt.TOO_LARGE: 413, Doubt.NOT_SIGNED: 403, Doubt.STALE: 403, Doubt.NOT_EVENTS: 400}


def events(visit: Visit, house: House) -> Response:
    """Hear what the service tells; every answer but 2xx makes it tell again later."""
    if house.front.believe is None:
        return PlainTextResponse("No events are taken here.\n", status_code=404)
    signed = Signed(
        body=visit.body,
        signature=visit.headers.get(SIGNATURE_HEADER.lower(), ""),
        timestamp=visit.headers.get(TIMESTAMP_HEADER.lower(), ""),
    )
    told = house.front.believe(signed, house.world.now())
    if isinstance(told, Doubt):
        LOG.warning("events of the mail service were not believed: %s", told)
        return PlainTextResponse(f"{told}\n", status_code=_STATUS[told])
    heard = hear(house.world, told)
    return PlainTextResponse(f"{heard.new} new\n")
