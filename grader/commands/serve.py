"""``grade serve``: a service in which a course hands in and reads scorecards."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.commands.guarding import guard
from grader.commands.options import course_option, sandbox_option

if TYPE_CHECKING:
    from grader.serve.settings import Settings

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
    "--store", "url", envvar="LAYERWISE_STORE", metavar="URL", help="A PostgreSQL database instead (or LAYERWISE_STORE)."
)
public_option = click.option("--url", "public_url", metavar="URL", help="What people type to reach it, such as https://grades.example.org.")


@click.command()
@data_option
@store_option
@public_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="The port to listen at.")
@click.option("--jobs", type=click.IntRange(1, 512), help="How many submissions are graded at once (default: one per core).")
@click.option("--dask", metavar="ADDRESS", default="", help="Grade on this Dask cluster, such as tcp://head:8786.")
@click.option("--call-limit", type=click.FloatRange(0.1, 600), default=5.0, show_default=True, metavar="S", help="Seconds for one call.")
@click.option("--memory", type=click.IntRange(64, 65536), default=1024, show_default=True, metavar="MIB", help="Memory for submitted code.")
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
    service = open_service(settings)
    guard(service.course, None, sandbox=settings.sandbox)
    click.echo(f"grade: {settings.public_url} serves {service.course.title or service.course.name}; Ctrl-C ends it", err=True)
    # Streams that are open end by themselves when the service closes its hub, and nobody waits for a browser that does not listen.
    uvicorn.run(create_app(service), host=host, port=port, log_level="warning", server_header=False, timeout_graceful_shutdown=3)
    return 0


def expect_installed() -> Any:
    """The server. Raises UsageError if what a service needs is not installed."""
    try:
        import argon2  # noqa: F401 - only asked whether it is there
        import fastapi  # noqa: F401 - as above
        import jinja2  # noqa: F401 - as above
        import uvicorn
    except ImportError as error:
        raise click.UsageError(f'a service needs {error.name}: pip install "layerwise[serve]"') from error
    return uvicorn


def settings_of(host: str, port: int, options: dict[str, Any]) -> Settings:
    """What the command line says."""
    from grader.model import Limits
    from grader.serve.settings import Settings

    return Settings(
        course_root=options["course_root"],
        place=place_of(options["folder"], options["url"]),
        public_url=(options["public_url"] or f"http://{'localhost' if host in ('127.0.0.1', '0.0.0.0') else host}:{port}").rstrip("/"),  # noqa: S104 - compared, not listened at
        sandbox=options["sandbox"],
        limits=Limits(call_s=options["call_limit"], memory_mib=options["memory"]),
        jobs=options["jobs"] or os.cpu_count() or 1,
        dask=options["dask"],
    )


def place_of(folder: Path, url: str | None) -> str | Path:
    """Where the store of a service is."""
    return url or folder / "layerwise.db"
