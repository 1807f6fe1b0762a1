"""Messages in a folder appear whole or not at all."""

from pathlib import Path
from typing import Any

import pytest
from kombu import Connection
from kombu.exceptions import ChannelError
from kombu.transport import filesystem

from quizsite.celery import app
from quizsite.folder_broker import Transport


def connection(folder: Path) -> Connection:
    options = {
        "data_folder_in": str(folder),
        "data_folder_out": str(folder),
        "control_folder": str(folder / "control"),
        "polling_interval": 0.02,
    }
    return Connection("filesystem://", transport_options=options)


def test_celery_uses_it() -> None:
    assert app.main == "quizsite"  # the alias is set where the app is made
    assert Connection("filesystem://").get_transport_cls() is Transport


def test_a_message_arrives_as_it_was_sent(tmp_path: Path) -> None:
    with connection(tmp_path) as link:
        queue = link.SimpleQueue("grading")
        queue.put({"answer": "größer"})

        assert queue.get(timeout=2).payload == {"answer": "größer"}


def test_a_reader_never_sees_a_message_that_is_being_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []
    rename = Path.rename

    def look_first(self: Path, target: Any) -> Path:
        seen.append([p.name for p in tmp_path.iterdir() if p.suffix == ".msg"])
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", look_first)
    with connection(tmp_path) as link:
        link.SimpleQueue("labs").put({"answer": "x"})

    assert seen == [[]]
    assert issubclass(Transport.Channel, filesystem.Channel)


def test_a_message_that_cannot_be_moved_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, target: Any) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", full)
    with connection(tmp_path) as link:
        channel: Any = link.channel()
        with pytest.raises(ChannelError, match="labs"):
            channel._put("labs", {"answer": "x"})

    assert not [p for p in tmp_path.iterdir() if p.is_file()]
