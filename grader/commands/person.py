"""``grade person``: what a service keeps of one student, given out or deleted."""

from __future__ import annotations

import contextlib
import io
import json
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.commands.options import course_option
from grader.commands.serve import data_option, expect_installed, place_of, store_option

if TYPE_CHECKING:
    from grader.serve.database import Database
    from grader.serve.person import Known

READ_ME = """All that is kept of {who}, as of the moment this was made.

tables.json   every row, by table; what opens a door (the password, which is there as a hash alone, and tokens) is left out
uploads/      what was handed in, by the number of the upload
scorecards/   what came of each, as the student sees it
"""


@click.command()
@click.argument("what", type=click.Choice(["export", "forget"]), metavar="export|forget")
@click.argument("who")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="For export: the zip to write; - for stdout.",
)
@click.option("--yes", is_flag=True, help="For forget: do it without asking.")
@data_option
@store_option
@course_option
def command(what: str, who: str, out: Path | None, yes: bool, folder: Path, url: str | None, course_root: Path | None) -> int:
    """Give out all that is kept of a student (export), or delete it for good (forget). WHO is an address, or an id of the gradebook.

    A service may run during an export; to forget somebody, end it first. Backups keep what they hold.
    """
    expect_installed()
    from grader.serve.database import Database
    from grader.serve.person import export_of

    place = place_of(folder, url)
    if what == "forget":
        return forget(place, who, yes=yes)
    if out is None:
        raise click.UsageError("export writes a zip: name it with --out FILE.")
    with contextlib.closing(Database.open(place)) as database:
        known, rows = export_of(database, who)
        pages = scorecards(place, database, known, course_root)
        write(out, who, rows, files_of(place, database, known), pages)
    click.echo(f"{out}: {sum(map(len, rows.values()))} rows, {len(known.uploads)} uploads, {len(pages)} scorecards", err=str(out) == "-")
    return 0


def forget(place: str | Path, who: str, *, yes: bool) -> int:
    """Delete somebody, while nothing else has the store."""
    from grader.serve.database import Database
    from grader.serve.person import forget_student, wipe
    from grader.store import Store

    if not yes:
        click.confirm(f"Delete the account, uploads, scorecards and marks of {who}, for good?", abort=True, err=True)
    with Store.open(place) as store, store.lock():
        with contextlib.closing(Database.open(place)) as database:
            deleted = forget_student(database, who)
        address = store.address
        store.close()
        wipe(address)
    click.echo(", ".join(f"{count} of {table}" for table, count in deleted.items()))
    click.echo("grade: backups, exports and the logs of a web server are not changed", err=True)
    return 0


def files_of(place: str | Path, database: Database, known: Known) -> dict[str, bytes]:
    """What was handed in, by its name in the zip: the upload itself as long as it is kept, then the files that were read in it."""
    import zlib

    from sqlalchemy import select

    from grader.serve import tables
    from grader.store import Store

    columns = tables.uploads.c
    query = select(columns.id, columns.name, columns.digest, columns.body).where(columns.id.in_(known.uploads)).order_by(columns.id)
    with database.reading() as connection:
        rows = connection.execute(query).all()
    found: dict[str, bytes] = {}
    with Store.open(place, read_only=True) as store:
        for number, name, digest, body in rows:
            if body:
                found[f"{number}/{name}"] = zlib.decompress(body)
            elif digest:
                files = store.submission(digest).files
                found |= {f"{number}/{inside(file.path)}": file.text.encode("utf-8", "surrogatepass") for file in files}
    return found


def inside(path: str) -> str:
    """A path that leads out of no folder, whatever unpacks it."""
    return "/".join(part for part in path.replace("\\", "/").split("/") if part not in ("", ".", ".."))


def scorecards(place: str | Path, database: Database, known: Known, course_root: Path | None) -> dict[int, Any]:
    """The student's view of the scorecard of each upload that has one."""
    from grader.catalog import load_course
    from grader.model import View
    from grader.scorecard import scorecard_document
    from grader.serve.cards import Cards
    from grader.serve.uploads import uploads_of
    from grader.store import Store

    cards = Cards(load_course(course_root), database)
    with Store.open(place, read_only=True) as store:
        found = {upload.id: cards.card(store, upload) for upload in uploads_of(database, known.student)}
    return {number: scorecard_document(card, View.STUDENT) for number, card in found.items() if card is not None}


def write(out: Path, who: str, rows: Any, files: dict[str, bytes], pages: dict[int, Any]) -> None:
    """Write the zip, to a file that must not be there yet, or to stdout."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("README.txt", READ_ME.format(who=who))
        file.writestr("tables.json", json.dumps(rows, ensure_ascii=False, indent=1))
        for name, body in files.items():
            file.writestr(f"uploads/{name}", body)
        for number, page in pages.items():
            file.writestr(f"scorecards/{number}.json", json.dumps(page, ensure_ascii=False, indent=1))
    if str(out) == "-":
        sys.stdout.buffer.write(made.getvalue())
        return
    from grader.secrecy import write_private

    write_private(out, made.getvalue())
