"""The example service, driven as a client would: real HTTP over loopback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "buddy_service"
PEOPLE = """\
id,skills,languages
ana,SQL:5;Python:3,en
bo,SQL:4,en
cy,Public speaking:4,fr
di,Excel:5,en
gil,Excel:4,en
"""
PATIENCE = 60


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """Return a client of the service, which runs in a process of its own."""
    people = tmp_path_factory.mktemp("service") / "people.csv"
    people.write_text(PEOPLE, encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "service:app", "--port", str(port)]
    environment = {**os.environ, "PEOPLE": str(people)}
    with (
        subprocess.Popen(
            command, cwd=EXAMPLE, env=environment, stderr=subprocess.DEVNULL
        ) as server,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as made,
    ):
        try:
            _wait(made, server)
            yield made
        finally:
            server.terminate()


def _wait(client: httpx.Client, server: subprocess.Popen[bytes]) -> None:
    """Wait until the service answers."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        try:
            client.get("/openapi.json")
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the service does not answer")


def asked(client: httpx.Client, question: str, **more: str) -> list[str]:
    """Return who the service names."""
    answer = client.get("/buddies", params={"question": question, **more})
    assert answer.status_code == 200
    return [person["id"] for person in answer.json()["people"]]


def test_the_service_answers(client: httpx.Client) -> None:
    """A platform would copy an example that fails."""
    answer = client.get("/buddies", params={"question": "my sql query is slow"}).json()
    assert [person["id"] for person in answer["people"]] == ["ana", "bo"]
    assert "skill 'SQL' level 5" in answer["people"][0]["why"]
    assert asked(client, "sql", seeker="ana") == []
    assert "not ahead" in client.get("/buddies?question=sql&seeker=ana").json()["hint"]
    nobody = client.get("/buddies", params={"question": "sourdough"}).json()
    assert (nobody["people"], nobody["hint"][:6]) == ([], "nobody")


def test_requests_are_noted(client: httpx.Client) -> None:
    """The first expert would be asked by everybody."""
    assert asked(client, "excel") == ["di", "gil"]
    for _ in range(5):
        assert client.post("/requests/di").status_code == 204
    assert asked(client, "excel") == ["gil"]
    assert client.post("/requests/nobody").status_code == 404


def test_wrong_requests_are_the_callers_fault(client: httpx.Client) -> None:
    """A wrong request would end as an internal error in somebody's log."""
    long = client.get("/buddies", params={"question": "a" * 20_000})
    assert long.status_code == 422
    assert "10,000" in long.text
    assert client.get("/buddies", params={"question": "sql", "seeker": "eve"}).status_code == 422
    assert client.get("/buddies").status_code == 422


def test_many_clients_at_once(client: httpx.Client) -> None:
    """One slow question would hold up everybody else's."""
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: asked(client, "public speaking"), range(40)))
    assert found == [["cy"]] * 40
