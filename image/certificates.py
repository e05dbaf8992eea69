"""Make what TLS between the service, the scheduler and the workers needs, unless it is there: ca.pem, cert.pem and key.pem.

    python certificates.py FOLDER

Whoever has the three files belongs to the cluster, and nobody else can come to belong to it: the authority's own key is thrown away as
soon as it has signed. A pair that ends within a month gives way to a new one.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

HOLDS = timedelta(days=5 * 365)
RENEWED = timedelta(days=30)
# A clock that is behind must not find a certificate that is not valid yet.
CLOCKS_DIFFER = timedelta(hours=1)


def main(folder: Path) -> None:
    """Make them in `folder`, which must be there."""
    ends = end_of(folder)
    if ends is None or ends - datetime.now(UTC) < RENEWED:
        ends = make(folder)
    print(f"certificates: in {folder}, until {ends.date().isoformat()}")


def end_of(folder: Path) -> datetime | None:
    """When those that are there end; None if they are not all there."""
    if not all((folder / name).is_file() for name in ("ca.pem", "cert.pem", "key.pem")):
        return None
    return x509.load_pem_x509_certificate((folder / "cert.pem").read_bytes()).not_valid_after_utc


def make(folder: Path) -> datetime:
    """Make an authority and one pair for everybody in the cluster."""
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Layerwise, this cluster's own authority")])
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Layerwise, a member of this cluster")])
    authority = (
        builder(issuer, issuer, authority_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage(signs_certificates=True), critical=True)
        .sign(authority_key, SHA256())
    )
    # Members are servers and clients to each other.
    purposes = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH])
    known = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    member = (
        builder(subject, issuer, key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage(signs_certificates=False), critical=True)
        .add_extension(purposes, critical=False)
        .add_extension(known, critical=False)
        .sign(authority_key, SHA256())
    )
    write(folder / "ca.pem", authority.public_bytes(Encoding.PEM), 0o444)
    write(folder / "key.pem", key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), 0o400)
    write(folder / "cert.pem", member.public_bytes(Encoding.PEM), 0o444)
    return member.not_valid_after_utc


def builder(subject: x509.Name, issuer: x509.Name, public_key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    """What both certificates have in common."""
    time = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(public_key)
    made = made.serial_number(x509.random_serial_number()).not_valid_before(time - CLOCKS_DIFFER).not_valid_after(time + HOLDS)
    return made.add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)


def usage(*, signs_certificates: bool) -> x509.KeyUsage:
    """What a key is for."""
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def write(path: Path, data: bytes, mode: int) -> None:
    """Write a file with its mode from the first moment, in the place of one that may be there."""
    half = path.with_suffix(".new")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(data)
    half.replace(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
