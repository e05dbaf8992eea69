"""Whom a provider vouches for, and whose account that is: linked at the first sign-in, known by the provider's own name from then on."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from grader.serve import tables
from grader.serve.accounts import EMAIL, STAFF, Account, AccountError, Role, account_of, add_account
from grader.serve.database import Database, note, now
from grader.serve.passwords import fingerprint, new_token
from grader.serve.provider import SignOnError
from grader.serve.single_sign_on import EMAIL_CLAIM, Entry, SignOn

# How long somebody may take at the provider: a password, a second factor, a forgotten phone.
FLOW = timedelta(minutes=10)
LONGEST_CLAIM = 200
ASK = "Tell your instructor."

# ---------------------------------------------------------------------------------------------------------------- under way


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """One sign-in under way: ``state`` travels to the provider and back, ``browser`` stays in a cookie, and the rest follows from both."""

    state: str
    browser: str

    @property
    def nonce(self) -> str:
        """What the ID token has to say."""
        return self._derived("nonce")

    @property
    def verifier(self) -> str:
        """What the code has to be asked for with (RFC 7636, section 4.1: 43 to 128 characters)."""
        return self._derived("verifier")

    def _derived(self, what: str) -> str:
        return hashlib.sha256(f"layerwise {what} {self.state} {self.browser}".encode()).hexdigest()


def begin_flow(database: Database, then: str) -> Flow:
    """Begin a sign-in that leads to the path `then`. What neither came back nor will is swept out on the way."""
    flow, time = Flow(state=new_token(), browser=new_token()), now()
    columns = tables.sign_ons.c
    with database.writing() as connection:
        connection.execute(delete(tables.sign_ons).where(columns.expires_at < time))
        kept = {"state": fingerprint(flow.state), "browser": fingerprint(flow.browser), "next": then, "expires_at": time + FLOW}
        connection.execute(insert(tables.sign_ons).values(**kept))
    return flow


def end_flow(database: Database, flow: Flow) -> str:
    """End a sign-in, once; give the path that it leads to.

    Raises
    ------
    SignOnError
        If this browser has not begun it, it has ended already, or it took too long. Of somebody else's nothing is changed.
    """
    columns = tables.sign_ons.c
    ending = delete(tables.sign_ons).where(
        columns.state == fingerprint(flow.state), columns.browser == fingerprint(flow.browser), columns.expires_at > now()
    )
    with database.writing() as connection:
        then = connection.execute(ending.returning(columns.next)).scalar()
    if then is None:
        raise SignOnError(
            "this sign-in was started in another browser, was used before, or took more than ten minutes",
            remedy="Sign in again.",
            status=400,
        )
    return str(then)


# ------------------------------------------------------------------------------------------------------------------------- whom


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What a provider says of somebody, as far as it may be relied on. ``email`` is empty unless the provider has verified it."""

    issuer: str
    subject: str
    email: str
    names: Mapping[str, str]
    shown: str
    # What groups make of somebody; None where none is said to make anything of them.
    role: Role | None


def person_of(claims: Mapping[str, Any], sign_on: SignOn) -> Person:
    """Read verified claims."""
    # Core, section 5.1: a Boolean. A text "true" is no word of a provider that can be held to it.
    email = _text(claims, EMAIL_CLAIM) if claims.get("email_verified") is True else ""
    # Some letters are another's in lower case, such as the Kelvin sign, and an address with one is somebody else's.
    if not email.isascii() and email != email.lower():
        email = ""
    return Person(
        issuer=sign_on.issuer,
        subject=claims["sub"],
        email=email.lower() if EMAIL.fullmatch(email) else "",
        names={name: text for name in sign_on.identify_by if name != EMAIL_CLAIM and (text := _text(claims, name))},
        shown=_text(claims, "name"),
        role=_role(claims, sign_on),
    )


def _text(claims: Mapping[str, Any], name: str) -> str:
    found = claims.get(name)
    return found.strip() if isinstance(found, str) and found.isprintable() and len(found) <= LONGEST_CLAIM else ""


