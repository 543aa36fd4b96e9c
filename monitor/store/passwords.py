"""Passwords as Argon2id hashes in the PHC string format; nothing else of them is kept.

Parameters: 19 MiB, two passes, one lane. Source: OWASP Password Storage Cheat Sheet, Argon2id.
"""

import secrets

_MEMORY_KIB = 19 * 1024
_PASSES = 2
_LANES = 1
_SALT_BYTES = 16
_HASH_BYTES = 32


def hashed(password: str) -> str:
    """Return the hash of a password, with a salt of its own."""
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id  # 10 MB that only a sign-in needs

    made = Argon2id(
        salt=secrets.token_bytes(_SALT_BYTES),
        length=_HASH_BYTES,
        iterations=_PASSES,
        lanes=_LANES,
        memory_cost=_MEMORY_KIB,
    )
    return made.derive_phc_encoded(password.encode())


def matches(password: str, known: str) -> bool:
    """Say whether a hash is that of this password; it takes the same time either way."""
    from cryptography.exceptions import InvalidKey
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    try:
        Argon2id.verify_phc_encoded(password.encode(), known)
    except InvalidKey:
        return False
    return True
