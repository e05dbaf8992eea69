"""``grade login``: sign in to the service of a course."""

from __future__ import annotations

import click


@click.command()
@click.argument("url")
@click.option("--email", prompt="Email address", help="The address that was invited.")
@click.option("--plain", is_flag=True, help="Send the password unencrypted if the address is http://.")
def command(url: str, email: str, plain: bool) -> int:
    """Sign in to the service at URL, so that `grade submit` hands in there.

    The password is asked for and not kept. A token is, in a file that only you can read.
    """
    import getpass

    from grader.safe_text import safe_text
    from grader.serve.terminal import Line, Place, parse_url, remember

    address = parse_url(url, plain=plain)
    credentials = {"email": email, "password": getpass.getpass("Password: ")}
    answer = Line(Place(url=address)).ask_json("POST", "/api/v1/sessions", credentials)
    path = remember(Place(url=address, token=answer["token"], course=answer["course"]))
    click.echo(f"You are signed in to {safe_text(answer['course'])}. The token is in {path}.\n→ next: grade submit")
    return 0
