"""``grade invite``: make an account of a service, or a new password for one, by a link."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.commands.serve import data_option, expect_installed, place_of, public_option, store_option

if TYPE_CHECKING:
    from grader.serve.accounts import Account
    from grader.serve.database import Database

ROLES = ("student", "assistant", "instructor")


@click.command()
@click.argument("email")
@click.option("--name", default="", help="What the person is called.")
@click.option("--role", type=click.Choice(ROLES), default="student", show_default=True, help="What the person may do.")
@click.option("--student", default="", metavar="ID", help="A student's id in the roster and the gradebook (default: the email address).")
@click.option("--days", type=click.IntRange(1, 365), default=14, show_default=True, help="How long the link is valid.")
@data_option
@store_option
@public_option
def command(email: str, folder: Path, url: str | None, public_url: str | None, days: int, **about: str) -> int:
    """Print a link by which EMAIL sets a password, once; send it to that person alone.

    There need be no account yet. Once used, it ends the sessions of one that is there. The first instructor of a service
    begins this way.
    """
    expect_installed()
    from grader.serve.accounts import find_account, invite
    from grader.serve.database import Database

    if url is None:
        folder.mkdir(parents=True, exist_ok=True)
    with contextlib.closing(Database.open(place_of(folder, url))) as database:
        account = find_account(database, email=email) or new_account(database, email, about)
        token = invite(database, account, days=days)
    click.echo(f"{(public_url or 'http://localhost:8000').rstrip('/')}/invitations/{token}")
    click.echo(f"grade: for {account.email} ({account.role}); it can be used once, within {days} days", err=True)
    return 0


def new_account(database: Database, email: str, about: dict[str, str]) -> Account:
    """Make the account that is not there yet."""
    from grader.serve.accounts import Role, make_account

    role = Role(about["role"])
    student = about["student"] or (email.strip().lower() if role is Role.STUDENT else "")
    return make_account(database, name=about["name"], email=email, role=role, student=student)
