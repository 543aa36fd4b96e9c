"""Search over published changes, and over what pages said when; made by the server, so that it works without script."""

from starlette.responses import Response

from monitor.model.errors import PhraseError
from monitor.model.page import PageId
from monitor.model.subscriber import Topics
from monitor.pipeline.phrases import since
from monitor.pipeline.publish import PUBLIC
from monitor.render.feeds import told
from monitor.render.search import matches, words_of
from monitor.render.views import change_views, names_of
from monitor.web.forms import choices_of, first
from monitor.web.front import House, Visit
from monitor.web.shown import PRIVATE, shown

MOST_FOUND = 50
QUERY_CHARS = 200


def searching(visit: Visit, house: House) -> Response:
    """Show the changes that hold every word of the query, newest first."""
    query = first(visit.query, "q")[:QUERY_CHARS]
    if not house.allowances.searches.taken(visit.client):
        return Response("Too many searches; please try again later.\n", 429, headers=dict(PRIVATE))
    words, tongue = words_of(query), house.printer(visit.language).edition.tongue
    views = change_views(told(house.world.desk.alerts(*PUBLIC)), names_of(house.world.watchlist))
    found = [view for view in views if matches(view, words, tongue)]
    return shown(
        house,
        "search.html",
        visit.language,
        path="search/",
        query=query,
        found=found[:MOST_FOUND] if query.strip() else None,
        count=len(found),
    )


def saying(visit: Visit, house: House) -> Response:
    """Show since when a page says some words, and when it stopped."""
    tongue = house.printer(visit.language).edition.tongue
    words, chosen = first(visit.query, "words")[:QUERY_CHARS], first(visit.query, "page")
    page = house.world.watchlist.page(chosen)
    stretches, problem = None, ""
    if page is not None and words.strip():
        if house.allowances.histories.taken(visit.client):
            try:
                with house.reading:
                    stretches = since(page, words, house.world)
            except PhraseError:
                problem = tongue.say("Please search for at least three letters.")
        else:
            problem = tongue.say("Too many searches; please try again in an hour.")
    pages = choices_of(house.world.watchlist, Topics(pages=frozenset({PageId(chosen)})), "", {}).pages
    return shown(
        house,
        "said.html",
        visit.language,
        path="said/",
        pages=pages,
        words=words,
        stretches=stretches[-MOST_FOUND:] if stretches is not None else None,
        problem=problem,
    )
