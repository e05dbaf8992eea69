"""``grade login``: sign in to the service of a course."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from grader.serve.terminal import Place


@click.command()
@click.argument("url")
@click.option("--email", help="The address that was invited (asked for if it is left out).")
@click.option("--token", "by_token", is_flag=True, help="Ask for a token from the page URL/terminal, if you have no password there.")
@click.option("--plain", is_flag=True, help="Send the password unencrypted if the address is http://.")
def command(url: str, email: str | None, by_token: bool, plain: bool) -> int:
    """Sign in to the service at URL, so that `grade submit` hands in there.

    The password is asked for and not kept. A token is, in a file that only you can read. Where you sign in with your university,
    make a token on the page URL/terminal and give it to `grade login URL --token`.
    """
    from grader.safe_text import safe_text
    from grader.serve.terminal import parse_url, remember

    address = parse_url(url, plain=plain)
    place = _by_token(address) if by_token else _by_password(address, email)
    path = remember(place)
    click.echo(f"You are signed in to {safe_text(place.course)}. The token is in {path}.\n→ next: grade submit")
    return 0


def _by_password(address: str, email: str | None) -> Place:
    import getpass

    from grader.serve.terminal import Line, Place

    credentials = {"email": email or click.prompt("Email address"), "password": getpass.getpass("Password: ")}
    answer = Line(Place(url=address)).ask_json("POST", "/api/v1/sessions", credentials)
    return Place(url=address, token=answer["token"], course=answer["course"])


def _by_token(address: str) -> Place:
    """Ask for a token, never on the command line, where others would see it in the list of processes; and see whether it holds."""
    import getpass

    from grader.serve.terminal import Line, Place, ServiceError

    click.echo(f"Make a token at {address}/terminal and paste it here; it is not shown.", err=True)
    token = getpass.getpass("Token: ").strip()
    if not token.isascii() or not token.isprintable() or not token or " " in token:
        raise ServiceError("this is not a token", remedy=f"Copy the whole of what {address}/terminal shows, and nothing else.")
    found = Line(Place(url=address, token=token)).ask_json("GET", "/api/v1/syllabus")
    return Place(url=address, token=token, course=found["title"] or found["course"])
