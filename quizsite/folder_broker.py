"""Celery's folder of messages, with messages that appear only when they are whole.

kombu creates a message's file under its final name and writes it afterwards; a worker
that looks in between finds an empty file, fails on it and stops.
"""

from pathlib import Path
from time import monotonic
from typing import Any
from uuid import uuid4

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """Writes a message beside its place and moves it there."""

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]  # kombu's base names it otherwise
        name = f"{round(monotonic() * 1000)}_{uuid4()}.{queue}.msg"
        folder = Path(self.data_folder_out)
        part = folder / f".{name}.part"  # no queue's name ends so
        try:
            part.write_text(dumps(payload), "utf-8")
            part.rename(folder / name)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise ChannelError(f"cannot add {name!r} to the folder") from error


class Transport(filesystem.Transport):
    """The same transport with such channels."""

    Channel = Channel
