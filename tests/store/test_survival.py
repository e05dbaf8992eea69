"""A store survives what happens in a night: killed processes, a full disk, a damaged file, two batches at once, somebody who looks."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grader.store import Store, StoreError
from grader.store.connect import is_on_network, parse_address
from tests.outcomes import make_record

ROOT = Path(__file__).parent.parent.parent
needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="how files are limited and mounted differs elsewhere")

# Writes three records of one submission in each transaction, and says so when they are safe.
WRITER = """
import sys
from grader.store import Store
from tests.outcomes import make_record

start = int(sys.argv[2])
with Store.open(sys.argv[1]) as store, store.lock():
    for number in range(start, start + 30_000, 3):
        store.put_records([make_record(one, message="x" * 2000) for one in range(number, number + 3)])
        print(number + 3, flush=True)
"""


def run_python(script, *arguments, **options):
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options
    )


def count_whole(path):
    """How many records there are, after a look at the whole file."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return connection.execute("SELECT count(*) FROM records").fetchone()[0]


def kill_while_writing(place, start, seconds, folder):
    """Let a writer write, kill it so long after its first words, and give how many records it has acknowledged by then."""
    # A file keeps what was said until the very end, and nobody has to read along.
    with (folder / "said").open("w") as said:
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(place), str(start)], cwd=ROOT, stdout=said)
        wait_until(lambda: (folder / "said").read_text().count("\n") or writer.poll() is not None)
        time.sleep(seconds)
        writer.send_signal(signal.SIGKILL)
        assert writer.wait() == -signal.SIGKILL, "it ended by itself"
    return int((folder / "said").read_text().rpartition("\n")[0].split()[-1])


# --------------------------------------------------------------------------------------------------------------------------- killed


@pytest.mark.parametrize("seed", range(30))
def test_a_writer_that_is_killed_leaves_all_that_it_acknowledged_and_nothing_half(tmp_path, seed):
    path = tmp_path / "layerwise.db"
    # By turns as soon as it has begun, and some transactions later.
    seconds = random.Random(seed).uniform(0, 0.3) if seed % 3 else random.Random(seed).uniform(0, 0.01)

    acknowledged = kill_while_writing(path, 0, seconds, tmp_path)

    there = count_whole(path)
    assert there % 3 == 0
    assert acknowledged <= there <= acknowledged + 3
    with Store.open(path) as store, store.lock():
        assert sum(1 for _ in store.iter_records()) == there
        store.put_record(make_record(99_999))
        assert store.record("key-099999") == make_record(99_999)


def test_a_store_that_is_killed_again_and_again_goes_on_where_it_was(tmp_path):
    path, start = tmp_path / "layerwise.db", 0
    for seed in range(5):
        acknowledged = kill_while_writing(path, start, random.Random(seed).uniform(0, 0.1), tmp_path)
        start = count_whole(path)
        assert start >= acknowledged

    with Store.open(path) as store:
        assert [record.key for record in store.iter_records()] == [f"key-{number:06d}" for number in range(start)]


def test_a_writer_that_is_killed_loses_nothing_on_postgresql_either(make_database, tmp_path):
    place = make_database()
    for seed in range(5):
        with Store.open(place) as store:
            start = sum(1 for _ in store.iter_records())

        acknowledged = kill_while_writing(place, start, random.Random(seed).uniform(0, 0.2), tmp_path)

        wait_until(lambda: not others_of(place))
        with Store.open(place) as store, store.lock():
            there = sum(1 for _ in store.iter_records())
            assert there % 3 == 0
            assert there >= acknowledged


def others_of(place):
    import psycopg

    with psycopg.connect(place) as connection:
        query = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        return connection.execute(query).fetchall()


def wait_until(holds):
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.05)


# ------------------------------------------------------------------------------------------------------------------------ disk full

FILLER = """
import resource, sys
from grader.store import Store, StoreError
from tests.outcomes import make_record

with Store.open(sys.argv[1]) as store:
    store.put_records([make_record(number) for number in range(10)])
    if sys.argv[2] != "0":
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
    import os
    for number in range(10, 1000):
        try:
            store.put_record(make_record(number, message=os.urandom(20_000).hex()))
        except StoreError as error:
            print(number)
            print(error)
            print(error.remedy)
            break
    print(sum(1 for _ in store.iter_records()))
"""


def fill(path, limit=0):
    filler = run_python(FILLER, path, limit)
    said, errors = filler.communicate()
    assert filler.returncode == 0, errors
    number, sentence, remedy, there = said.splitlines()
    assert there == number, "every record before the disk was full is there, and the one that did not fit is not"
    return int(number), sentence, remedy


