"""The program is killed at every step of delivery: nobody gets a mail twice, and nothing is lost unseen."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest

from monitor.model.alert import Alert
from monitor.model.subscriber import Post, PostState, Subscriber
from monitor.pipeline.deliver import deliver
from tests.published import alert
from tests.story.test_deliver import House, Postman, Shelf, reader

# Three readers, two alerts: 6 posts with 4 steps each (before and after taking, before and after the outcome is
# written), and 2 steps in the mailer (before and after the service has the message).
STEPS = 36


class Killed(BaseException):
    """SIGKILL: nothing of the program runs after it."""


@dataclass(slots=True)
class Fuse:
    """Kills the program at one step, once."""

    step: int
    passed: int = 0

    def burn(self) -> None:
        self.passed += 1
        if self.passed == self.step:
            raise Killed


@dataclass(slots=True)
class FusedShelf(Shelf):
    """A store that may be killed right before or right after it has written."""

    fuse: Fuse = field(default_factory=lambda: Fuse(0))

    def move(self, post: Post) -> None:
        self.fuse.burn()
        Shelf.move(self, post)
        self.fuse.burn()


@dataclass(slots=True)
class FusedPostman(Postman):
    """A mailer that may be killed before or after the service has the message."""

    fuse: Fuse = field(default_factory=lambda: Fuse(0))

    def _note(self, subscriber: Subscriber, alerts: Iterable[Alert]) -> str:
        self.fuse.burn()
        message_id = Postman._note(self, subscriber, alerts)
        self.fuse.burn()
        return message_id


def house_with(fuse: Fuse) -> House:
    house = House(shelf=FusedShelf(fuse=fuse), postman=FusedPostman(fuse=fuse))
    house.join(reader(1), reader(2), reader(3))
    house.publish(alert(1), alert(2))
    return house


def test_delivery_has_as_many_steps_as_are_tried_here() -> None:
    fuse = Fuse(0)

    deliver(house_with(fuse).world)

    assert fuse.passed == STEPS


@pytest.mark.parametrize("step", range(1, STEPS + 1))
def test_killed_at_any_step_nobody_gets_a_mail_twice_and_nothing_is_lost_unseen(step: int) -> None:
    house = house_with(Fuse(step))

    with pytest.raises(Killed):
        deliver(house.world)
    deliver(house.world)

    sent = [(subscriber, told) for subscriber, alerts in house.postman.sent for told in alerts]
    assert len(sent) == len(set(sent))
    unknown = {(post.subscriber, post.alert) for post in house.shelf.posts(PostState.UNKNOWN)}
    assert len(unknown) <= 1
    everyone = {(f"reader-{number}", told) for number in (1, 2, 3) for told in (alert(1).id, alert(2).id)}
    assert everyone - set(sent) <= unknown
    assert not house.shelf.posts(PostState.PENDING, PostState.SENDING)
