"""One list of dependencies, told three times: pyproject.toml decides, environment.yml and requirements.lock follow."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")

# What conda-forge calls a package, where that differs from its name on the Python package index.
CONDA_NAMES = {"python-duckdb": "duckdb", "py-opencv": "opencv-python-headless"}
# What an environment needs beside the project's own dependencies.
BESIDES = {"python", "pip"}
PYTHONS = ["3.11", "3.12", "3.13", "3.14"]
SYSTEMS = ["linux", "darwin", "win32"]


def direct_dependencies() -> dict[str, Requirement]:
    lists = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    requirements = [Requirement(line) for lines in lists for line in lines]
    return {canonicalize_name(requirement.name): requirement for requirement in requirements}


def conda_environment() -> tuple[dict[str, Requirement], list[str]]:
    """What environment.yml asks for, by the name pyproject.toml uses; and the lines of its pip section."""
    listed = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    pip_lines = next(entry["pip"] for entry in listed if isinstance(entry, dict))
    requirements = [Requirement(entry) for entry in listed if isinstance(entry, str)]
    requirements += [Requirement(line) for line in pip_lines if not line.startswith("-")]
    return {CONDA_NAMES.get(r.name, canonicalize_name(r.name)): r for r in requirements}, pip_lines


def locked(python: str, system: str) -> dict[str, list[Version]]:
    """Name → versions that the lock file pins for one Python on one system."""
    environment = default_environment() | {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "sys_platform": system,
        "platform_system": {"linux": "Linux", "darwin": "Darwin", "win32": "Windows"}[system],
        "os_name": "nt" if system == "win32" else "posix",
    }
    pins: dict[str, list[Version]] = {}
    for line in LOCK.splitlines():
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate(environment):
            (pin,) = requirement.specifier
            pins.setdefault(canonicalize_name(requirement.name), []).append(Version(pin.version))
    return pins


def test_environment_lists_every_dependency_and_no_other() -> None:
    listed, _ = conda_environment()
    assert set(listed) - BESIDES == set(direct_dependencies())


def test_environment_asks_for_the_same_versions() -> None:
    listed, _ = conda_environment()
    asked = {name: str(requirement.specifier) for name, requirement in direct_dependencies().items()}
    assert {name: str(listed[name].specifier) for name in asked} == asked
    assert str(listed["python"].specifier) == PROJECT["requires-python"]


def test_environment_installs_the_project_itself() -> None:
    _, pip_lines = conda_environment()
    assert "-e ." in pip_lines


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("python", PYTHONS)
def test_lock_pins_every_dependency_once_within_its_bounds(python: str, system: str) -> None:
    pins = locked(python, system)
    twice = {name: versions for name, versions in pins.items() if len(versions) > 1}
    assert not twice
    for name, requirement in direct_dependencies().items():
        assert name in pins, f"{name} is not in requirements.lock: see CONTRIBUTING.md on how to make it again"
        assert pins[name][0] in requirement.specifier, f"{name}: locked {pins[name][0]}, asked {requirement.specifier}"


def test_lock_names_no_address_and_no_path() -> None:
    assert all(re.match(r"[a-z0-9._-]+==[^ ]+( ; .+)?$", line) for line in LOCK.splitlines())
    assert "/" not in LOCK
