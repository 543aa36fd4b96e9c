"""Evidence, store and accounts in memory: they keep the promises of `monitor.ports`."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256

from monitor.model.alert import NEXT, Alert, AlertId, AlertState, Review
from monitor.model.capture import Capture, Digest
from monitor.model.desk import Decision, Pin, PinId, Rule, RuleId, decided
from monitor.model.document import said_by
from monitor.model.errors import NotAllowed, UnknownAlert
from monitor.model.feed import Entry, FeedMark
from monitor.model.finding import Finding, History, Known, Newest
from monitor.model.maintainer import Maintainer, Session
from monitor.model.page import (
    Page,
    PageId,
)
from monitor.model.procedure import Procedure
from monitor.model.proof import Anchor, Exhibits, Head, Pruned, References
from monitor.model.status import Check, Outage, Outcome, Standing, Version
from monitor.model.subscriber import POST_NEXT, Edition, MailEvent, Post, PostState, Subscriber, SubscriberId

READ = frozenset({Outcome.FIRST, Outcome.UNCHANGED, Outcome.QUIET, Outcome.NEWS, Outcome.HELD})


@dataclass(slots=True)
class MemoryEvidence:
    """Captures and readings; `fails` is raised by every `keep`, as by a full disk."""

    kept: list[Capture] = field(default_factory=list)
    readings: dict[PageId, Finding] = field(default_factory=dict)
    stamped: list[Anchor] = field(default_factory=list)
    fails: Exception | None = None

    def keep(self, capture: Capture) -> None:
        if self.fails is not None:
            raise self.fails
        if capture not in self.kept:
            self.kept.append(capture)

    def capture(self, digest: Digest) -> Capture | None:
        return next((capture for capture in self.kept if capture.digest == digest), None)

    def captures(self, page: PageId, *, after: datetime | None = None) -> Iterator[Capture]:
        own = [capture for capture in self.kept if capture.page == page and (after is None or capture.at > after)]
        yield from sorted(own, key=lambda capture: capture.at)

    def write_reading(self, page: Page, finding: Finding) -> None:
        self.readings[page.id] = finding

    def verify(self) -> Iterator[str]:
        return iter(())

    def exhibits(self, alert: Alert, page: Page, checks_between: int) -> Exhibits | None:
        return None

    def prune(
        self, references: Callable[[], References], *, before: datetime, at: datetime, rule: str, dry_run: bool
    ) -> Pruned:
        kept = references().captures
        gone = [capture for capture in self.kept if capture.at < before and capture.digest not in kept]
        if not dry_run:
            self.kept = [capture for capture in self.kept if capture not in gone]
        return Pruned(files=tuple(capture.digest for capture in gone), captures=len(gone))

    def head(self) -> Head | None:
        if not self.kept:
            return None
        own = [each.file for each in self.stamped if each.offset == len(self.kept)]
        line = f"line about {own[-1]}".encode() if own else f"line {len(self.kept)}".encode()
        return Head(line=line, sha256=sha256(line).hexdigest(), month="2026-07", offset=len(self.kept))

    def anchors(self) -> tuple[Anchor, ...]:
        return tuple(self.stamped)

    def anchor(self, head: Head, reply: bytes, at: datetime) -> Anchor:
        file = f"stamp of {head.line.decode()}"
        self.stamped.append(Anchor(at=at, head=head.sha256, month=head.month, offset=head.offset, file=file))
        return self.stamped[-1]


@dataclass(slots=True)
class MemoryStore:
    """Journal, desk, readers and outbox in one; `fails` is raised once by the next record, and nothing is written."""

    evidence: MemoryEvidence = field(default_factory=MemoryEvidence)
    histories: dict[PageId, History] = field(default_factory=dict)
    shown: dict[PageId, tuple[str, Newest | None]] = field(default_factory=dict)
    written: list[Check] = field(default_factory=list)
    known_versions: list[Version] = field(default_factory=list)
    texts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    procedures: dict[PageId, Procedure] = field(default_factory=dict)
    told: dict[AlertId, Alert] = field(default_factory=dict)
    decisions: list[Review] = field(default_factory=list)
    people: dict[SubscriberId, Subscriber] = field(default_factory=dict)
    box: dict[tuple[AlertId, SubscriberId, Edition], Post] = field(default_factory=dict)
    heard: set[str] = field(default_factory=set)
    told_outages: dict[tuple[PageId, datetime], Outage] = field(default_factory=dict)
    marks: dict[str, FeedMark] = field(default_factory=dict)
    seen_entries: set[tuple[str, str]] = field(default_factory=set)
    named: dict[PageId, datetime] = field(default_factory=dict)
    dismissing: dict[RuleId, Rule] = field(default_factory=dict)
    pinned: dict[PinId, Pin] = field(default_factory=dict)
    why: str = ""
    fails: Exception | None = None

    # Journal

    def history(self, page: PageId, rules: str) -> History | None:
        known = self.histories.get(page)
        return known if known is not None and known.rules == rules else None

    def known(self, page: PageId, rules: str) -> Known:
        known_by, newest = self.shown.get(page, ("", None))
        last = next(iter(self.checks(page, newest=1)), None)
        return Known(
            last=last,
            left_over=last is not None and any(self.evidence.captures(page, after=last.at)),
            newest=newest if known_by == rules else None,
            held=any(alert.state is AlertState.HELD for alert in self.alerts(page=page)),
        )

    def record(
        self,
        page: Page,
        check: Check,
        finding: Finding,
        alerts: Iterable[Alert],
        dismissals: Iterable[Review] = (),
        newest: Newest | None = None,
    ) -> None:
        if self.fails is not None:
            failure, self.fails = self.fails, None
            raise failure
        self.histories[page.id] = finding.history
        self.shown[page.id] = finding.history.rules, newest
        self.written.append(check)
        if finding.document is not None and finding.sight is not None:
            self.procedures[page.id] = finding.procedure
            self.known_versions.append(_version(page.id, finding))
            self.texts[finding.sight.fingerprint] = said_by(finding.document)
        self._take_in_all(alerts, dismissals)

    def _take_in_all(self, alerts: Iterable[Alert], dismissals: Iterable[Review]) -> None:
        moved = {alert.id for alert in alerts if self._take_in(alert)}
        for review in dismissals:
            taken_back = any(one.before is AlertState.DISMISSED for one in self.reviews(review.alert))
            if review.alert in moved and not taken_back and review.after in NEXT[self.told[review.alert].state]:
                self.decide(replace(review, before=self.told[review.alert].state))

    def _take_in(self, alert: Alert) -> bool:
        known = self.told.get(alert.id)
        if known is None:
            if alert.state is not AlertState.DISMISSED:
                self.told[alert.id] = alert
            return alert.state is not AlertState.DISMISSED
        if known.state is AlertState.DISMISSED and known.unconfirmed and alert.evidence.confirmed_at is not None:
            self.told[alert.id] = known.confirmed(alert.evidence.confirmed_at)
        if alert.state is AlertState.HELD and known.unconfirmed:
            self.told[alert.id] = replace(known, waits_for=alert.waits_for)
        if known.state is not AlertState.HELD or alert.state not in NEXT[AlertState.HELD]:
            return False
        moved = known.dropped() if alert.state is AlertState.DISMISSED else alert
        evidence = replace(known.evidence, confirmed_at=alert.evidence.confirmed_at)
        self.told[alert.id] = replace(moved, evidence=evidence)
        return True

    def missed(self, check: Check) -> None:
        self.written.append(check)

    def unmoved(self, check: Check, rules: str, newest: Newest) -> None:
        self.missed(check)
        self.shown[check.page] = rules, newest

    def standing(self, page: PageId) -> Standing:
        checks = [check for check in self.written if check.page == page]
        read = [check for check in checks if check.outcome in READ]
        changed = [check for check in read if check.outcome not in (Outcome.UNCHANGED, Outcome.QUIET)]
        return Standing(
            page=page,
            checked=checks[-1].at if checks else None,
            read=read[-1].at if read else None,
            changed=changed[-1].at if changed else None,
            misses=len(checks) - 1 - checks.index(read[-1]) if read else len(checks),
            detail=checks[-1].detail if checks else "",
            procedure=self.procedures.get(page, Procedure()),
        )

    def standings(self) -> dict[PageId, Standing]:
        return {page: self.standing(page) for page in dict.fromkeys(check.page for check in self.written)}

    def unread(self) -> frozenset[PageId]:
        return frozenset(check.page for check in self.written if check.outcome not in READ)

    def tally(self) -> dict[tuple[Outcome, str], int]:
        counts: Counter[tuple[Outcome, str]] = Counter()
        for check in self.written:
            counts[check.outcome, "" if check.outcome in READ else check.detail.partition(":")[0]] += 1
        return counts

    def put_off(self, after: datetime) -> frozenset[PageId]:
        return frozenset(check.page for check in self.written if check.put_off and check.at > after)

    def checks(self, page: PageId, *, newest: int) -> tuple[Check, ...]:
        return tuple(check for check in reversed(self.written) if check.page == page)[:newest]

    def referred(self) -> frozenset[Digest]:
        return frozenset(version.capture for version in self.known_versions)

    def checked_between(self, page: PageId, first: datetime, last: datetime) -> int:
        return sum(check.page == page and first <= check.at <= last for check in self.written)

    def said(self, version: Version) -> tuple[str, ...] | None:
        return self.texts.get(version.fingerprint)

    def versions(self, page: PageId | None = None) -> tuple[Version, ...]:
        return tuple(version for version in self.known_versions if page in (None, version.page))

    # Desk

    def alert(self, id: str) -> Alert | None:
        return self.told.get(AlertId(id))

    def alerts(self, *states: AlertState, page: PageId | None = None) -> tuple[Alert, ...]:
        found = [alert for alert in self.told.values() if not states or alert.state in states]
        asked = [alert for alert in found if page in (None, alert.page)]
        return tuple(sorted(asked, key=lambda alert: (alert.raised, alert.id)))

    def decide(self, review: Review, posts: Iterable[Post] = (), *, edited: Alert | None = None) -> Alert:
        return self.decide_all([Decision(review=review, posts=tuple(posts), edited=edited)])[0]

    def decide_all(self, decisions: Iterable[Decision]) -> tuple[Alert, ...]:
        given = tuple(decisions)
        unknown = [one.review.alert for one in given if one.review.alert not in self.told]
        if unknown:
            raise UnknownAlert(unknown[0])
        after = [decided(self.told[one.review.alert], one, self.reviews(one.review.alert)) for one in given]
        for decision, alert in zip(given, after, strict=True):
            self._take(decision, alert)
        return tuple(after)

    def _take(self, decision: Decision, after: Alert) -> None:
        review, correction = decision.review, decision.correction
        self.told[after.id] = after
        self.decisions.append(review)
        if correction is not None and correction.id not in self.told:
            self.told[correction.id] = replace(correction, state=AlertState.APPROVED)
            self.decisions.append(
                replace(review, alert=correction.id, before=correction.state, after=AlertState.APPROVED)
            )
        for post in decision.posts:
            self.box.setdefault((post.alert, post.subscriber, post.edition), post)

    def reviews(self, id: str | None = None) -> tuple[Review, ...]:
        return tuple(review for review in self.decisions if id in (None, review.alert))

    def rules(self) -> tuple[Rule, ...]:
        return tuple(sorted(self.dismissing.values(), key=lambda rule: (rule.at, rule.id)))

    def write_rule(self, rule: Rule) -> None:
        self.dismissing[rule.id] = rule

    def pins(self) -> tuple[Pin, ...]:
        return tuple(sorted(self.pinned.values(), key=lambda pin: (pin.at, pin.id)))

    def write_pin(self, pin: Pin) -> None:
        self.pinned[pin.id] = pin

    # Readers

    def add(self, subscriber: Subscriber) -> Subscriber:
        return self.with_address(subscriber.address) or self.people.setdefault(subscriber.id, subscriber)

    def add_all(self, subscribers: Iterable[Subscriber]) -> None:
        for subscriber in subscribers:
            self.add(subscriber)

    def replace(self, subscriber: Subscriber) -> None:
        self.people[subscriber.id] = subscriber

    def subscribers(self) -> tuple[Subscriber, ...]:
        return tuple(self.people.values())

    def subscriber(self, id: SubscriberId) -> Subscriber | None:
        return self.people.get(id)

    def with_address(self, address: str) -> Subscriber | None:
        return next((each for each in self.people.values() if each.address == address), None)

    def erase(self, address: str) -> bool:
        known = self.with_address(address)
        if known is None:
            return False
        del self.people[known.id]
        self.box = {key: post for key, post in self.box.items() if post.subscriber != known.id}
        return True

    # Outbox

    def due(self, now: datetime, *, most: int) -> tuple[Post, ...]:
        ready = [post for post in self.posts(PostState.PENDING) if post.due is None or post.due <= now]
        return tuple(ready[:most])

    def posts(self, *states: PostState) -> tuple[Post, ...]:
        return tuple(post for post in self.box.values() if not states or post.state in states)

    def post(self, alert: AlertId, subscriber: SubscriberId, edition: Edition) -> Post | None:
        return self.box.get((alert, subscriber, edition))

    def move(self, post: Post) -> None:
        before = self.post(post.alert, post.subscriber, post.edition)
        if before is None or post.state not in POST_NEXT[before.state]:
            raise NotAllowed("the post", before.state if before else "erased", post.state)
        self.box[post.alert, post.subscriber, post.edition] = post

    def taken(self, since: datetime) -> tuple[Post, ...]:
        handed = (PostState.SENDING, PostState.ACCEPTED, PostState.UNKNOWN, PostState.FAILED)
        return tuple(post for post in self.posts(*handed) if post.due is not None and post.due >= since)

    def unheard(self, events: Iterable[MailEvent]) -> tuple[MailEvent, ...]:
        return tuple({event.key: event for event in events if event.key not in self.heard}.values())

    def hear(self, events: Iterable[MailEvent]) -> None:
        self.heard.update(event.key for event in events)

    def stopped(self) -> str:
        return self.why

    def stop(self, why: str) -> None:
        self.why = self.why or why

    def resume(self) -> None:
        self.why = ""

    # Signals

    def mark(self, feed: str) -> FeedMark | None:
        return self.marks.get(feed)

    def unseen(self, feed: str, entries: Sequence[Entry]) -> tuple[Entry, ...]:
        new = {entry.id: entry for entry in reversed(entries) if (feed, entry.id) not in self.seen_entries}
        return tuple(dict.fromkeys(new[entry.id] for entry in entries if entry.id in new))

    def keep(
        self,
        mark: FeedMark,
        seen: Iterable[Entry],
        alerts: Iterable[Alert],
        nudges: Mapping[PageId, datetime],
        dismissals: Iterable[Review] = (),
    ) -> None:
        self.marks[mark.feed] = mark
        self.seen_entries.update((mark.feed, entry.id) for entry in seen)
        self.named.update(nudges)
        self._take_in_all(alerts, dismissals)

    def nudges(self) -> Mapping[PageId, datetime]:
        return self.named

    # Outages

    def outages(self, page: PageId) -> tuple[Outage, ...]:
        return tuple(outage for outage in self.told_outages.values() if outage.page == page)

    def note(self, outage: Outage) -> None:
        self.told_outages[outage.page, outage.since] = outage


def _version(page: PageId, finding: Finding) -> Version:
    assert finding.sight is not None
    return Version(
        page=page,
        at=finding.sight.at,
        capture=finding.sight.capture,
        fingerprint=finding.sight.fingerprint,
        kind=finding.verdict.kind,
        level=finding.verdict.level,
        summary=finding.verdict.title,
        effort=finding.procedure.effort,
    )


@dataclass(slots=True)
class MemoryMaintainers:
    """Accounts and sessions in memory; passwords stand here as they are typed."""

    known: dict[str, Maintainer] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)

    def accounts(self) -> tuple[Maintainer, ...]:
        return tuple(self.known[name] for name in sorted(self.known))

    def account(self, name: str) -> Maintainer | None:
        return self.known.get(name)

    def add(self, account: Maintainer, password: str) -> bool:
        if account.name in self.known:
            return False
        self.known[account.name], self.passwords[account.name] = account, password
        return True

    def replace(self, account: Maintainer) -> None:
        self.known[account.name] = account

    def set_password(self, name: str, password: str) -> None:
        self.passwords[name] = password
        self.end_all(name)

    def remove(self, name: str) -> bool:
        self.end_all(name)
        return self.known.pop(name, None) is not None

    def knows(self, name: str, password: str) -> bool:
        return name in self.known and self.passwords[name] == password

    def begin(self, session: Session) -> None:
        self.sessions[session.token_digest] = session

    def session(self, token_digest: str) -> Session | None:
        return self.sessions.get(token_digest)

    def end(self, token_digest: str) -> None:
        self.sessions.pop(token_digest, None)

    def end_all(self, name: str) -> None:
        self.sessions = {digest: one for digest, one in self.sessions.items() if one.name != name}
