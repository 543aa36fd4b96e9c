"""Time stamps of an authority outside: the bytes of a reply in, what it attests out. Source: RFC 3161.

A stamp proves that a digest was known at a moment, to everybody who trusts the authority's root certificate. Nothing is
asked here and no clock is read: whether a certificate was valid is held against the moment in the stamp itself. The
libraries are imported where they are used: they take 20 MB, and most processes never see a stamp.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from rfc3161_client import TimeStampResponse

SHA256 = "2.16.840.1.101.3.4.2.1"  # RFC 8017, appendix B.1


class StampError(ValueError):
    """The bytes are no time stamp, or one that proves nothing; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What a reply attests: a SHA-256 (hexadecimal digits), a moment (UTC), and who signed, as its certificate says."""

    digest: str
    at: datetime
    authority: str


def roots_of(pem: bytes) -> "tuple[Certificate, ...]":
    """Return the certificates of a PEM file.

    Raises:
        StampError: there is none in it.
    """
    from cryptography.x509 import load_pem_x509_certificates

    with _told("no certificates in PEM form"):
        return tuple(load_pem_x509_certificates(pem))


def stamp_of(reply: bytes) -> Stamp:
    """Return what a reply claims; whether it is signed by anybody is not looked at.

    Raises:
        StampError: it is no reply, it was refused, or it is not about a SHA-256.
    """
    with _told("not a reply of a time stamp authority"):
        return _stamp(_granted(reply))


def proven(reply: bytes, roots: "Iterable[Certificate]", *, nonce: int | None = None, of: bytes | None = None) -> Stamp:
    """Return what a reply attests, signed under one of these roots.

    With `nonce` it must be the answer to that very question, with `of` it must be about these bytes.

    Raises:
        StampError: it is no such reply; the message says what is wrong with it.
    """
    from rfc3161_client import VerifierBuilder, decode_timestamp_response

    stamp = stamp_of(reply)
    if of is not None and stamp.digest != sha256(of).hexdigest():
        raise StampError("the stamp is about something else")
    with _told("the signature proves nothing"):
        decoded = decode_timestamp_response(reply)
        builder = VerifierBuilder(roots=list(roots), intermediates=_certificates(decoded), nonce=nonce)
        builder.build().verify(decoded, bytes.fromhex(stamp.digest))
    return stamp


@contextmanager
def _told(what: str) -> Iterator[None]:
    """Turn whatever the parsers raise into our own error; for bytes from outside they raise many kinds."""
    try:
        yield
    except StampError:
        raise
    except Exception as error:
        raise StampError(f"{what} ({error})") from error


def _granted(reply: bytes) -> "TimeStampResponse":
    from rfc3161_client import decode_timestamp_response

    decoded = decode_timestamp_response(reply)
    if decoded.status != 0:
        said = "; ".join(decoded.status_string or ())
        raise StampError(f"the authority refused (status {decoded.status}{f': {said}' if said else ''})")
    return decoded


def _stamp(decoded: "TimeStampResponse") -> Stamp:
    told = decoded.tst_info
    algorithm = told.message_imprint.hash_algorithm.dotted_string
    if algorithm != SHA256:
        raise StampError(f"the stamp is not about a SHA-256 but about {algorithm}")
    return Stamp(
        digest=told.message_imprint.message.hex(), at=told.gen_time.astimezone(UTC), authority=_signer(decoded)
    )


def _signer(decoded: "TimeStampResponse") -> str:
    """Return the name of who signed, as the certificate says."""
    from cryptography.x509.oid import NameOID

    signed = {(each.issuer.public_bytes(), each.serial_number) for each in decoded.signed_data.signer_infos}
    for each in _certificates(decoded):
        if (each.issuer.public_bytes(), each.serial_number) in signed:
            names = each.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
            return str(names[0].value) if names else each.subject.rfc4514_string()
    raise StampError("the certificate of who signed is not in the stamp")


def _certificates(decoded: "TimeStampResponse") -> "list[Certificate]":
    """Return the certificates that came with a stamp; they count only as far as a root leads to them."""
    from cryptography.x509 import load_der_x509_certificate

    return [load_der_x509_certificate(each) for each in sorted(decoded.signed_data.certificates)]
