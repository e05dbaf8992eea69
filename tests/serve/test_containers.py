"""compose.yaml, the image of the service, and the page that tells how to operate them."""

from __future__ import annotations

import re
import runpy
import shutil
import stat
import subprocess
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import pytest
import yaml
from click.testing import CliRunner

from grader.cli import cli

ROOT = Path(__file__).parent.parent.parent
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
OURS = ("service", "worker", "scheduler", "certificates")


# ------------------------------------------------------------------------------------------------------------------- certificates


def test_the_cluster_gets_certificates_once_and_new_ones_before_they_end(tmp_path):
    from cryptography import x509

    script = runpy.run_path(str(ROOT / "image" / "certificates.py"))

    script["main"](tmp_path)
    first = (tmp_path / "cert.pem").read_bytes()
    script["main"](tmp_path)
    second = (tmp_path / "cert.pem").read_bytes()
    script["make"].__globals__["HOLDS"] = timedelta(days=29)
    script["make"](tmp_path)
    soon = (tmp_path / "cert.pem").read_bytes()
    script["make"].__globals__["HOLDS"] = timedelta(days=1000)
    script["main"](tmp_path)

    assert first == second != soon != (tmp_path / "cert.pem").read_bytes()
    member, authority = (x509.load_pem_x509_certificate((tmp_path / name).read_bytes()) for name in ("cert.pem", "ca.pem"))
    member.verify_directly_issued_by(authority)
    assert member.not_valid_after_utc > datetime.now(UTC) + timedelta(days=900)
    assert sorted((path.name, stat.S_IMODE(path.stat().st_mode)) for path in tmp_path.iterdir()) == [
        ("ca.pem", 0o444),
        ("cert.pem", 0o444),
        ("key.pem", 0o400),
    ]


# ------------------------------------------------------------------------------------------------------------------- compose.yaml


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_no_container_may_more_than_it_needs(name):
    service = COMPOSE["services"][name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service.get("cap_add", []) == (["NET_BIND_SERVICE"] if name == "https" else [])
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "mem_limit" in service
    assert "pids_limit" in service
    assert not {"privileged", "devices", "pid", "ipc", "userns_mode"} & set(service)
    assert not any("docker.sock" in str(one) for one in service.get("volumes", []))


@pytest.mark.parametrize("name", set(COMPOSE["services"]) - {"certificates"})
def test_every_container_that_stays_is_watched_and_started_again(name):
    service = COMPOSE["services"][name]

    assert service["restart"] == "unless-stopped"
    # There is no shell in our image.
    assert service["healthcheck"]["test"][0] == "CMD"


def test_only_the_service_holds_secrets_only_the_web_is_reached_and_no_secret_is_in_the_file():
    services = COMPOSE["services"]

    assert {name for name in services if "course-seed" in services[name].get("secrets", [])} == {"service"}
    assert {name for name in services if "ports" in services[name]} == {"service", "https"}
    assert all(port.startswith("127.0.0.1:") for port in services["service"]["ports"])
    assert {name for name, network in COMPOSE["networks"].items() if not network.get("internal")} == {"front"}
    assert services["worker"]["networks"] == services["scheduler"]["networks"] == ["cluster"]
    assert all("file" in secret for secret in COMPOSE["secrets"].values())


def test_the_commands_of_the_containers_are_ones_that_layerwise_takes():
    known = {option for parameter in cli.get_command(None, "serve").params for option in parameter.opts}

    command = COMPOSE["services"]["service"]["command"]

    assert command[0] == "serve"
    assert {word.partition("=")[0] for word in command[1:]} <= known
    assert "FROM scratch AS service" in (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert {COMPOSE["services"][name]["build"]["target"] for name in OURS} == {"service"}


def test_compose_itself_takes_the_file(tmp_path):
    if not shutil.which("docker") or subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode:
        pytest.skip("docker compose is not installed")

    done = subprocess.run(
        ["docker", "compose", "--profile", "https", "config", "--quiet"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")


# ----------------------------------------------------------------------------------------------------------------------- the image


def test_all_that_the_service_needs_is_in_the_locks():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    wanted = {re.split(r"[<>=\[; ]", one)[0] for name in ("batch", "postgres", "cluster", "sign", "serve") for one in extras[name]}

    locked = {
        line.partition("==")[0]
        for name in ("worker", "layerwise", "service")
        for line in (ROOT / "image" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
        if re.match("[a-z]", line)
    }

    # If this fails after a change of pyproject.toml: .ci/lock
    assert wanted - {"layerwise"} <= locked


def test_the_image_of_the_service_begins_from_nothing_and_runs_as_nobody():
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    stage = dockerfile.split("FROM scratch AS service\n")[1].partition("\nFROM ")[0]

    assert "USER 10001:10001" in stage
    assert "RUN" not in stage
    # A build that names no target makes the image for CI, as it did before there was a service.
    assert dockerfile.rstrip().endswith("FROM ci AS default")


def test_a_tls_option_with_two_files_is_refused():
    with pytest.raises(click.UsageError, match="three files"):
        CliRunner().invoke(
            cli, ["serve", "--dask", "tls://scheduler:8786", "--dask-tls", "ca.pem,cert.pem"], catch_exceptions=False, standalone_mode=False
        )


# ------------------------------------------------------------------------------------------------------------------ the page itself


PAGE = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")


def block(mark):
    """The text of the block behind a mark."""
    return PAGE.split(f"<!-- {mark} -->")[1].split("```")[1].partition("\n")[2]


def test_the_settings_of_the_page_are_those_of_compose_yaml():
    # Names of images, for a registry of one's own, are for who reads the file.
    used = set(re.findall(r"\$\{(LAYERWISE_\w+)", (ROOT / "compose.yaml").read_text(encoding="utf-8")))

    named = set(re.findall(r"^\| `(LAYERWISE_\w+)` \|", PAGE, re.MULTILINE))

    assert named == used - {"LAYERWISE_IMAGE", "LAYERWISE_POSTGRES", "LAYERWISE_CADDY"}


def test_systemd_takes_the_unit(tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed")
    # Program and user of the page are not here.
    text = block("unit").replace("/opt/layerwise/bin/grade", shutil.which("true")).replace("User=layerwise", "User=daemon")
    (tmp_path / "grades.service").write_text(text, encoding="utf-8")

    done = subprocess.run(["systemd-analyze", "verify", tmp_path / "grades.service"], capture_output=True, text=True, check=False)

    assert (done.returncode, [line for line in done.stderr.splitlines() if "grades.service" in line]) == (0, [])
