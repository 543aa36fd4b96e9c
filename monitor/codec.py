"""Values to JSON bytes and back: frozen dataclasses in, compact sorted JSON out, and the same values in again."""

from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

_ENCODER = msgspec.json.Encoder(order="deterministic")


class CodecError(ValueError):
    """The bytes are not the JSON of the value asked for; the message names the path."""


def encode(value: object) -> bytes:
    """Return a value as JSON; equal values give equal bytes."""
    return _ENCODER.encode(value)


def indented(data: bytes) -> bytes:
    """Return JSON with a value a line, for people; it ends in a line feed."""
    return msgspec.json.format(data, indent=2) + b"\n"


def decode(kind: type[T], data: bytes | str) -> T:
    """Return the value that `encode` made these bytes from.

    Raises:
        CodecError: they are not JSON, or not of this kind.
    """
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise CodecError(str(error)) from error


def plain(value: object) -> Any:
    """Return a value as dicts, lists, strings and numbers, for YAML and templates."""
    return msgspec.to_builtins(value, order="deterministic")
