"""A signed scorecard is the course's, whole and unchanged, or it is refused."""

from __future__ import annotations

import copy
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from grader.model import View
from grader.scorecard import scorecard_document, validate_document
from grader.signing import (
    KeyFileError,
    SignatureError,
    UnsignableError,
    load_private_key,
    load_public_key,
    new_key,
    parse_document,
    render_signed,
    sign_document,
    verify_document,
)
from tests.cards import make_card, make_submission

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "signing.md"


@pytest.fixture(scope="module")
def keys(tmp_path_factory) -> Path:
    """The private key of a course and, beside it, that of a student."""
    folder = tmp_path_factory.mktemp("keys")
    new_key(folder / "course.key")
    new_key(folder / "student.key")
    return folder


@pytest.fixture(scope="module")
def private(keys):
    return load_private_key(keys / "course.key")


@pytest.fixture(scope="module")
def public(keys):
    return load_public_key(keys / "course.key.pub")


@pytest.fixture
def signed(private):
    return parse_document(render_signed(make_card(), View.STUDENT, private).encode())


def places(value, path=()):
    """The path of every value in a document that is no object and no list."""
    if isinstance(value, (dict, list)):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for name, item in items:
            yield from places(item, (*path, name))
    else:
        yield path


def changed(document, path, new):
    document = copy.deepcopy(document)
    inner = document
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = new(inner[path[-1]])
    return document


def other(value):
    """Another value of the same type, where there is one."""
    if isinstance(value, bool) or value is None:
        return not value
    return value + "x" if isinstance(value, str) else value + 1


# ------------------------------------------------------------------------------------------------------------------ signing


@pytest.mark.parametrize("view", View)
def test_a_signed_scorecard_is_verified_and_valid_under_the_schema(view, private, public):
    document = parse_document(render_signed(make_card(), view, private).encode())

    assert verify_document(document, [public]) is public
    validate_document(document)


def test_the_same_scorecard_and_key_give_the_same_bytes(private):
    assert render_signed(make_card(), View.STUDENT, private) == render_signed(make_card(), View.STUDENT, private)


def test_signing_changes_nothing_but_the_signature(private):
    document = scorecard_document(make_card(), View.INSTRUCTOR)

    signed = sign_document(document, private)

    assert {name: value for name, value in signed.items() if name != "signature"} == document
    assert list(signed)[-1] == "signature"


def test_signing_again_replaces_the_signature(signed, keys):
    student = load_private_key(keys / "student.key")

    again = sign_document(signed, student)

    assert again["signature"]["key"] == student.fingerprint
    assert verify_document(again, [load_public_key(keys / "student.key.pub")])


def test_white_space_and_the_order_of_fields_do_not_matter(signed, public):
    text = json.dumps(signed, sort_keys=True, indent=None, ensure_ascii=True)

    assert verify_document(parse_document(text.encode()), [public])


def test_the_text_of_a_private_key_does_not_show_it(private, keys):
    secret = (keys / "course.key").read_text().splitlines()[1]

    assert secret not in repr(private)
    assert "object at" not in repr(private)


# ------------------------------------------------------------------------------------------- what a student may try with one


def test_a_students_own_key_is_not_the_courses(keys, public):
    document = sign_document(scorecard_document(make_card(), View.STUDENT), load_private_key(keys / "student.key"))

    with pytest.raises(SignatureError, match="another key"):
        verify_document(document, [public])


def test_a_students_signature_under_the_name_of_the_courses_key_is_refused(keys, public):
    document = sign_document(scorecard_document(make_card(), View.STUDENT), load_private_key(keys / "student.key"))
    document["signature"]["key"] = public.fingerprint

    with pytest.raises(SignatureError, match="not the one that was signed"):
        verify_document(document, [public])


def test_no_single_value_can_be_changed(signed, public):
    paths = list(places(signed))

    kept = []
    for path in paths:
        try:
            verify_document(changed(signed, path, other), [public])
        except SignatureError:
            continue
        kept.append(path)

    assert kept == []
    # The run and the view are signed like all else; more than the fields of the top were tried.
    assert {("run", "started_at"), ("run", "sandbox", "sandbox"), ("view",), ("signature", "key")} <= set(paths)