def _role(claims: Mapping[str, Any], sign_on: SignOn) -> Role | None:
    if sign_on.roles is None:
        return None
    found = claims.get(sign_on.roles.claim)
    groups = {one for one in (found if isinstance(found, list) else [found]) if isinstance(one, str)}
    # The highest that any group gives.
    return next((role for role in (Role.INSTRUCTOR, Role.ASSISTANT) if groups & sign_on.roles.groups.get(role, frozenset())), None)


# ------------------------------------------------------------------------------------------------------------------------ whose


def admit(database: Database, person: Person, sign_on: SignOn) -> Account:
    """The account of somebody whom the provider vouches for: the one that is linked, or the one that is found or made, and linked now.

    Raises
    ------
    SignOnError
        If there is none, it is closed, or it is somebody else's already.
    """
    with database.writing() as connection:
        linked = _linked(connection, person)
        account = _as_groups_say(connection, linked, person) if linked is not None else _first_time(connection, person, sign_on)
    if isinstance(account, SignOnError):
        # Only now, so that what was written on the way stays.
        raise account
    return account


def _mine(person: Person) -> Any:
    return (tables.identities.c.issuer == person.issuer) & (tables.identities.c.subject == person.subject)


def _linked(connection: Connection, person: Person) -> Mapping[Any, Any] | None:
    query = select(tables.accounts, tables.identities.c.by_group).join_from(
        tables.identities, tables.accounts, tables.identities.c.account == tables.accounts.c.id
    )
    return connection.execute(query.where(_mine(person))).mappings().first()


def _closed() -> SignOnError:
    return SignOnError("your account is closed", remedy=ASK)


def _as_groups_say(connection: Connection, row: Mapping[Any, Any], person: Person) -> Account | SignOnError:
    account = account_of(row)
    if account.disabled:
        return _closed()
    connection.execute(update(tables.identities).where(_mine(person)).values(seen_at=now()))
    # Who was made staff by hand stays it, whatever groups say; and no group makes staff of a student.
    if not row["by_group"] or account.role == person.role:
        return account
    if person.role is None:
        connection.execute(delete(tables.sessions).where(tables.sessions.c.account == account.id))
        note(connection, account.id, "single sign-on refused", account.email, "no longer in any of the groups that make staff")
        return SignOnError(
            "you are no longer in any of the groups that may sign in as staff", remedy="Ask the person who runs the service."
        )
    connection.execute(update(tables.accounts).where(tables.accounts.c.id == account.id).values(role=person.role.value))
    note(connection, account.id, "role changed", account.email, f"{person.role.value}, by group")
    return account_of({**row, "role": person.role.value})


def _first_time(connection: Connection, person: Person, sign_on: SignOn) -> Account:
    found = _known(connection, person, sign_on)
    account = found or _made(connection, person, sign_on)
    if account.disabled:
        raise _closed()
    theirs = select(tables.identities.c.id).where(tables.identities.c.issuer == person.issuer, tables.identities.c.account == account.id)
    if connection.execute(theirs).first():
        # The address or the name was somebody else's when the account was linked.
        raise SignOnError(
            "the account with your address or name is linked to somebody else at your university",
            remedy="If it is yours, your instructor can unlink it.",
        )
    # Who had an account before keeps the role that it was given.
    by_group = found is None and account.role in STAFF
    values = {"issuer": person.issuer, "subject": person.subject, "account": account.id, "by_group": by_group}
    connection.execute(insert(tables.identities).values(**values, made_at=now(), seen_at=now()))
    note(connection, account.id, "single sign-on linked", account.email, f"{person.issuer} {person.subject}")
    return account


def is_of_domain(text: str, domains: frozenset[str]) -> bool:
    """Whether what looks like an address is one of the domains; of none, anything is."""
    domain = text.rpartition("@")[2]
    return not domains or (domain.isascii() and domain.lower() in domains)


