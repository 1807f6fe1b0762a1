"""What can be wrong with authored content."""


class ContentError(Exception):
    """An authored file that cannot be used, with the place to look at.

    Attributes:
        file: The path inside the module's folder.
        line: Counted from 1; 0 where the whole file is meant.
    """

    code = "content_invalid"

    def __init__(self, file: str, line: int, message: str) -> None:
        """Keep the place and put it in front of the sentence."""
        self.file = file
        self.line = line
        self.message = message
        place = f"{file}:{line}" if line else file
        super().__init__(f"{place}: {message}")
