"""Who somebody from a platform is here, and whether they come in."""

from __future__ import annotations

import threading

from sqlalchemy import Connection, select

from grader.serve import tables
from grader.serve.accounts import EMAIL, STAFF, STUDENT, Account, AccountError, Role, account_of, add_account
from grader.serve.lti import claims as words
from grader.serve.lti.fetching import address_problem
from grader.serve.lti.launch import Launch, LaunchRefused
from grader.serve.lti.registrations import Context, LtiError, Platform, link_person, person_of, seen_context, seen_link
from grader.serve.service import Service

# A lecture begins, and everybody comes by the same new link: one after another, for two would make the same row.
ONE_BY_ONE = threading.Lock()
CLOSED = "Your account is closed"


class NotKnown(LaunchRefused):
    """Somebody who may come in, once it is known who they are here: they sign in once."""


def role_of(roles: frozenset[str]) -> Role | None:
    """The role in the course that somebody comes from; None if they have none that means something here."""
    if words.ASSISTANT in roles:
        # Platforms say Instructor as well of an assistant (LTI 1.3, A.2.3.1).
        return Role.ASSISTANT
    if words.INSTRUCTOR in roles:
        return Role.INSTRUCTOR
    return Role.STUDENT if words.LEARNER in roles else None


def enter(service: Service, launch: Launch) -> tuple[Account, str]:
    """Whose account this is, and the path that they came for; what the launch says of its course and its link is kept.

    Raises
    ------
    LaunchRefused
        If they do not come in; ``NotKnown`` if they have to say who they are here.
    LtiError
        If too many courses ask to be connected.
    """
    with ONE_BY_ONE, service.database.writing() as connection:
        context = _context(connection, launch)
    if not context.connected:
        sentence = f"the course {context.title or context.context} of {launch.platform.name} is not connected here yet"
        raise LaunchRefused(sentence, remedy="An instructor can connect it under Platforms; then open the link again.")
    exercise = exercise_of(service, launch)
    with ONE_BY_ONE, service.database.writing() as connection:
        account = account_for(connection, launch.platform, launch)
        if launch.kind == words.LAUNCH:
            seen_link(connection, context.id, link_values(launch, exercise))
    return account, f"/exercises/{exercise}" if exercise else "/"


def _context(connection: Connection, launch: Launch) -> Context:
    url = launch.memberships_url
    return seen_context(
        connection,
        launch.platform.id,
        deployment=launch.deployment,
        context=launch.context,
        title=launch.context_title,
        memberships_url="" if address_problem(url) else url,
    )


def link_values(launch: Launch, exercise: str) -> dict[str, object]:
    """What is kept of a link. An address that is not used is none."""
    items = {name: str(launch.endpoint.get(name) or "") for name in ("lineitem", "lineitems")}
    items = {name: "" if address_problem(url) else url for name, url in items.items()}
    scopes = launch.endpoint.get("scope")
    return {
        "resource_link": launch.resource_link,
        "title": launch.link_title,
        "exercise": exercise,
        "line_item": items["lineitem"],
        "line_items": items["lineitems"],
        "scopes": [one for one in scopes if isinstance(one, str)][:20] if isinstance(scopes, list) else [],
    }


def exercise_of(service: Service, launch: Launch) -> str:
    """The exercise that a link is about: its custom parameter, or its address; empty for the whole course."""
    names = {exercise.name for exercise in service.course.exercises}
    asked = launch.custom.get("exercise", "").strip() or launch.target.removeprefix("/exercises/")
    return asked if asked in names else ""


def account_for(connection: Connection, platform: Platform, launch: Launch) -> Account:
    """The account of who has come; see ``enter``. A role is given when an account is made, and never changed by a launch."""
    account = person_of(connection, platform.id, launch.sub)
    account = account or _by_email(connection, platform, launch) or _made(connection, platform, launch)
    if account is None:
        raise NotKnown(
            "the platform did not say which account here is yours",
            remedy="Open a link to this service in your course there, sign in here once, and confirm that it is you.",
        )
    if account.disabled:
        raise LaunchRefused(CLOSED, remedy="Tell your instructor.")
    if account.role in STAFF and not platform.admits_staff:
        raise LaunchRefused(f"staff cannot sign in through {platform.name}", remedy="Sign in here instead.")
    return account


def _by_email(connection: Connection, platform: Platform, launch: Launch) -> Account | None:
    """By the address of the roster, if the platform is trusted to know whose it is."""
    if not platform.trusts_emails or not launch.email:
        return None
    row = connection.execute(select(tables.accounts).where(tables.accounts.c.email == launch.email)).mappings().first()
    account = account_of(row) if row else None
    # Somebody who learns there and has the address of somebody who teaches here is a mistake, or worse.
    if account is None or (account.role in STAFF and role_of(launch.roles) not in STAFF):
        return None
    try:
        link_person(connection, platform, launch.sub, account, by=account.id, how="by the email address")
    except LtiError as error:
        raise LaunchRefused(str(error), remedy=error.remedy) from error
    return account


def _made(connection: Connection, platform: Platform, launch: Launch) -> Account | None:
    """An account for somebody new, where the registration says so."""
    role = role_of(launch.roles)
    if role is None or not (platform.makes_accounts if role is Role.STUDENT else platform.admits_staff):
        return None
    return make_for(connection, platform, launch.sub, launch.name, launch.email, launch.person_id, role)


def make_for(
    connection: Connection, platform: Platform, sub: str, name: str, email: str, person_id: str, role: Role
) -> Account | None:
    """Make an account for somebody of a platform; None if the address is missing or somebody else's."""
    student = person_id if STUDENT.fullmatch(person_id) else email
    columns = tables.accounts.c
    taken = columns.email == email
    if role is Role.STUDENT:
        taken = taken | (columns.student == student)
    if not EMAIL.fullmatch(email) or connection.execute(select(columns.id).where(taken)).first():
        return None
    try:
        account = add_account(connection, name=name, email=email, role=role, student=student if role is Role.STUDENT else "")
    except AccountError:
        return None
    link_person(connection, platform, sub, account, by=account.id, how=f"made as {role} by a launch")
    return account
