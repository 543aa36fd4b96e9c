"""The table of what differs between editions: names, sides, bounds."""

from datetime import UTC, datetime

import pytest

from monitor.model.page import Page, PageId, PageKind
from monitor.model.procedure import Difference, DifferenceKind
from monitor.model.status import EditionGap, Standing
from monitor.render.editions import Cell, Row, gap_views
from monitor.render.views import PageView
from tests.published import alert

PAGE, EDITION = PageId("facebook-policy"), PageId("facebook-policy@de-de")
MOVED = alert(
    page=PAGE,
    differences=(Difference(DifferenceKind.FORM_MOVED, "https://example.org/17", "https://example.org/18"),),
)


def view(id: PageId) -> PageView:
    page = Page(id=id, url="https://example.org/", kind=PageKind.POLICY)
    return PageView(page=page, path=f"pages/{id}/", title=id, service="", standing=Standing(page=id), lost=False)


VIEWS = (view(PAGE), view(EDITION))


def rows(*differences: Difference) -> tuple[Row, ...]:
    (gap,) = gap_views([EditionGap(page=PAGE, edition=EDITION, differences=differences)], VIEWS, [MOVED])
    return gap.rows


@pytest.mark.parametrize("kind", DifferenceKind)
def test_every_kind_of_difference_has_a_name(kind: DifferenceKind) -> None:
    (row,) = rows(Difference(kind, "one", "other"))

    assert row.name
    assert (row.page, row.edition) == ((Cell("one"),), (Cell("other"),))


def test_what_the_other_edition_showed_earlier_says_until_when() -> None:
    found = rows(
        Difference(DifferenceKind.FORM_REMOVED, "https://example.org/18", ""),
        Difference(DifferenceKind.FORM_ADDED, "", "https://example.org/17"),
    )

    seen_gone = datetime(2026, 7, 22, 22, 33, tzinfo=UTC)
    assert found == (
        Row(
            "Forms and links",
            (Cell("https://example.org/18"),),
            (Cell("https://example.org/17", until=seen_gone),),
        ),
    )


def test_a_row_holds_no_more_than_a_reader_takes_in() -> None:
    (row,) = rows(*(Difference(DifferenceKind.STEP_ADDED, "", f"step {number} " * 100) for number in range(50)))

    assert len(row.edition) == 6
    assert max(len(cell.text) for cell in row.edition) <= 400


def test_an_edition_that_is_watched_no_longer_is_left_out() -> None:
    gap = EditionGap(page=PAGE, edition=PageId("gone"), differences=(Difference(DifferenceKind.FORM_ADDED, "", "x"),))

    assert gap_views([gap], VIEWS, []) == ()
