"""The mail to maintainers about an outage: through SendGrid or to a folder; both keep the promise of `Warner`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from monitor.model.page import Page
from monitor.model.status import Problem
from monitor.publish.letter import letter_body, letter_written
from monitor.publish.mail import Sender, Service
from monitor.render.place import Place
from monitor.render.problems import problem_name
from monitor.render.warning import warning_mail

CATEGORY = "outage"


@dataclass(frozen=True, slots=True)
class SendGridWarner:
    """A `Warner` over SendGrid."""

    service: Service
    sender: Sender
    place: Place

    def __call__(self, problem: Problem, page: Page, addresses: Sequence[str]) -> str:
        """Send it; see `Warner`."""
        return self.service(letter_body(warning_mail(problem, page, self.place), addresses, self.sender, CATEGORY))


@dataclass(frozen=True, slots=True)
class FolderWarner:
    """A `Warner` that writes `outage-PROBLEM.eml` and `.html` to a folder, `outage-PROBLEM-over` when it is over."""

    folder: Path
    sender: Sender
    place: Place

    def __call__(self, problem: Problem, page: Page, addresses: Sequence[str]) -> str:
        """Write it; see `Warner`."""
        name = f"outage-{problem_name(problem)}{'-over' if problem.recovered else ''}"
        return letter_written(warning_mail(problem, page, self.place), addresses, self.sender, self.folder, name)
