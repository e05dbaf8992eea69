"""Sign in by password, with what keeps others from guessing."""

from __future__ import annotations

import hashlib

from fastapi import Request

from grader.serve.accounts import Account, AccountError, Role, check_password
from grader.serve.service import Service
from grader.serve.single_sign_on import Passwords

WRONG = "The address or the password is wrong."


class PasswordsOff(AccountError):  # noqa: N818 - it is named after what it says
    """The account signs in by single sign-on alone."""


def sign_in(service: Service, request: Request, email: str, password: str) -> Account | None:
    """Whom this address and password are of; None if they are wrong.

    Raises
    ------
    TooOften
        If somebody seems to be guessing.
    PasswordsOff
        If they are right, and this account may not sign in so.
    """
    use_place(service, request)
    # By a hash, so that no list of addresses grows in memory, however long they are.
    name = hashlib.sha256(email.strip().lower().encode("utf-8", "replace")).hexdigest()
    service.sign_ins.use(name)
    account = check_password(service.database, email, password)
    if account is not None:
        service.sign_ins.forgive(name)
        expect_password_allowed(service, account)
    return account


def use_place(service: Service, request: Request) -> None:
    """Count an attempt to sign in from where a request comes from. Raises TooOften."""
    service.sign_ins_from_address.use(place_of(request))


def place_of(request: Request) -> str:
    """Where a request comes from, as what is counted of it is called."""
    return request.client.host if request.client else "nowhere"


def expect_password_allowed(service: Service, account: Account | None) -> None:
    """Raise PasswordsOff if passwords are for instructors alone here, and this is none."""
    sign_on = service.settings.single_sign_on
    if account is not None and sign_on is not None and sign_on.passwords is Passwords.INSTRUCTORS and account.role is not Role.INSTRUCTOR:
        remedy = "For `grade submit`, see the page “Terminal” once you are signed in."
        raise PasswordsOff(f"only instructors sign in with a password here: use “{sign_on.label}”", remedy=remedy)