def test_no_field_can_be_taken_out_or_put_in(signed, public):
    for name in set(signed) - {"schema"}:
        with pytest.raises(SignatureError):
            verify_document({key: value for key, value in signed.items() if key != name}, [public])
    with pytest.raises(SignatureError, match="not the one that was signed"):
        verify_document({**signed, "note": "10 points more"}, [public])


@pytest.mark.parametrize("without", [{}, {"signature": None}])
def test_a_scorecard_without_its_signature_is_not_signed(signed, public, without):
    del signed["signature"]

    with pytest.raises(SignatureError, match="is not signed"):
        verify_document({**signed, **without}, [public])


def test_the_signature_of_another_scorecard_does_not_fit(private, public):
    ada = sign_document(scorecard_document(make_card(), View.STUDENT), private)
    bob = sign_document(scorecard_document(make_card(submission=make_submission(name="bob")), View.STUDENT), private)

    with pytest.raises(SignatureError, match="not the one that was signed"):
        verify_document({**bob, "signature": ada["signature"]}, [public])


@pytest.mark.parametrize(
    "forged",
    [
        "yes",
        {},
        {"algorithm": "none"},
        {"algorithm": "none", "key": "", "value": ""},
        {"algorithm": "Ed25519", "key": None, "value": None},
        {"algorithm": "Ed25519", "key": ["sha256"], "value": {}},
    ],
)
def test_a_signature_of_another_form_is_refused(signed, public, forged):
    with pytest.raises(SignatureError):
        verify_document({**signed, "signature": forged}, [public])


@pytest.mark.parametrize(
    "spoil",
    [
        lambda value: None,
        lambda value: 7,
        lambda value: "",
        lambda value: value[:-2],
        lambda value: value + "\n",
        lambda value: value[:40],
        lambda value: value.replace("=", "") + "é=",
        # The last character before the padding has four bits that say nothing; only zeros are taken.
        lambda value: value[:-3] + chr(ord(value[-3]) + 1) + "==",
        lambda value: "A" * 86 + "==",
    ],
)
def test_a_signature_has_one_spelling(signed, public, spoil):
    with pytest.raises(SignatureError):
        verify_document(changed(signed, ("signature", "value"), spoil), [public])


def test_one_of_several_trusted_keys_is_enough(signed, public, keys):
    student = load_public_key(keys / "student.key.pub")

    assert verify_document(signed, [student, public]) is public


# --------------------------------------------------------------------------------------- documents that two readers read otherwise


DUPLICATES = {
    "points before": lambda text: text.replace('"points"', '"points": 6, "points"', 1),
    "points after": lambda text: text.rstrip()[:-1] + ', "points": 6}',
    "signature twice": lambda text: text.rstrip()[:-1] + ', "signature": null}',
    "an escaped name": lambda text: text.replace('"points"', '"p\\u006fints": 6, "points"', 1),
    "deep inside": lambda text: text.replace('"seccomp"', '"seccomp": true, "seccomp"', 1),
}


@pytest.mark.parametrize("trick", DUPLICATES)
def test_a_name_that_occurs_twice_is_refused(trick, signed):
    text = DUPLICATES[trick](json.dumps(signed))

    json.loads(text)
    with pytest.raises(UnsignableError, match="occurs twice"):
        parse_document(text.encode())


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e400", "9" * 5000, "0x10", "01", "+1", "1."])
def test_a_number_that_json_or_a_double_does_not_have_is_refused(number, signed):
    text = json.dumps(signed).replace('"points": 0', f'"points": {number}', 1)

    with pytest.raises(UnsignableError):
        parse_document(text.encode())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b'{"schema": "urn:layerwise:scorecard:2"}',
        b"\xff\xfe{}",
        b"[" * 100_000,
        b'\xef\xbb\xbf{"schema": "urn:layerwise:scorecard:1"}',
        '{"schema": "urn:layerwise:scorecard:1"}'.encode("utf-16"),
        b'{"schema": "urn:layerwise:scorecard:1", "x": "\xed\xa0\x80"}',
        b'{"schema": "urn:layerwise:scorecard:1"} {}',
        b'{"schema": "urn:layerwise:scorecard:1", }',
    ],
)
def test_what_is_no_scorecard_is_refused(data):
    with pytest.raises(UnsignableError):
        parse_document(data)