def _known(connection: Connection, person: Person, sign_on: SignOn) -> Account | None:
    """Whom the claims name, if they agree on it."""
    columns, found = tables.accounts.c, {}
    for name in sign_on.identify_by:
        if name == EMAIL_CLAIM:
            wanted = columns.email == person.email if person.email and is_of_domain(person.email, sign_on.domains) else None
        else:
            ids = _ids(person.names.get(name, ""), sign_on.domains)
            wanted = columns.student.in_(ids) if ids else None
        if wanted is not None:
            rows = connection.execute(select(tables.accounts).where(wanted)).mappings().all()
            found.update({row["id"]: account_of(row) for row in rows})
    if len(found) > 1:
        raise SignOnError("the details that your university sent match more than one account of this course", remedy=ASK)
    return next(iter(found.values()), None)


def _ids(text: str, domains: frozenset[str]) -> list[str]:
    """What of a claim may be the id of a roster: all of it; and, of an address in one of the domains, what stands before the @."""
    if not text or not is_of_domain(text, domains):
        return []
    return [text, text.rpartition("@")[0]] if domains else [text]


def _made(connection: Connection, person: Person, sign_on: SignOn) -> Account:
    """A new account: of staff if a group says so, else of a student where the course is open."""
    named = next((text for text in person.names.values() if is_of_domain(text, sign_on.domains)), "")
    # A name in a domain that the operator trusts is as good as an address that the provider has verified.
    email = person.email or (named.lower() if sign_on.domains and EMAIL.fullmatch(named) else "")
    if person.role is None and sign_on.entry is Entry.CLOSED:
        raise _not_known(person)
    if not email or not is_of_domain(email, sign_on.domains):
        raise SignOnError("your university did not confirm an email address that this course accepts", remedy=ASK)
    role = person.role or Role.STUDENT
    student = (named or email) if role is Role.STUDENT else ""
    try:
        return add_account(connection, name=person.shown, email=email, role=role, student=student)
    except AccountError as error:
        raise SignOnError(str(error), remedy=error.remedy or ASK) from error


def _not_known(person: Person) -> SignOnError:
    if not person.email and not person.names:
        lacking = "your university sent no verified email address and no name by which you could be found on the roster"
        return SignOnError(lacking, remedy=ASK)
    return SignOnError("you are not on the roster of this course", remedy=ASK)


# ----------------------------------------------------------------------------------------------------------------------- staff


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """An account that is linked."""

    id: int
    account: Account
    issuer: str
    subject: str
    by_group: bool
    made_at: datetime
    seen_at: datetime


def all_identities(database: Database) -> list[Identity]:
    """Every link, by the address of the account."""
    columns = tables.identities.c
    query = select(
        tables.accounts, *(columns[name].label(f"link_{name}") for name in ("id", "issuer", "subject", "by_group", "made_at", "seen_at"))
    ).join_from(tables.identities, tables.accounts, columns.account == tables.accounts.c.id)
    with database.reading() as connection:
        rows = connection.execute(query.order_by(tables.accounts.c.email)).mappings().all()
    return [
        Identity(
            id=row["link_id"],
            account=account_of(row),
            issuer=row["link_issuer"],
            subject=row["link_subject"],
            by_group=row["link_by_group"],
            made_at=row["link_made_at"],
            seen_at=row["link_seen_at"],
        )
        for row in rows
    ]


def unlink(database: Database, number: int, *, by: int) -> bool:
    """Forget a link, and end all sessions of the account: the next who signs in with its address links anew. False if there is none.

    Raises
    ------
    SignOnError
        If a group made the account staff: linked anew, it would stay staff without the group.
    """
    held = next((one for one in all_identities(database) if one.id == number), None)
    if held is None:
        return False
    if held.by_group:
        raise SignOnError(
            "a group makes this account staff, so its link cannot be removed", remedy="Close the account instead.", status=422
        )
    with database.writing() as connection:
        connection.execute(delete(tables.identities).where(tables.identities.c.id == number))
        connection.execute(delete(tables.sessions).where(tables.sessions.c.account == held.account.id))
        note(connection, by, "single sign-on unlinked", held.account.email, f"{held.issuer} {held.subject}")
    return True
