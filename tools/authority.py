"""A time stamp authority of this machine's own openssl, for tests and benchmarks: nobody else need trust it.

authority = LocalAuthority(folder)
reply = authority(b"a line")      # as `ports.Authority`
"""

import subprocess
from pathlib import Path

from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

_REQUEST = """
[req]
distinguished_name = name
prompt = no
[name]
CN = {name}
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[signer]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
"""
_STAMPS = """
[stamps]
serial = {folder}/serial
signer_cert = {folder}/signer.pem
signer_key = {folder}/signer.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""


class LocalAuthority:
    """An authority whose keys and certificates lie in a folder; they are made when it is made."""

    def __init__(self, folder: Path, name: str = "Murmel Time") -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "serial").write_text("01\n")
        (folder / "stamps.cnf").write_text(_STAMPS.format(folder=folder))
        for who in ("root", "signer"):
            (folder / f"{who}.cnf").write_text(_REQUEST.format(name=f"{name} {who}"))
        key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
        days = ("-days", "3650")
        self._run("req", "-x509", *key, *days, *self._named("root"), "-extensions", "root", "-out", "root.pem")
        self._run("req", *key, *self._named("signer"), "-out", "signer.csr")
        issuer = ("-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial")
        extensions = ("-extfile", "signer.cnf", "-extensions", "signer")
        self._run("x509", "-req", "-in", "signer.csr", *issuer, *days, *extensions, "-out", "signer.pem")
        self.roots_file = folder / "root.pem"
        self.roots = self.roots_file.read_bytes()

    def __call__(self, line: bytes) -> bytes:
        """Return the reply over the SHA-256 of a line."""
        return self.answer(TimestampRequestBuilder(data=line, hash_algorithm=HashAlgorithm.SHA256).build().as_bytes())

    def answer(self, question: bytes) -> bytes:
        """Return the reply to a question, as it comes over HTTP."""
        (self._folder / "question.tsq").write_bytes(question)
        told = ("-config", "stamps.cnf", "-section", "stamps")
        self._run("ts", "-reply", "-queryfile", "question.tsq", *told, "-out", "reply.tsr")
        return (self._folder / "reply.tsr").read_bytes()

    def _named(self, who: str) -> tuple[str, ...]:
        return ("-config", f"{who}.cnf", "-keyout", f"{who}.key")

    def _run(self, *arguments: str) -> None:
        subprocess.run(("openssl", *arguments), cwd=self._folder, check=True, capture_output=True)  # noqa: S603, S607 - fixed words
