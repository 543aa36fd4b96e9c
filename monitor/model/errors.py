"""Everything that can go wrong by our own doing, drawn as one tree.

    MonitorError                      what a maintainer must mend; the command line prints it as one sentence
    |-- WatchlistError                the watchlist says something that cannot be: where, problem
    |-- SettingsError                 a setting is missing or wrong: name, problem
    |-- RecordingError                a recording is not what it says: where, problem
    |-- ArchiveError                  an archive on the web did not give what was asked: where, problem
    |-- NoticeError                   a mail cannot be taken in as a notice: where, problem
    |-- LexiconError                  a lexicon file is wrong: where, problem
    |-- AddressError                  a mail address that cannot be written to: address, problem
    |-- SubscribersError              a list of subscribers is not what it should be: where, problem
    |-- UnknownPage                   a page id that no watchlist declares: id, nearest
    |-- UnknownFeed                   a feed id that no watchlist declares: id, nearest
    |-- UnknownAlert                  an alert id that the store does not hold
    |-- UnknownCapture                bytes that are not kept, or those of a page that is not watched any more
    |-- NotAllowed                    a step that the table of an alert's or message's life does not have
    |   |-- Overtaken                 somebody else decided after the alert was read: who, when
    |   `-- Unconfirmed               one fetch alone shows it, so nobody lets it out yet
    |-- RuleError                     a rule of the review desk that says nothing, or too much: where, problem
    |-- PinError                      words that cannot be pinned: where, problem
    |-- PhraseError                   words that no history can be searched for: where, problem
    |-- AccountError                  an account of a maintainer: where, problem
    |-- DeliveryError                 the mail service refused, or its answer cannot be told: retry or not
    |-- PublishError                  a file that readers see cannot be written: where, problem
    |-- AuthorityError                the time stamp authority gave no stamp that proves anything: where, problem
    |-- PackError                     an evidence pack that cannot be read at all: where, problem
    |-- BackupError                   a backup that cannot be made, or not be put back: where, problem
    `-- StoreError                    the store cannot be used
        |-- StoreTooNew               made by a newer version of this program
        |-- StoreBusy                 another process holds it: holder
        |-- StoreFull                 no room on the disk, or not writable
        `-- StoreDamaged              what is kept is not what was written: where, problem

What the world does to us (no answer, an error page) is a value: `Miss`, `Refusal`. `Stopping` is no error: the program
was told to end, and long work ends early.
"""


class Stopping(BaseException):
    """The program ends while something long is under way; no Exception, so that nobody takes it for a fault."""


class MonitorError(Exception):
    """What a maintainer must mend."""


class _Located(MonitorError):
    """An error with the place it was found at."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(where, problem)
        self.where = where
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.where}: {self.problem}"


class WatchlistError(_Located):
    """The watchlist says something that cannot be; `others` are its further errors, one sentence each."""

    def __init__(self, where: str, problem: str, *others: str) -> None:
        super().__init__(where, problem)
        self.others = others

    def __str__(self) -> str:
        return "\n".join((f"{self.where}: {self.problem}", *self.others))


class SettingsError(_Located):
    """A setting is missing or wrong."""


class RecordingError(_Located):
    """A recording is not what it says."""


class ArchiveError(_Located):
    """An archive on the web did not give what was asked of it."""


class NoticeError(_Located):
    """A mail that cannot be taken in as a notice."""


class LexiconError(_Located):
    """A lexicon file is wrong."""


class AddressError(_Located):
    """A mail address that cannot be written to."""


class SubscribersError(_Located):
    """A list of subscribers is not what it should be."""


class PublishError(MonitorError):
    """There is no room for a file that readers see, or its place is not writable."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(where, problem)
        self.where = where
        self.problem = problem

    def __str__(self) -> str:
        return (
            f"{self.where} cannot be written ({self.problem}): make room, or make the place writable; readers see "
            "what stood there before, and it is tried again with the next publication"
        )


class AuthorityError(_Located):
    """The time stamp authority gave no stamp that proves anything."""


class PackError(_Located):
    """An evidence pack that cannot be read at all; one that can be read and is wrong is no error but a finding."""


class BackupError(_Located):
    """A backup that cannot be made, or not be put back."""