def test_half_a_character_has_no_canonical_form(signed, public):
    # JSON can spell a lone surrogate, UTF-8 cannot.
    document = parse_document(json.dumps(signed).replace('"ada"', '"ada\\ud800"').encode())

    with pytest.raises(UnsignableError, match="no canonical form"):
        verify_document(document, [public])


@pytest.mark.parametrize(("composed", "decomposed"), [("é", "e\u0301"), ("Å", "A\u030a"), ("ﬁ", "fi")])
def test_texts_that_look_alike_are_different_texts(composed, decomposed, private, public):
    document = sign_document(scorecard_document(make_card(submission=make_submission(name=composed)), View.STUDENT), private)

    assert verify_document(document, [public])
    with pytest.raises(SignatureError):
        verify_document(changed(document, ("submission", "name"), lambda _name: decomposed), [public])


def third_party():
    """The program of the page, which has nothing of Layerwise."""
    return PAGE.read_text(encoding="utf-8").split("```python\n")[1].split("```")[0]


def test_a_third_party_needs_the_program_of_the_page_alone(signed, keys, tmp_path):
    (tmp_path / "verify.py").write_text(third_party(), encoding="utf-8")
    genuine = json.dumps(signed)
    cards = {
        "genuine": genuine,
        "changed": genuine.replace('"points": 0', '"points": 6', 1),
        "twice": DUPLICATES["points after"](genuine),
        "own": json.dumps(sign_document(signed, load_private_key(keys / "student.key"))),
    }

    ends = {}
    for name, text in cards.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        command = [sys.executable, "-I", "verify.py", name, str(keys / "course.key.pub")]
        ends[name] = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert ends["genuine"].stdout.startswith("ada sha256:")
    assert {name: end.returncode for name, end in ends.items()} == {"genuine": 0, "changed": 1, "twice": 1, "own": 1}
    assert ends["changed"].stderr.endswith("InvalidSignature\n")


# -------------------------------------------------------------------------------------------------------------------- the keys


@pytest.mark.skipif(sys.platform == "win32", reason="no modes of files")
def test_a_new_private_key_is_for_its_owners_eyes_whatever_the_umask(tmp_path):
    before = os.umask(0)
    try:
        new_key(tmp_path / "a.key")
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "a.key").stat().st_mode) == 0o600


@pytest.mark.parametrize("there", ["a.key", "a.key.pub"])
def test_a_key_is_never_written_over(there, tmp_path):
    (tmp_path / there).write_text("mine")

    with pytest.raises(KeyFileError, match="already exists"):
        new_key(tmp_path / "a.key")

    assert [path.name for path in tmp_path.iterdir()] == [there]
    assert (tmp_path / there).read_text() == "mine"


@pytest.mark.skipif(sys.platform == "win32", reason="no modes of files")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_private_key_that_others_may_read_is_refused(mode, tmp_path):
    new_key(tmp_path / "a.key")
    (tmp_path / "a.key").chmod(mode)

    with pytest.raises(KeyFileError, match="other users") as caught:
        load_private_key(tmp_path / "a.key")

    assert "chmod 600" in caught.value.remedy


def test_a_file_that_is_no_key_is_refused_without_showing_what_is_in_it(tmp_path, keys):
    file = tmp_path / "a.key"
    file.write_text("-----BEGIN PRIVATE KEY-----\nZq7Marker\n-----END PRIVATE KEY-----\n")
    file.chmod(0o600)

    for load, path in [(load_private_key, file), (load_public_key, file), (load_public_key, keys / "course.key")]:
        with pytest.raises(KeyFileError, match="does not hold") as caught:
            load(path)
        assert "Zq7Marker" not in f"{caught.value}{caught.value.remedy}{caught.value.__cause__}"


def test_the_fingerprint_is_that_of_openssl(keys, public):
    try:
        made = subprocess.run(
            ["openssl", "pkey", "-pubin", "-in", str(keys / "course.key.pub"), "-outform", "DER"], capture_output=True, check=True
        )
    except FileNotFoundError:
        pytest.skip("no openssl here")

    import hashlib

    assert public.fingerprint == "sha256:" + hashlib.sha256(made.stdout).hexdigest()
