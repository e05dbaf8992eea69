"""``grade serve``: a service in which a course hands in and reads scorecards."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.commands.guarding import guard
from grader.commands.options import course_option, dask_option, dask_tls_option, expect_dask, read_tls, sandbox_option

if TYPE_CHECKING:
    from grader.catalog import Course
    from grader.serve.settings import Settings

# Longer than a browser or a web server before this one keeps a connection that it may use again: otherwise a request now and then comes
# to one that is being closed, and is lost.
KEEP_ALIVE_S = 75
MOST_CONNECTIONS = 65536
SERVER: dict[str, Any] = {
    "log_level": "warning",
    # At no level: a path may be an invitation, and a query the code of a sign-in.
    "access_log": False,
    "server_header": False,
    # Streams that are open end by themselves when the service closes its hub, and nobody waits for a browser that does not listen.
    "timeout_graceful_shutdown": 3,
    "timeout_keep_alive": KEEP_ALIVE_S,
}

data_option = click.option(
    "--data",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("service"),
    show_default=True,
    metavar="DIR",
    help="Where everything is kept.",
)
store_option = click.option(
    "--store",
    "url",
    envvar="LAYERWISE_STORE",
    metavar="URL",
    help="A PostgreSQL database instead (or LAYERWISE_STORE; its password in the file that LAYERWISE_STORE_PASSWORD_FILE names).",
)
public_option = click.option(
    "--url",
    "public_url",
    envvar="LAYERWISE_URL",
    metavar="URL",
    help="What people type to reach it, such as https://grades.example.org (or LAYERWISE_URL).",
)


@click.command()
@data_option
@store_option
@public_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="The port to listen at.")
@click.option("--jobs", type=click.IntRange(1, 512), help="How many submissions are graded at once (default: one per core).")
@dask_option
@dask_tls_option
@click.option("--call-limit", type=click.FloatRange(0.1, 600), default=5.0, show_default=True, metavar="S", help="Seconds for one call.")
@click.option("--memory", type=click.IntRange(64, 65536), default=1024, show_default=True, metavar="MIB", help="Memory for submitted code.")
@click.option(
    "--sign-on",
    "sign_on",
    envvar="LAYERWISE_SIGN_ON",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="A TOML file about a university's single sign-on (or LAYERWISE_SIGN_ON).",
)
@sandbox_option
@course_option
def command(host: str, port: int, **options: Any) -> int:
    """Run a service for a whole course, in a browser and for `grade submit`.

    It can be ended at any moment, however it ends: what was handed in is graded by the next start. `grade invite` makes accounts.
    """
    uvicorn = expect_installed()
    from grader.serve.app import create_app
    from grader.serve.service import open_service

    settings = settings_of(host, port, options)
    if settings.dask:
        expect_dask()
    service = open_service(settings)
    guard(service.course, None, sandbox=settings.sandbox)
    expect_seed(service.course)
    mark = service.course.mark
    click.echo(f"grade: {settings.public_url} serves {service.course.title or service.course.name}; Ctrl-C ends it", err=True)
    click.echo(f"grade: {mark.seed} seed, fingerprint {mark.seed_fingerprint}", err=True)
    allow_many_connections()
    uvicorn.run(create_app(service), host=host, port=port, **SERVER)
    return 0


def expect_seed(course: Course) -> None:
    """Raise CourseError if somebody means to give a seed that the course does not look for: the public one would be used unnoticed."""
    given = next((name for name in ("LAYERWISE_SEED", "LAYERWISE_SEED_FILE") if os.environ.get(name)), "")
    if given and not course.seed_is_secret:
        from grader.errors import CourseError

        remedy = 'Write under [seed]: environment = "LAYERWISE_SEED"'
        raise CourseError(f"{given} is set, but {course.root / 'course.toml'} does not look for it", remedy=remedy)


def allow_many_connections() -> None:
    """Open as many connections as the system lets a process: 1024, which it begins with, are a class with two windows each."""
    if sys.platform != "win32":
        import resource

        _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        # A system without a bound is taken at its word for no more than this.
        most = MOST_CONNECTIONS if hard == resource.RLIM_INFINITY else min(hard, MOST_CONNECTIONS)
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def expect_installed() -> Any:
    """The server. Raises UsageError if what a service needs is not installed."""
    try:
        import argon2  # noqa: F401 - only asked whether it is there
        import fastapi  # noqa: F401 - as above
        import httpx2  # noqa: F401 - as above
        import jinja2  # noqa: F401 - as above
        import jwt  # noqa: F401 - as above
        import uvicorn
    except ImportError as error:
        raise click.UsageError(f'a service needs {error.name}: pip install "layerwise[serve]"') from error
    return uvicorn


def settings_of(host: str, port: int, options: dict[str, Any]) -> Settings:
    """What the command line says."""
    from grader.model import Limits
    from grader.serve.settings import Settings
    from grader.serve.single_sign_on import read_sign_on

    file = options["sign_on"]
    return Settings(
        course_root=options["course_root"],
        place=place_of(options["folder"], options["url"]),
        folder=options["folder"],
        public_url=(options["public_url"] or f"http://{'localhost' if host in ('127.0.0.1', '0.0.0.0') else host}:{port}").rstrip("/"),  # noqa: S104 - compared, not listened at
        sandbox=options["sandbox"],
        limits=Limits(call_s=options["call_limit"], memory_mib=options["memory"]),
        jobs=options["jobs"] or os.cpu_count() or 1,
        dask=options["address"],
        dask_tls=read_tls(options["tls"]),
        single_sign_on=read_sign_on(file, os.environ.get("LAYERWISE_SIGN_ON_SECRET", "")) if file else None,
    )


def place_of(folder: Path, url: str | None) -> str | Path:
    """Where the store of a service is: `url`, with the password in the file that LAYERWISE_STORE_PASSWORD_FILE names, if it does.

    Raises
    ------
    StoreError
        If that file cannot be read.
    """
    file = os.environ.get("LAYERWISE_STORE_PASSWORD_FILE")
    if not url or not file:
        return url or folder / "layerwise.db"
    from grader.store import StoreError
    from grader.store.connect import parse_address

    address = parse_address(url)
    if address.path is not None:
        return address.path
    try:
        password = Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        remedy = "Look at LAYERWISE_STORE_PASSWORD_FILE."
        raise StoreError(f"the password of the store cannot be read from {file}", remedy=remedy) from error
    return address.url.set(password=password).render_as_string(hide_password=False)
