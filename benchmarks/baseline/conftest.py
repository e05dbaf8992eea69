"""One test per check, as a course that grades by pytest would have it."""

from __future__ import annotations


def pytest_addoption(parser):
    parser.addoption("--submission")
    parser.addoption("--exercises")
