"""The service's own tables, in the database of the store. No password and no token stands in them, only what either can be checked by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    insert,
    inspect,
    select,
    text,
)

from grader.store.errors import StoreError
from grader.store.tables import COUNTED, Instant, Words, needed, number

TABLES = MetaData()

meta = Table("serve_meta", TABLES, Column("name", Text, primary_key=True), needed("value", Text))

accounts = Table(
    "serve_accounts",
    TABLES,
    number(),
    # Of the roster; empty for staff, so it cannot be unique by itself.
    needed("student", Words),
    needed("name", Words),
    # As it was typed, but in lower case: it is what somebody signs in by.
    needed("email", Words, unique=True),
    needed("role", Text),
    needed("password", Text),
    needed("disabled", Boolean),
    needed("made_at", Instant),
    **COUNTED,
)
HAS_STUDENT = accounts.c.student != ""
Index("serve_accounts_by_student", accounts.c.student, unique=True, sqlite_where=HAS_STUDENT, postgresql_where=HAS_STUDENT)

invitations = Table(
    "serve_invitations",
    TABLES,
    Column("token", Text, primary_key=True),
    needed("account", Integer, index=True),
    needed("expires_at", Instant),
    Column("used_at", Instant),
)

sessions = Table(
    "serve_sessions",
    TABLES,
    Column("token", Text, primary_key=True),
    needed("account", Integer, index=True),
    # A browser's session is no token for a terminal, and the other way round.
    needed("kind", Text),
    needed("made_at", Instant),
    needed("seen_at", Instant),
    needed("expires_at", Instant),
    needed("agent", Words),
)

uploads = Table(
    "serve_uploads",
    TABLES,
    number(),
    needed("account", Integer),
    needed("student", Words),
    needed("received_at", Instant),
    needed("name", Words),
    # The exercise that it was handed in for; empty for all that it holds.
    needed("exercise", Words),
    needed("attempt", Integer),
    needed("sha256", Text),
    needed("size", Integer),
    needed("body", LargeBinary),
    needed("state", Text),
    needed("tries", Integer),
    # Of the store, once it could be read.
    Column("handin", Integer),
    needed("digest", Text),
    # What it counts for, once that is known: a JSON object of exercises and the keys of their records in the store.
    needed("exercises", Words),
    needed("sentence", Words),
    Column("finished_at", Instant),
    Index("serve_uploads_by_student", "student"),
    Index("serve_uploads_by_state", "state"),
    **COUNTED,
)

audit = Table(
    "serve_audit",
    TABLES,
    number(),
    needed("at", Instant),
    needed("account", Integer),
    needed("action", Text),
    needed("subject", Words),
    needed("detail", Words),
    **COUNTED,
)

# ---------------------------------------------------------------------------------------------------------------------- LTI 1.3

lti_platforms = Table(
    "serve_lti_platforms",
    TABLES,
    number(),
    needed("name", Words),
    needed("issuer", Words),
    needed("client_id", Words),
    needed("authorization_url", Words),
    needed("token_url", Words),
    needed("jwks_url", Words),
    # Whom a platform's token service wants to be addressed as; empty for its URL.
    needed("token_audience", Words),
    # A JSON list.
    needed("deployments", Words),
    needed("admits_staff", Boolean),
    needed("trusts_emails", Boolean),
    needed("makes_accounts", Boolean),
    needed("made_at", Instant),
    UniqueConstraint("issuer", "client_id"),
    **COUNTED,
)

# A course of a platform. Nobody comes in from one before an instructor has connected it: a platform has many courses.
lti_contexts = Table(
    "serve_lti_contexts",
    TABLES,
    number(),
    needed("platform", Integer),
    needed("deployment", Words),
    needed("context", Words),
    needed("title", Words),
    needed("connected", Boolean),
    # Where the platform tells who is in the course; empty where it does not.
    needed("memberships_url", Words),
    needed("made_at", Instant),
    UniqueConstraint("platform", "deployment", "context"),
    **COUNTED,
)

lti_links = Table(
    "serve_lti_links",
    TABLES,
    number(),
    needed("context", Integer),
    needed("resource_link", Words),
    needed("title", Words),
    # Empty for a link to the whole course, which has no mark.
    needed("exercise", Words),
    needed("line_item", Words),
    needed("line_items", Words),
    # A JSON list.
    needed("scopes", Words),
    UniqueConstraint("context", "resource_link"),
    **COUNTED,
)

lti_people = Table(
    "serve_lti_people",
    TABLES,
    Column("platform", Integer, primary_key=True),
    Column("sub", Words, primary_key=True),
    needed("account", Integer),
    needed("made_at", Instant),
    UniqueConstraint("platform", "account"),
)

# What somebody is in the middle of: a launch, the choice of an exercise, a registration. Each holds once, and for a short time.
lti_flows = Table(
    "serve_lti_flows",
    TABLES,
    Column("token", Text, primary_key=True),
    needed("kind", Text),
    needed("data", Words),
    needed("expires_at", Instant),
)

# One row for each mark that a platform should have: what it should be, and what was sent of it.
lti_scores = Table(
    "serve_lti_scores",
    TABLES,
    number(),
    needed("link", Integer),
    needed("account", Integer),
    needed("wanted", Words),
    needed("wanted_at", Instant),
    needed("sent", Words),
    Column("sent_at", Instant),
    needed("state", Text),
    needed("tries", Integer),
    needed("next_at", Instant),
    needed("problem", Words),
    UniqueConstraint("link", "account"),
    Index("serve_lti_scores_by_state", "state", "next_at"),
    **COUNTED,
)

# --------------------------------------------------------------------------------------------------------------- single sign-on

identities = Table(
    "serve_identities",
    TABLES,
    number(),
    # What a provider calls itself, and what it calls somebody: that pair is never given to anybody else (OpenID Connect Core, section 5.7).
    needed("issuer", Text),
    needed("subject", Text),
    needed("account", Integer),
    # Whether the account is staff since the provider's groups say so, and no longer than they do.
    needed("by_group", Boolean),
    needed("made_at", Instant),
    needed("seen_at", Instant),
    UniqueConstraint("issuer", "subject"),
    UniqueConstraint("issuer", "account"),
    **COUNTED,
)

# Sign-ins under way. The browser alone has what it takes to end one.
sign_ons = Table(
    "serve_sign_ons",
    TABLES,
    Column("state", Text, primary_key=True),
    needed("browser", Text),
    needed("next", Text),
    needed("expires_at", Instant, index=True),
)

# ----------------------------------------------------------------------------------------------------------------- course rules

# What staff set in the page: the newest row of an exercise (empty for the whole course) and a name holds, and none where its value is null.
rules = Table(
    "serve_rules",
    TABLES,
    number(),
    needed("exercise", Words),
    needed("name", Text),
    Column("value", Words),
    needed("account", Integer),
    needed("made_at", Instant),
    **COUNTED,
)

# More time for one student: days, or a date; for one exercise, or for all where that is empty.
extensions = Table(
    "serve_extensions",
    TABLES,
    number(),
    needed("student", Words, index=True),
    needed("exercise", Words),
    needed("days", Integer),
    Column("until", Instant),
    needed("reason", Words),
    needed("account", Integer),
    needed("made_at", Instant),
    Column("withdrawn_at", Instant),
    **COUNTED,
)

# ------------------------------------------------------------------------------------------------------- editions and regrading

editions = Table(
    "serve_editions",
    TABLES,
    Column("id", Text, primary_key=True),
    needed("exercise", Words),
    needed("key", Text),
    needed("made_at", Instant),
    # The newest of an exercise is the one by which marks stand; empty for one that never was.
    Column("in_force_at", Instant),
    needed("parts", Words),
    needed("checks", Words),
)

regrades = Table(
    "serve_regrades",
    TABLES,
    number(),
    needed("account", Integer),
    needed("begun_at", Instant),
    needed("state", Text),
    # A JSON list of its exercises.
    needed("exercises", Words),
    Column("ended_at", Instant),
    # Revisions of the store, once it is published.
    Column("before", Integer),
    Column("after", Integer),
    **COUNTED,
)

regradings = Table(
    "serve_regradings",
    TABLES,
    number(),
    needed("regrade", Integer),
    needed("upload", Integer),
    needed("exercise", Words),
    needed("digest", Text),
    # The key of the record that counts, and of the one that is to.
    needed("was", Text),
    needed("key", Text),
    needed("state", Text),
    needed("tries", Integer),
    needed("sentence", Words),
    Index("serve_regradings_by_state", "regrade", "state"),
    **COUNTED,
)

hints = Table(
    "serve_hints",
    TABLES,
    Column("student", Words, primary_key=True),
    Column("exercise", Words, primary_key=True),
    Column("function", Words, primary_key=True),
    needed("given", Integer),
)

figures = Table(
    "serve_figures",
    TABLES,
    number(),
    needed("key", Text, unique=True),
    needed("student", Words, index=True),
    needed("digest", Text),
    needed("experiment", Words),
    needed("asked_at", Instant),
    needed("state", Text, index=True),
    needed("tries", Integer),
    needed("sentence", Words),
    # A figure as JSON, deflated; empty before it is drawn.
    needed("body", LargeBinary),
    **COUNTED,
)

# Step number n lifts version n to n + 1, and stays as it is for ever, in SQL of its own.
STEPS: tuple[Callable[[Connection], None], ...] = ()
MAKING_TABLES = 0x6C77_7376


def prepare(connection: Connection, place: str) -> None:
    """Make the tables, or lift older ones, inside of the transaction of `connection`.

    Raises
    ------
    StoreError
        If they were written by a newer Layerwise.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MAKING_TABLES})
    newest = len(STEPS) + 1
    if not inspect(connection).has_table(meta.name):
        TABLES.create_all(connection, checkfirst=False)
        connection.execute(insert(meta), [{"name": "schema", "value": str(newest)}])
        return
    found: Any = connection.execute(select(meta.c.value).where(meta.c.name == "schema")).scalar()
    version = int(found)
    if version > newest:
        raise StoreError(f"the service at {place} was written by a newer Layerwise", remedy="Upgrade Layerwise; nothing was changed.")
    for step in STEPS[version - 1 :]:
        step(connection)
    if version < newest:
        connection.execute(meta.update().where(meta.c.name == "schema").values(value=str(newest)))