class UnknownPage(MonitorError):
    """A page id that no watchlist declares."""

    def __init__(self, id: str, nearest: str = "") -> None:
        super().__init__(id, nearest)
        self.id = id
        self.nearest = nearest

    def __str__(self) -> str:
        hint = f" (did you mean {self.nearest!r}?)" if self.nearest else ""
        return f"no page {self.id!r} in the watchlist{hint}"


class UnknownFeed(MonitorError):
    """A feed id that no watchlist declares."""

    def __init__(self, id: str, nearest: str = "") -> None:
        super().__init__(id, nearest)
        self.id = id
        self.nearest = nearest

    def __str__(self) -> str:
        hint = f" (did you mean {self.nearest!r}?)" if self.nearest else ""
        return f"no feed {self.id!r} in the watchlist{hint}"


class UnknownAlert(MonitorError):
    """An alert id that the store does not hold."""

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self.id = id

    def __str__(self) -> str:
        return (
            f"no alert {self.id!r}, or not just one that begins so with four characters at least: "
            "`optout-monitor review list` shows those that wait, `optout-monitor changes` all"
        )


class UnknownCapture(MonitorError):
    """Bytes that are not kept, or those of a page that is not watched any more: nobody says how to read them."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what

    def __str__(self) -> str:
        return (
            f"no capture {self.what!r} of a watched page is kept: "
            "`optout-monitor changes --json` names those of every alert"
        )


class NotAllowed(MonitorError):
    """A step that the table of states does not have."""

    def __init__(self, what: str, before: str, after: str) -> None:
        super().__init__(what, before, after)
        self.what = what
        self.before = before
        self.after = after

    def __str__(self) -> str:
        return f"{self.what} is {self.before} and cannot become {self.after}"


class Overtaken(NotAllowed):
    """Somebody else decided after the alert was read; nothing of theirs was overwritten. `told` says who and when."""

    def __init__(self, what: str, before: str, after: str, told: str) -> None:
        super().__init__(what, before, after)
        self.args = (what, before, after, told)
        self.told = told

    def __str__(self) -> str:
        return (
            f"{self.what} is {self.before} since you read it{self.told}: read it again before it becomes {self.after}"
        )


class Unconfirmed(NotAllowed):
    """One fetch alone showed it, or the next one no longer did: a variant, a cut load or a fault looks the same."""

    def __str__(self) -> str:
        return (
            f"{self.what} was seen at one fetch alone and cannot become {self.after} "
            "before another one shows it too; `review show` says what it waits for"
        )


class RuleError(_Located):
    """A rule of the review desk that says nothing, or too much."""


class PinError(_Located):
    """Words that cannot be pinned."""


class PhraseError(_Located):
    """Words that no history can be searched for."""


class AccountError(_Located):
    """An account of a maintainer cannot be made, found or changed as asked."""


class DeliveryError(MonitorError):
    """The mail service refused a message (`final`), is out of order (try again), or its answer was lost (`unknown`).

    `account` says that the refusal is of all our mail (key, rights, sender, rate), not of this message alone.
    """

    def __init__(
        self,
        problem: str,
        *,
        final: bool = False,
        unknown: bool = False,
        account: bool = False,
        retry_after: float = 0.0,
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        self.final = final
        self.unknown = unknown
        self.account = account
        self.retry_after = retry_after  # seconds, 0 when the service named none

    def __str__(self) -> str:
        return self.problem


class StoreError(MonitorError):
    """The store cannot be used."""


class StoreTooNew(StoreError):
    """The database was made by a newer version of this program."""

    def __init__(self, where: str, revision: str) -> None:
        super().__init__(where, revision)
        self.where = where
        self.revision = revision

    def __str__(self) -> str:
        return (
            f"{self.where} was made by a newer version (schema {self.revision}): "
            "upgrade optout-monitor; nothing was changed"
        )


class StoreBusy(StoreError):
    """Another process holds the store."""

    def __init__(self, where: str, holder: str) -> None:
        super().__init__(where, holder)
        self.where = where
        self.holder = holder

    def __str__(self) -> str:
        return f"{self.where} is in use by {self.holder}: stop it first or wait until it ends"


class StoreFull(StoreError):
    """There is no room left, or the place is not writable."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(where, problem)
        self.where = where
        self.problem = problem

    def __str__(self) -> str:
        return (
            f"{self.where} cannot be written ({self.problem}): make room, or make the place writable; "
            "what was stored before is untouched"
        )


class StoreDamaged(StoreError, _Located):
    """What is kept is not what was written."""
