"""How deep a way out lay over time, as numbers of a drawing."""

from datetime import UTC, datetime, timedelta

from monitor.model.capture import Digest
from monitor.model.page import PageId
from monitor.model.procedure import Effort
from monitor.model.status import Version
from monitor.render.chart import depth_chart

START = datetime(2026, 7, 1, tzinfo=UTC)


def _version(day: int, share: float | None, steps: int = 3) -> Version:
    return Version(
        page=PageId("policy"),
        at=START + timedelta(days=day),
        capture=Digest(f"{day}" * 64),
        fingerprint="f",
        kind="optout",
        level="alert",
        effort=None if share is None else Effort(paragraph=9, share=share, steps=steps, required_fields=2),
    )


def test_a_way_out_that_sank_is_a_step_down() -> None:
    chart = depth_chart([_version(0, 0.0), _version(5, 0.5), _version(10, 0.5)])

    assert chart is not None
    assert chart.line == "8.0,8.0 160.0,8.0 160.0,45.0 312.0,45.0"
    assert chart.dots == (("8.0", "8.0"), ("160.0", "45.0"))
    assert chart.rows == ((START, 0, 3, 2), (START + timedelta(days=5), 50, 3, 2))


def test_versions_that_describe_no_way_out_and_equal_neighbours_are_left_out() -> None:
    chart = depth_chart([_version(0, 0.2), _version(1, None), _version(2, 0.2), _version(3, 0.2, steps=4)])

    assert chart is not None
    assert [row[2] for row in chart.rows] == [3, 4]


def test_one_depth_is_no_history() -> None:
    assert depth_chart([]) is None
    assert depth_chart([_version(0, 0.2), _version(1, 0.2)]) is None
