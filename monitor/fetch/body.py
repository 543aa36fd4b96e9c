"""The body of an answer, unpacked, as long as it stays within bounds."""

import zlib
from collections.abc import Iterator
from typing import Protocol

CHUNK_BYTES = 65536
ENCODINGS = "gzip, deflate"
"""What we say we accept: what the standard library unpacks piece by piece, within bounds."""


class TooLarge(ValueError):
    """The body is larger than allowed, packed or unpacked."""


class Damaged(ValueError):
    """The body is cut, broken, or packed in a way that was not asked for."""


class Raw(Protocol):
    """What a body is read from; urllib3's response."""

    def read(self, amt: int, decode_content: bool) -> bytes:
        """Return the next bytes as they came, nothing at the end."""
        ...


def body_of(raw: Raw, encoding: str, said_bytes: str, limit_bytes: int) -> bytes:
    """Return the body, unpacked.

    Raises:
        TooLarge: it is larger than the limit, or says so.
        Damaged: it is packed with something else than gzip or deflate, or is damaged.
    """
    if said_bytes.isdigit() and int(said_bytes) > limit_bytes:
        raise TooLarge(f"says that it has {said_bytes[:20]} bytes; {limit_bytes} are taken")
    unpacked, packed = bytearray(), 0
    unpack = _Unpacker(encoding, limit_bytes)
    while chunk := _chunk(raw):
        packed += len(chunk)
        for piece in unpack(chunk):
            unpacked += piece
            if len(unpacked) > limit_bytes:
                raise TooLarge(f"more than {limit_bytes} bytes, unpacked from {packed}")
        if packed > limit_bytes:
            raise TooLarge(f"more than {limit_bytes} bytes")
    unpack.end()
    return bytes(unpacked)


def _chunk(raw: Raw) -> bytes:
    try:
        return raw.read(CHUNK_BYTES, decode_content=False)
    except TooLarge:
        raise
    except ValueError as error:  # what the standard library makes of a chunk whose size is negative
        raise Damaged("a chunk whose size is none") from error


class _Unpacker:
    """Unpacks a stream piece by piece, no piece larger than the limit."""

    def __init__(self, encoding: str, limit_bytes: int) -> None:
        self._name = encoding.strip().lower()
        if self._name not in {"", "identity", "gzip", "x-gzip", "deflate"}:
            raise Damaged(f"packed as {encoding[:40]!r}, which was not asked for")
        self._limit = limit_bytes
        self._engine = zlib.decompressobj(47 if self._name != "deflate" else 15)
        self._begun = False

    def __call__(self, chunk: bytes) -> Iterator[bytes]:
        """Yield what a chunk unpacks to."""
        if self._name in {"", "identity"}:
            yield chunk
            return
        while chunk:
            yield self._step(chunk)
            if self._engine.eof and self._engine.unused_data.startswith(b"\x1f\x8b"):
                chunk, self._engine = self._engine.unused_data, zlib.decompressobj(47)  # a further member of gzip
            else:
                chunk = self._engine.unconsumed_tail

    def _step(self, chunk: bytes) -> bytes:
        try:
            piece = self._engine.decompress(chunk, self._limit + 1)
        except zlib.error as error:
            if self._begun or self._name != "deflate":
                raise Damaged(f"damaged {self._name}") from error
            self._engine = zlib.decompressobj(-15)  # many servers send deflate without its wrapper
            return self._raw_step(chunk)
        self._begun = True
        return piece

    def _raw_step(self, chunk: bytes) -> bytes:
        self._begun = True
        try:
            return self._engine.decompress(chunk, self._limit + 1)
        except zlib.error as error:
            raise Damaged("damaged deflate") from error

    def end(self) -> None:
        """Check that the stream was whole.

        Raises:
            Damaged: it was cut.
        """
        if self._begun and not self._engine.eof:
            raise Damaged(f"cut {self._name}")
