"""Pages made for one visitor: never stored by anybody, never in a search engine."""

from collections.abc import Mapping

from starlette.responses import Response

from monitor.render.feeds import everything
from monitor.web.front import House

PRIVATE: Mapping[str, str] = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


def shown(
    house: House, template: str, language: str, *, path: str | None = None, status: int = 200, **views: object
) -> Response:
    """Return a page in a language; `path` is given for those that stand under one address for everybody."""
    announced = (everything(house.front.place.name),)
    html = house.printer(language).page(template, path, announced, **views)
    return Response(html, status_code=status, media_type="text/html", headers=dict(PRIVATE))


def spoken(house: House) -> dict[str, str]:
    """Return the site's languages with their own names."""
    return {each.language: each.name for each in house.front.editions}