@needs_linux
def test_a_file_that_may_not_grow_is_one_sentence_and_what_was_there_stays(tmp_path):
    path = tmp_path / "layerwise.db"

    there, sentence, remedy = fill(path, 600_000)

    assert sentence == f"the store at {path}: its file cannot be written or read"
    assert "disk is full" in remedy
    assert count_whole(path) == there >= 10
    with Store.open(path) as store:
        store.put_record(make_record(5000, message="There is room again."))
        assert store.has(["key-000000", "key-005000"]) == {"key-000000", "key-005000"}


@pytest.fixture
def small_disk(tmp_path):
    """A file system of two megabytes, where one may be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder]
    if sys.platform != "linux" or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("nothing may be mounted here")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_a_full_disk_is_one_sentence_and_what_was_there_stays(small_disk):
    path = small_disk / "layerwise.db"

    there, sentence, remedy = fill(path)

    assert sentence == f"the store at {path}: the disk is full"
    assert remedy == "Make room, then run the same command again: it goes on where it was."
    assert there >= 10
    with Store.open(path, read_only=True) as store:
        assert sum(1 for _ in store.iter_records()) == there
    subprocess.run(["mount", "-o", "remount,size=8m", small_disk], check=True)
    assert count_whole(path) == there
    with Store.open(path) as store:
        store.put_record(make_record(5000))
        assert store.record("key-000000") == make_record(0)


# ---------------------------------------------------------------------------------------------------------------------- two writers

HOLDER = """
import sys, time
from grader.store import Store

with Store.open(sys.argv[1]) as store, store.lock():
    print("held", flush=True)
    time.sleep(600)
