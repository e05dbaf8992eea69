"""Sign in by password, with what keeps others from guessing."""

from __future__ import annotations

import hashlib

from fastapi import Request

from grader.serve.accounts import Account, check_password
from grader.serve.service import Service

WRONG = "The address or the password is wrong."


def sign_in(service: Service, request: Request, email: str, password: str) -> Account | None:
    """Whom this address and password are of; None if they are wrong. Raises TooOften if somebody seems to be guessing."""
    host = request.client.host if request.client else "nowhere"
    service.sign_ins_from_address.use(host)
    # By a hash, so that no list of addresses grows in memory, however long they are.
    name = hashlib.sha256(email.strip().lower().encode("utf-8", "replace")).hexdigest()
    service.sign_ins.use(name)
    account = check_password(service.database, email, password)
    if account is not None:
        service.sign_ins.forgive(name)
    return account
