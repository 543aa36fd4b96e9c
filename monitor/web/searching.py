"""Search over all published changes, made by the server, so that it works without script."""

from starlette.responses import Response

from monitor.pipeline.publish import PUBLIC
from monitor.render.feeds import told
from monitor.render.search import matches, words_of
from monitor.render.views import change_views, names_of
from monitor.web.forms import first
from monitor.web.front import House, Visit
from monitor.web.shown import PRIVATE, shown

MOST_FOUND = 50
QUERY_CHARS = 200


def searching(visit: Visit, house: House) -> Response:
    """Show the changes that hold every word of the query, newest first."""
    query = first(visit.query, "q")[:QUERY_CHARS]
    if not house.allowances.searches.taken(visit.client):
        return Response("Too many searches; please try again later.\n", 429, headers=dict(PRIVATE))
    names = names_of(house.world.watchlist)
    found = [
        view for view in change_views(told(house.world.desk.alerts(*PUBLIC)), names) if matches(view, words_of(query))
    ]
    return shown(
        house,
        "search.html",
        visit.language,
        path="search/",
        query=query,
        found=found[:MOST_FOUND] if query.strip() else None,
        count=len(found),
    )
