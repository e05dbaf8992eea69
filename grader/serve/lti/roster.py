"""Who is in a course of a platform, as it tells (LTI Names and Role Provisioning Services 2.0)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from sqlalchemy import select

from grader.classwork import Student
from grader.serve import tables
from grader.serve.accounts import Role, account_of
from grader.serve.database import note
from grader.serve.lti import claims as words
from grader.serve.lti.calls import Calls
from grader.serve.lti.entering import make_for, role_of
from grader.serve.lti.fetching import Answer, PlatformError
from grader.serve.lti.launch import text_of
from grader.serve.lti.registrations import Context, LtiError, Platform, link_person, person_of
from grader.serve.service import Service

MOST_PAGES = 100
NEXT = re.compile(r'<([^<>]+)>\s*;[^,]*\brel="?next"?')


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterTaken:
    """What came of a roster: who was linked or made, who was known, and who could not be, each with the reason."""

    made: int
    linked: int
    known: int
    refused: tuple[str, ...]


def read_members(calls: Calls, platform: Platform, context: Context) -> list[Mapping[str, Any]]:
    """Everybody in a course who is active there. Raises PlatformError."""
    if not context.memberships_url:
        remedy = "Allow names and roles (NRPS) there, then open a link from the course again."
        raise PlatformError(f"{platform.name} does not say who is in this course", remedy=remedy)
    return [
        one
        for answer in _pages(calls, platform, context.memberships_url)
        for one in _members(answer)
        if one.get("status", "Active") == "Active"
    ]


def _pages(calls: Calls, platform: Platform, address: str) -> Iterator[Answer]:
    first = urlsplit(address)
    for _page in range(MOST_PAGES):
        answer = calls.ask(platform, address, words.MEMBERSHIP, accept=words.MEMBERS_TYPE)
        yield answer
        found = NEXT.search(answer.headers.get("link", ""))
        if found is None:
            return
        address = urljoin(address, found[1])
        if urlsplit(address)[:2] != first[:2]:
            raise PlatformError(f"{platform.name} continues its list of people on another server, which is not asked")
    raise PlatformError(f"{platform.name} has more than {MOST_PAGES} pages of people, which is too many")


def _members(answer: Answer) -> list[Mapping[str, Any]]:
    document = answer.document()
    members = document.get("members") if isinstance(document, dict) else None
    if not isinstance(members, list):
        raise PlatformError("the platform's answer is not a list of people")
    return [one for one in members if isinstance(one, dict)]


def take_members(service: Service, calls: Calls, platform: Platform, context: Context, *, by: int) -> RosterTaken:
    """Link who learns in a course to their accounts, and make accounts for who has none, as far as the registration allows.

    Raises
    ------
    PlatformError
        If the platform does not tell.
    """
    learners = [one for one in read_members(calls, platform, context) if role_of(_roles(one)) is Role.STUDENT]
    counted = {"made": 0, "linked": 0, "known": 0}
    refused, students = [], []
    with service.database.writing() as connection:
        for one in learners:
            how, student = _take(connection, platform, one)
            if how in counted:
                counted[how] += 1
            else:
                refused.append(f"{text_of(one, 'name') or text_of(one, 'user_id') or '?'}: {how}")
            students += [student] if student else []
        detail = f"{len(learners)} students: " + ", ".join(f"{count} {how}" for how, count in counted.items()) + f", {len(refused)} refused"
        note(connection, by, "roster read from a platform", context.title or context.context, detail)
    # So that commands in a terminal know what people are called; who is there keeps what the roster said.
    if students:
        _remember(service, students)
    return RosterTaken(**counted, refused=tuple(refused))


def _remember(service: Service, students: list[Student]) -> None:
    with service.staff_writing() as store:
        there = {student.id for student in store.students()}
        new = [student for student in students if student.id not in there]
        if new:
            store.put_students([*store.students(), *new])


def _roles(member: Mapping[str, Any]) -> frozenset[str]:
    roles = member.get("roles")
    found = [one for one in roles if isinstance(one, str)] if isinstance(roles, list) else []
    # Here the service may leave out what all of them begin with (NRPS 2.0, section 2.2).
    prefix = words.LEARNER.rpartition("#")[0] + "#"
    return frozenset(one if "/" in one else prefix + one for one in found)


def _take(connection: Any, platform: Platform, member: Mapping[str, Any]) -> tuple[str, Student | None]:
    """Link or make one; what came of it, or why nothing did."""
    sub, email = text_of(member, "user_id"), text_of(member, "email").lower()
    name, person_id = text_of(member, "name"), text_of(member, "lis_person_sourcedid")
    if not sub:
        return "the platform sent no user id", None
    if person_of(connection, platform.id, sub):
        return "known", None
    if not platform.trusts_emails and not platform.makes_accounts:
        return "the registration neither trusts the platform's email addresses nor makes accounts", None
    if not email:
        return "the platform sent no email address", None
    row = connection.execute(select(tables.accounts).where(tables.accounts.c.email == email)).mappings().first()
    if row is not None:
        account = account_of(row)
        if not platform.trusts_emails or account.role is not Role.STUDENT:
            return "only the owner of the account with this address can link it, by signing in", None
        try:
            link_person(connection, platform, sub, account, by=account.id, how="by the roster of the platform")
        except LtiError as error:
            return str(error), None
        return "linked", None
    made = make_for(connection, platform, sub, name, email, person_id, Role.STUDENT) if platform.makes_accounts else None
    if made is None:
        return "the address or the id is not valid, or is taken" if platform.makes_accounts else "no account has this address", None
    return "made", Student(id=made.student, name=made.name, email=made.email)
