"""The files under deploy/ say the same port, folders and version as the hub itself."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

import hub
from hub import config

SYSTEMD_ANALYZE = shutil.which("systemd-analyze")


@pytest.fixture(scope="module")
def deploy(root: Path) -> Path:
    return root / "deploy"


@pytest.fixture(scope="module")
def compose(deploy: Path) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((deploy / "compose.yaml").read_text())
    return document


@pytest.fixture(scope="module")
def manifests(deploy: Path) -> dict[str, dict[str, Any]]:
    documents = yaml.safe_load_all((deploy / "kubernetes.yaml").read_text())
    return {document["kind"]: document for document in documents}


@pytest.fixture(scope="module")
def container(manifests: dict[str, dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = manifests["StatefulSet"]["spec"]["template"]["spec"]["containers"][0]
    return found


@pytest.mark.parametrize("name", ["hearth-hub.service", "Dockerfile", "compose.yaml"])
def test_every_variable_that_is_set_is_one_the_hub_reads(
    deploy: Path, tmp_path: Path, name: str
) -> None:
    pairs = re.findall(r"\b(HUB_[A-Z_]+)(?:=|: )\"?([^\s\"]+)", (deploy / name).read_text())
    loaded = config.load(tmp_path / "none.toml", dict(pairs))
    assert (loaded.server.port, len(pairs) > 0) == (config.Config().server.port, True)


def test_the_container_of_kubernetes_is_set_up_as_the_image_is(
    deploy: Path, container: dict[str, Any]
) -> None:
    image = dict(re.findall(r"\b(HUB_[A-Z_]+)=(\S+)", (deploy / "Dockerfile").read_text()))
    assert {pair["name"]: pair["value"] for pair in container["env"]} == image


def test_every_port_is_the_hubs(
    manifests: dict[str, dict[str, Any]], container: dict[str, Any]
) -> None:
    port = config.Config().server.port
    assert container["ports"] == [{"name": "http", "containerPort": port}]
    assert [p["port"] for p in manifests["Service"]["spec"]["ports"]] == [port]


def test_the_image_is_of_this_version(
    deploy: Path, compose: dict[str, Any], container: dict[str, Any]
) -> None:
    tag = f"hearth-hub:{hub.__version__}"
    build = re.search(r"-t (\S+)", (deploy / "Dockerfile").read_text())
    assert (compose["services"]["hub"]["image"], container["image"]) == (tag, tag)
    assert build is not None
    assert build[1] == tag


def test_everything_that_is_copied_into_the_image_is_there(root: Path, deploy: Path) -> None:
    kept = re.findall(r"^!(\S+)", (deploy / "Dockerfile.dockerignore").read_text(), re.MULTILINE)
    assert [name for name in kept if not (root / name).exists()] == []


def test_what_the_containers_remember_outlives_them(
    compose: dict[str, Any], manifests: dict[str, dict[str, Any]], container: dict[str, Any]
) -> None:
    claims = manifests["StatefulSet"]["spec"]["volumeClaimTemplates"]
    assert compose["services"]["hub"]["volumes"] == ["data:/data"]
    assert {"name": "data", "mountPath": "/data"} in container["volumeMounts"]
    assert [claim["metadata"]["name"] for claim in claims] == ["data"]


def test_the_dashboard_asks_for_metrics_that_there_are(root: Path, deploy: Path) -> None:
    asked = set(re.findall(r"hearth_[a-z_]+", (deploy / "grafana.json").read_text()))
    declared = re.findall(r'"(hearth_[a-z_]+)"', (root / "web/api/metrics.py").read_text())
    there = {f"{name}{suffix}" for name in declared for suffix in ("", "_total", "_bucket")}
    assert asked - there == set()


@pytest.mark.skipif(
    SYSTEMD_ANALYZE is None,
    reason="no systemd-analyze on this machine; it comes with the package systemd",
)
def test_systemd_understands_the_unit(deploy: Path, tmp_path: Path) -> None:
    unit = (deploy / "hearth-hub.service").read_text()
    program = re.sub(r"(?m)^ExecStart=.*", "ExecStart=/bin/true", unit)
    (tmp_path / "hearth-hub.service").write_text(program)
    command = [str(SYSTEMD_ANALYZE), "verify", "--man=no", str(tmp_path / "hearth-hub.service")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
