"""Document x Document -> Change: equal blocks cancel, links and fields are held together, the rest is paired."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field

from monitor.compare.marks import mark, marks
from monitor.compare.pairs import similar_pairs
from monitor.compare.regroup import regrouped
from monitor.model.change import Change, Moved, Refielded, Relinked, Reworded
from monitor.model.document import Block, Document, Link, Part
from monitor.once import once


def compare(before: Document, after: Document) -> Change:
    """Return what differs, blocks gone first, then blocks come, each in reading order.

    Furniture is left out, and what is only repeated.
    A block with the same reading under the same headings is the same, wherever it stands;
    under other headings it has moved. What is only cut or joined differently is no change.
    """
    if before.fingerprint == after.fingerprint:
        return Change()
    work = _Work(gone=_read(before), come=_read(after), before=before, after=after)
    work.cancel_shared()
    for alikeness in (_in_place, _by_leaf, _by_key):
        work.cancel(alikeness)
    work.repeats(marks(before), marks(after))
    work.fields()
    work.regroup()
    work.reword()
    return work.change()


def _read(document: Document) -> list[Block]:
    return [block for block in document.blocks if block.part is not Part.FURNITURE and (block.key or block.field)]


@once(4)
def _headings(document: Document) -> frozenset[str]:
    trails = {block.trail for block in document.blocks}
    return frozenset(heading.casefold() for trail in trails for heading in trail)


def _in_place(block: Block) -> Hashable:
    return (block.key, block.trail, block.field)


def _by_leaf(block: Block) -> Hashable:
    return (block.key, block.trail[-1:], block.field)


def _by_key(block: Block) -> Hashable:
    return (block.key, block.field)


@dataclass(slots=True)
class _Work:
    """What is still unmatched on each side, and what was found so far."""

    gone: list[Block]
    come: list[Block]
    before: Document
    after: Document
    moved: list[Moved] = field(default_factory=list)
    relinked: list[Relinked] = field(default_factory=list)
    refielded: list[Refielded] = field(default_factory=list)
    reworded: list[Reworded] = field(default_factory=list)
    _crossed: dict[tuple[tuple[str, ...], tuple[str, ...]], bool] = field(default_factory=dict)

    def cancel_shared(self) -> None:
        """Leave out blocks that are the very same value: readings of one page share most of them."""
        shared = {id(block) for block in self.gone} & {id(block) for block in self.come}
        self.gone = [block for block in self.gone if id(block) not in shared]
        self.come = [block for block in self.come if id(block) not in shared]

    def cancel(self, alikeness: Callable[[Block], Hashable]) -> None:
        """Pair blocks that are alike in this way; note moves and links that lead elsewhere."""
        waiting: defaultdict[Hashable, list[Block]] = defaultdict(list)
        for block in reversed(self.come):
            waiting[alikeness(block)].append(block)
        gone: list[Block] = []
        for old in self.gone:
            matches = waiting.get(alikeness(old))
            if matches:
                self._matched(old, matches.pop())
            else:
                gone.append(old)
        left = {id(block) for blocks in waiting.values() for block in blocks}
        self.gone, self.come = gone, [block for block in self.come if id(block) in left]

    def _matched(self, old: Block, new: Block) -> None:
        if old.trail != new.trail and self._went_elsewhere(old.trail, new.trail):
            self.moved.append(Moved(old, new))
        if old.links != new.links:
            self.relinked.extend(_relinked(old, new))

    def _went_elsewhere(self, old: tuple[str, ...], new: tuple[str, ...]) -> bool:
        """Say whether what stood under the old headings left one that is still there for one that was there before.

        Otherwise a heading was renamed, added or taken away over it, and it stands where it stood. Many blocks stand
        under the same headings.
        """
        known = self._crossed.get((old, new))
        if known is None:
            olds, news = frozenset(map(str.casefold, old)), frozenset(map(str.casefold, new))
            left, entered = olds - news, news - olds
            known = bool(left & _headings(self.after) and entered & _headings(self.before))
            self._crossed[old, new] = known
        return known

    def repeats(self, before: frozenset[str], after: frozenset[str]) -> None:
        """Leave out what still stands, or stood, elsewhere in the same sense: a repetition counts once."""
        self.gone = [block for block in self.gone if block.field or mark(block) not in after]
        self.come = [block for block in self.come if block.field or mark(block) not in before]

    def fields(self) -> None:
        """Hold form fields beside each other by name, then by label."""
        for identity in (_name, _label):
            self._pair_fields(identity)
        self.refielded.extend(Refielded(block.field, None, block) for block in self.gone if block.field)
        self.refielded.extend(Refielded(None, block.field, block) for block in self.come if block.field)
        self.gone = [block for block in self.gone if not block.field]
        self.come = [block for block in self.come if not block.field]

    def _pair_fields(self, identity: Callable[[Block], str]) -> None:
        news = {identity(block): block for block in reversed(self.come) if block.field and identity(block)}
        paired: set[int] = set()
        for old in self.gone:
            new = news.pop(identity(old), None) if old.field and identity(old) else None
            if new is not None:
                paired |= {id(old), id(new)}
                self.refielded.append(Refielded(old.field, new.field, new))
        self.gone = [block for block in self.gone if id(block) not in paired]
        self.come = [block for block in self.come if id(block) not in paired]

    def regroup(self) -> None:
        """Leave out what holds the same words in other pieces; its links are compared as sets."""
        gone, come = regrouped(self.gone, self.come)
        old = [block for i, block in enumerate(self.gone) if i in gone]
        new = [block for j, block in enumerate(self.come) if j in come]
        if old and new:
            self.relinked.extend(_relinked_groups(old, new))
        self.gone = [block for i, block in enumerate(self.gone) if i not in gone]
        self.come = [block for j, block in enumerate(self.come) if j not in come]

    def reword(self) -> None:
        """Pair what is similar enough to be one block reworded."""
        pairs = similar_pairs(self.gone, self.come)
        for i, j in pairs:
            old, new = self.gone[i], self.come[j]
            self.reworded.append(Reworded(old, new))
            self.relinked.extend(_relinked(old, new, same_words=False))
        olds, news = {i for i, _ in pairs}, {j for _, j in pairs}
        self.gone = [block for i, block in enumerate(self.gone) if i not in olds]
        self.come = [block for j, block in enumerate(self.come) if j not in news]

    def change(self) -> Change:
        """Return what is left over as removed and added, with all that was found."""
        return Change(
            removed=tuple(self.gone),
            added=tuple(self.come),
            reworded=tuple(self.reworded),
            moved=tuple(self.moved),
            relinked=tuple(self.relinked),
            refielded=tuple(self.refielded),
        )


def _name(block: Block) -> str:
    return block.field.name if block.field else ""


def _label(block: Block) -> str:
    return block.field.label.casefold() if block.field else ""


def _relinked(old: Block, new: Block, *, same_words: bool = True) -> Iterable[Relinked]:
    """Yield links with the same words that lead elsewhere; with the same block text also links come and gone."""
    olds, news = _unmatched(old.links, new.links)
    for link in olds:
        twin = next((other for other in news if _same_words(link, other)), None)
        if twin is not None:
            news.remove(twin)
            yield Relinked(old, new, link, twin)
        elif same_words:
            yield Relinked(old, new, link, None)
    if same_words:
        yield from (Relinked(old, new, None, link) for link in news)


def _relinked_groups(old: Sequence[Block], new: Sequence[Block]) -> Iterable[Relinked]:
    """Yield links of regrouped text that keep their words and lead elsewhere."""
    places = {link: block for block in new for link in block.links}
    olds, news = _unmatched([link for block in old for link in block.links], list(places))
    homes = {link: block for block in old for link in block.links}
    for link in olds:
        twin = next((other for other in news if _same_words(link, other)), None)
        if twin is not None:
            news.remove(twin)
            yield Relinked(homes[link], places[twin], link, twin)


def _same_words(one: Link, other: Link) -> bool:
    return one.text.casefold() == other.text.casefold()


def _unmatched(old: Iterable[Link], new: Iterable[Link]) -> tuple[list[Link], list[Link]]:
    """Return the links of each side that the other does not have, in order."""
    news = list(new)
    olds: list[Link] = []
    for link in old:
        twin = next((o for o in news if o.target == link.target and _same_words(o, link)), None)
        if twin is None:
            olds.append(link)
        else:
            news.remove(twin)
    return olds, news
