"""The files of deploy/, read by the programs that they are for."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from node import config as configuration

DEPLOY = Path(__file__).parents[2] / "deploy"


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment or None)


def program(name: str) -> str:
    """Its path; where it cannot be installed the check is left to those who have it (tests/deploy/find_tools.sh)."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not here, and find_tools.sh may not install it")
    return found


def test_caddy_accepts_its_file(tmp_path: Path) -> None:
    done = run(
        program("caddy"),
        "validate",
        "--adapter",
        "caddyfile",
        "--config",
        str(DEPLOY / "Caddyfile"),
        HOME=str(tmp_path),
        LINNET_DOMAIN="social.example",
    )

    assert done.returncode == 0, done.stderr


def test_nginx_accepts_its_file(tmp_path: Path) -> None:
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    make_certificate(certificate, key)
    site = (DEPLOY / "nginx.conf").read_text()
    site = site.replace("/etc/ssl/certs/ssl-cert-snakeoil.pem", str(certificate))
    site = site.replace("/etc/ssl/private/ssl-cert-snakeoil.key", str(key))
    whole = tmp_path / "nginx.conf"
    whole.write_text(f"events {{}}\nhttp {{\naccess_log off;\n{site}\n}}\n")

    done = run(
        program("nginx"), "-t", "-p", str(tmp_path), "-e", "stderr", "-g", f"pid {tmp_path}/pid;", "-c", str(whole)
    )

    assert done.returncode == 0, done.stderr


def make_certificate(certificate: Path, key: Path) -> None:
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from cryptography.x509.oid import NameOID

    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "social.example")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(private, hashes.SHA256())
    )
    certificate.write_bytes(signed.public_bytes(Encoding.PEM))
    key.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    """The program that a unit starts must exist, so a stand-in takes its place for the check."""
    for name in ("linnet.service", "linnet.socket"):
        text = (DEPLOY / name).read_text().replace("/opt/linnet/bin/linnet", "/bin/true")
        (tmp_path / name).write_text(text)

    done = run(
        program("systemd-analyze"), "verify", *(str(tmp_path / name) for name in ("linnet.service", "linnet.socket"))
    )

    complaints = [line for line in done.stderr.splitlines() if "linnet" in line]
    assert not complaints, done.stderr


def test_compose_accepts_its_file_and_asks_for_what_must_be_set(tmp_path: Path) -> None:
    compose = program("docker-compose")
    shutil.copy(DEPLOY / "compose.yaml", tmp_path)
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    example = (DEPLOY / "env.example").read_text()
    (tmp_path / ".env").write_text(example)

    done = run(compose, "-f", str(tmp_path / "compose.yaml"), "config", "--quiet", **environ)
    assert done.returncode == 0, done.stderr

    (tmp_path / ".env").write_text(re.sub(r"^POSTGRES_PASSWORD=.*$", "", example, flags=re.MULTILINE))
    refused = run(compose, "-f", str(tmp_path / "compose.yaml"), "config", "--quiet", **environ)
    assert refused.returncode != 0
    assert "POSTGRES_PASSWORD" in refused.stderr


def test_the_container_is_made_of_files_that_are_there() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (DEPLOY / "Containerfile").read_text(), re.MULTILINE)

    assert copied
    for name in " ".join(copied).split():
        assert (DEPLOY.parent / name).exists(), name


def test_what_is_installed_has_every_file_of_the_packages(tmp_path: Path) -> None:
    """As the Containerfile and the README install it: from a copy of what is in the repository."""
    packages = ("node", "federation", "web")
    ignored = shutil.ignore_patterns("__pycache__")
    for name in packages:
        shutil.copytree(DEPLOY.parent / name, tmp_path / "source" / name, ignore=ignored)
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(DEPLOY.parent / name, tmp_path / "source")
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check", "--quiet"]

    done = run(
        *(sys.executable, "-m", "pip", "wheel", *options, "--wheel-dir", str(tmp_path), str(tmp_path / "source")),
        PATH=os.environ["PATH"],
        HOME=str(tmp_path),
    )

    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith(packages)}
    there = {
        str(path.relative_to(DEPLOY.parent))
        for name in packages
        for path in (DEPLOY.parent / name).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert there <= packed


def test_the_container_health_check_asks_a_route_that_exists() -> None:
    from web.health import ROUTES

    path = re.search(r"8420(/[a-z/]+)", (DEPLOY / "Containerfile").read_text())

    assert path is not None
    assert path[1] in {route.path for route in ROUTES}


def test_every_variable_of_the_example_is_known() -> None:
    names = re.findall(r"^#?(LINNET_[A-Z_]+)=(.*)$", (DEPLOY / "env.example").read_text(), re.MULTILINE)

    configuration.load(dict(names), Path("/dev/null"))

    assert names


def test_the_command_is_run_in_the_folder_and_with_the_configuration_of_the_service(tmp_path: Path) -> None:
    """Its three places are others here, and where the node would be, stands what says in which circumstances it is."""
    text = (DEPLOY / "linnet").read_text()
    folder = tmp_path / "folder"
    for there, here in (("/etc/linnet/env", tmp_path / "env"), ("/var/lib/linnet", folder)):
        assert there in text
        text = text.replace(there, str(here))
    folder.mkdir()
    (tmp_path / "linnet").write_text(text.replace("/opt/linnet/bin/linnet", "/usr/bin/env"))

    def typed(*words: str) -> subprocess.CompletedProcess[str]:
        return run("/bin/sh", str(tmp_path / "linnet"), *words, PATH=os.environ["PATH"])

    assert "Try: sudo linnet doctor" in typed("doctor").stderr
    values = (
        "# A=1\n#B=2\nLINNET_DOMAIN=social.example\n\nURL=s://u:a$b&`c`=@h/d?e=f=\nQUOTED=\"in quotes\"\nLAST='end'"
    )
    (tmp_path / "env").write_text(values)
    told = dict(line.split("=", 1) for line in typed().stdout.splitlines())

    assert {name: told.get(name) for name in ("LINNET_DOMAIN", "URL", "QUOTED", "LAST", "A", "B")} == {
        "LINNET_DOMAIN": "social.example",
        "URL": "s://u:a$b&`c`=@h/d?e=f=",
        "QUOTED": "in quotes",
        "LAST": "end",
        "A": None,
        "B": None,
    }
    assert told["LINNET_DATA_DIR"] == told["PWD"] == str(folder)
    assert typed("printf", "%s|", "two words", "$x").stdout == "two words|$x|"
    if os.geteuid() == 0:  # nobody else may become another user
        shutil.chown(folder, "nobody")
        assert typed("id", "-un").stdout == "nobody\n"
        assert "social.example" in typed().stdout


def test_the_units_start_the_installed_command() -> None:
    scripts = tomllib.loads((DEPLOY.parent / "pyproject.toml").read_text())["project"]["scripts"]

    assert list(scripts) == ["linnet"]
    assert "ExecStart=/opt/linnet/bin/linnet serve" in (DEPLOY / "linnet.service").read_text()