"""


def test_a_second_batch_is_refused_at_once_with_the_process_and_the_host_of_the_first(place):
    holder = run_python(HOLDER, place)
    try:
        assert holder.stdout.readline() == "held\n"

        begun = time.monotonic()
        with Store.open(place) as store, pytest.raises(StoreError, match=f"process {holder.pid} on {socket.gethostname()}"), store.lock():
            pass

        assert time.monotonic() - begun < 5
    finally:
        holder.kill()
        holder.communicate()

    def free():
        with contextlib.suppress(StoreError), Store.open(place) as store, store.lock():
            return True
        return False

    # The lock goes with its holder, however that ends.
    wait_until(free)


def test_the_same_process_cannot_hold_a_store_twice(place):
    with Store.open(place) as first, Store.open(place) as second, first.lock():
        with pytest.raises(StoreError, match=f"process {os.getpid()}"), second.lock():
            pass
        # Nor has the one that was refused taken anything from the holder.
        with pytest.raises(StoreError, match=f"process {os.getpid()}"), second.lock():
            pass


def test_a_lock_may_be_held_again_and_again(store):
    for _ in range(3):
        with store.lock():
            store.note("held", "")

    assert len(store.events()) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
def test_a_program_that_the_holder_has_started_does_not_hold_the_lock(tmp_path):
    path = tmp_path / "layerwise.db"
    with Store.open(path) as store:
        with store.lock():
            child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, close_fds=False)
        try:
            with store.lock():
                store.note("held", "")
        finally:
            child.communicate(b"\n")


# --------------------------------------------------------------------------------------------------------------------------- readers


def test_somebody_may_read_while_a_batch_writes(place):
    with Store.open(place) as store:
        store.put_record(make_record(0))
    writer = run_python(WRITER, place, 3)
    try:
        writer.stdout.readline()
        seen = []
        with Store.open(place, read_only=True) as reader:
            for _ in range(20):
                seen.append(sum(1 for _ in reader.iter_records()))
                time.sleep(0.02)
        assert writer.poll() is None
    finally:
        writer.kill()
        writer.communicate()

    assert seen == sorted(seen)
    assert seen[-1] > seen[0] >= 4


def test_a_reader_is_never_in_the_way_of_a_writer(place):
    with Store.open(place) as writer, Store.open(place, read_only=True) as reader:
        writer.put_record(make_record(0))
        with reader._reading() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM records").scalar()

            writer.put_record(make_record(1))

        assert reader.has(["key-000001"]) == {"key-000001"}


def test_a_reader_cannot_write(place):
    Store.open(place).close()

    with Store.open(place, read_only=True) as reader, pytest.raises(StoreError, match="opened for reading only"):
        reader.note("hello", "")


def test_a_reader_makes_no_store(tmp_path):
    with pytest.raises(StoreError, match="there is no store at"):
        Store.open(tmp_path / "layerwise.db", read_only=True)

    assert list(tmp_path.iterdir()) == []


def test_a_store_can_be_read_where_nothing_can_be_written(small_disk):
    with Store.open(small_disk / "layerwise.db") as store:
        store.put_record(make_record(0))
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)

    with Store.open(small_disk / "layerwise.db", read_only=True) as store:
        assert store.record("key-000000") == make_record(0)
    with pytest.raises(StoreError, match=r"may only be read|cannot be opened"):
        Store.open(small_disk / "layerwise.db")


# ---------------------------------------------------------------------------------------------------- damage, and what is no store


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "layerwise.db"
    path.write_bytes(b"student,points\r\n" * 100)

    with pytest.raises(StoreError, match="is damaged, or is not a store"):
        Store.open(path)

    assert path.read_bytes() == b"student,points\r\n" * 100


def test_a_record_whose_bytes_have_changed_on_the_disk_is_never_given(store):
    store.put_records([make_record(0), make_record(1)])
    with store._writing() as connection:
        connection.exec_driver_sql(
            "UPDATE records SET body = (SELECT body FROM records WHERE key = 'key-000001'), content = 'f' || substr(content, 2)"
        )

    with pytest.raises(StoreError, match="the result key-000000 is damaged in the store"):
        store.record("key-000000")


def test_a_folder_is_no_store(tmp_path):
    with pytest.raises(StoreError, match="is a folder"):
        Store.open(tmp_path)
    with pytest.raises(StoreError, match="there is no folder"):
        Store.open(tmp_path / "nowhere" / "layerwise.db")


@pytest.mark.parametrize(
    "url", ["mysql://u:secret@h/d", "sqlite://", "://secret@x", "postgresql://u:secret@h:port/d", "postgresql:secret@//"]
)
def test_an_address_of_another_kind_is_refused(url):
    with pytest.raises(StoreError) as refusal:
        Store.open(url)

    assert "secret" not in str(refusal.value)


def test_a_server_that_is_not_there_is_one_sentence_without_the_password():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        with pytest.raises(StoreError) as refusal:
            Store.open(f"postgresql://ada:secret@127.0.0.1:{port}/class")

    assert str(refusal.value) == f"the store at postgresql://ada:***@127.0.0.1:{port}/class: it cannot be reached"
    assert "secret" not in refusal.value.remedy


def test_a_server_that_goes_away_takes_no_record_and_is_one_sentence(make_database):
    import psycopg

    place = make_database()
    with Store.open(place) as store:
        store.put_record(make_record(0))

        def write():
            with store.together():
                store.put_record(make_record(1))
                with psycopg.connect(place, autocommit=True) as connection:
                    connection.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        "WHERE pid <> pg_backend_pid() AND datname = current_database()"
                    )
                store.put_record(make_record(2))

        with pytest.raises(StoreError, match="it cannot be reached"):
            write()

        # The next call finds the server again.
        assert store.has(f"key-{number:06d}" for number in range(3)) == {"key-000000"}


def test_a_database_in_another_encoding_is_refused(make_database):
    with pytest.raises(StoreError, match="is in LATIN1"):
        Store.open(make_database("TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'"))


# -------------------------------------------------------------------------------------------------------------------- where it lies

MOUNTS = """\
22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
40 22 0:41 / /home rw shared:1 - nfs4 server:/home rw
41 40 0:42 / /home/ada/my\\040disk rw - ext4 /dev/sdb rw
42 22 0:43 / /mnt/far rw - fuse.sshfs ada@far: rw
43 22 0:44 / /mnt/usb rw - fuseblk /dev/sdc rw
"""


@pytest.mark.parametrize(
    ("path", "far"),
    [
        ("/srv/a.db", False),
        ("/home/ben/a.db", True),
        ("/home/ada/my disk/a.db", False),
        ("/mnt/far/x/a.db", True),
        ("/mnt/usb/a.db", False),
    ],
)
@needs_linux
def test_a_network_file_system_is_known_by_its_mount(tmp_path, path, far):
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS)

    assert is_on_network(Path(path), mounts) is far


@pytest.mark.parametrize(("far", "journal"), [(False, "wal"), (True, "truncate")])
def test_a_log_is_kept_beside_the_file_only_where_memory_can_be_shared(tmp_path, monkeypatch, far, journal):
    monkeypatch.setattr("grader.store.connect.is_on_network", lambda path: far)

    with Store.open(tmp_path / "layerwise.db") as store, store._reading() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == journal
        # 2 is FULL: https://www.sqlite.org/pragma.html#pragma_synchronous
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2


def test_a_path_and_its_url_are_the_same_store(tmp_path):
    assert (
        parse_address(f"sqlite:///{tmp_path}/a.db").path == parse_address(tmp_path / "a.db").path == parse_address(f"{tmp_path}/a.db").path
    )
