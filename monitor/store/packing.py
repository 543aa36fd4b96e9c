"""Moments packed small: a check of a page that is as it was costs six bytes, not a row.

Whole numbers are written as in LEB128, seven bits a byte, the lowest first, the highest bit saying that more follow.
Source: DWARF 5, section 7.6.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from monitor.model.capture import Digest

_TICK = timedelta(microseconds=1)
_NONE, _SHA256, _TEXT = 0, 1, 2  # what follows a check whose capture is not that of the one before
_SHA256_CHARS = 64


class Moment(NamedTuple):
    """When a page was checked, and what came."""

    at: datetime
    capture: Digest | None


class Spot(NamedTuple):
    """When a capture was taken, and where its line begins in a file of the ledger."""

    at: datetime
    offset: int


def packed_moments(moments: Iterable[Moment]) -> bytes:
    """Return moments in time order as bytes; the first one's moment is not in them."""
    out = bytearray()
    before: Moment | None = None
    for each in moments:
        out += packed_moment(before, each)
        before = each
    return bytes(out)


def packed_moment(before: Moment | None, moment: Moment) -> bytes:
    """Return what one more moment adds to the bytes."""
    ticks = (moment.at - before.at) // _TICK if before else 0
    same = before is not None and before.capture == moment.capture
    return _number(ticks << 1 | (not same)) + (b"" if same else _digest(moment.capture))


def moments(first: datetime, data: bytes) -> Iterator[Moment]:
    """Yield the moments that were packed; `first` is that of the first one."""
    at, capture, place = first, None, 0
    while place < len(data):
        number, place = _read_number(data, place)
        at += (number >> 1) * _TICK
        if number & 1:
            capture, place = _read_digest(data, place)
        yield Moment(at, capture)


def packed_spots(spots: Iterable[Spot]) -> bytes:
    """Return spots as bytes, in whatever order of time they came; offsets rise."""
    out = bytearray()
    ticks_before = offset_before = 0
    for spot in spots:
        ticks = (spot.at - _EPOCH) // _TICK
        out += _number(_folded(ticks - ticks_before)) + _number(spot.offset - offset_before)
        ticks_before, offset_before = ticks, spot.offset
    return bytes(out)


def spots(data: bytes) -> Iterator[Spot]:
    """Yield the spots that were packed."""
    ticks = offset = place = 0
    while place < len(data):
        folded, place = _read_number(data, place)
        more, place = _read_number(data, place)
        ticks += _unfolded(folded)
        offset += more
        yield Spot(_EPOCH + ticks * _TICK, offset)


_EPOCH = datetime.fromisoformat("2000-01-01T00:00:00Z")


def _folded(number: int) -> int:
    """Return a number that may be below zero as one that is not."""
    return number << 1 if number >= 0 else (-number << 1) - 1


def _unfolded(number: int) -> int:
    return -((number + 1) >> 1) if number & 1 else number >> 1


def _number(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _read_number(data: bytes, place: int) -> tuple[int, int]:
    number = shift = 0
    while data[place] & 0x80:
        number |= (data[place] & 0x7F) << shift
        shift, place = shift + 7, place + 1
    return number | data[place] << shift, place + 1


def _digest(capture: Digest | None) -> bytes:
    if capture is None:
        return bytes([_NONE])
    try:
        if len(capture) == _SHA256_CHARS and capture == capture.lower():
            return bytes([_SHA256]) + bytes.fromhex(capture)
    except ValueError:
        pass  # not a digest in hexadecimal digits: kept as the text it is
    text = capture.encode()
    return bytes([_TEXT]) + _number(len(text)) + text


def _read_digest(data: bytes, place: int) -> tuple[Digest | None, int]:
    tag, place = data[place], place + 1
    if tag == _NONE:
        return None, place
    if tag == _SHA256:
        return Digest(data[place : place + 32].hex()), place + 32
    length, place = _read_number(data, place)
    return Digest(data[place : place + length].decode()), place + length
