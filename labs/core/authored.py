"""Authored YAML as values that still know their line, so that errors can name it.

It lives in the lowest core because modules, rubrics and labs all read with it.
"""

from dataclasses import dataclass

import yaml

Scalar = str | int | float | bool | None


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


@dataclass(frozen=True, slots=True)
class Value:
    """A scalar, list or mapping with the line on which it starts (from 1)."""

    file: str
    line: int
    data: "Scalar | list[Value] | dict[str, Value]"

    def error(self, message: str) -> ContentError:
        """Make an error that points here."""
        return ContentError(self.file, self.line, message)

    def mapping(
        self, *, needs: frozenset[str], may: frozenset[str]
    ) -> "dict[str, Value]":
        """Give the keys and values of a mapping that has just these keys.

        Raises:
            ContentError: Not a mapping, a key is missing, or one is unknown.
        """
        if not isinstance(self.data, dict):
            raise self.error("expected a mapping of keys to values")
        for key, value in self.data.items():
            if key not in needs | may:
                raise value.error(f"unknown key {key!r}")
        missing = sorted(needs - self.data.keys())
        if missing:
            raise self.error(f"missing {', '.join(missing)}")
        return self.data

    def items(self) -> "list[Value]":
        """Give the entries of a list.

        Raises:
            ContentError: Not a list.
        """
        if not isinstance(self.data, list):
            raise self.error("expected a list")
        return self.data

    def text(self) -> str:
        """Give text that says something.

        Raises:
            ContentError: Not text, or blank.
        """
        if isinstance(self.data, bool | int | float):
            raise self.error(f"expected text, got {self.data!r}: put it in quotes")
        if not isinstance(self.data, str) or not self.data.strip():
            raise self.error("expected text that is not blank")
        return self.data.strip()

    def number(self, *, least: float, most: float) -> float:
        """Give a number within bounds (both included).

        Raises:
            ContentError: Not a number, or out of bounds.
        """
        if isinstance(self.data, bool) or not isinstance(self.data, int | float):
            raise self.error(f"expected a number, got {self.data!r}")
        if not least <= self.data <= most:
            raise self.error(f"{self.data} is not in {least:g}..{most:g}")
        return float(self.data)

    def texts(self) -> tuple[str, ...]:
        """Give a list of texts, none of them twice.

        Raises:
            ContentError: An entry is blank or stands twice.
        """
        seen: list[str] = []
        for entry in self.items():
            said = entry.text()
            if said in seen:
                raise entry.error(f"{said!r} stands twice")
            seen.append(said)
        return tuple(seen)


def read_yaml(file: str, source: str) -> Value:
    """Parse one YAML document; anchors, tags and doubled keys are refused.

    Raises:
        ContentError: With the line on which the YAML breaks off.
    """
    try:
        node = yaml.compose(source, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise ContentError(file, line, f"not YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise ContentError(file, 0, f"not YAML: {error}") from error
    if node is None:
        raise ContentError(file, 0, "the file is empty")
    return _value(file, node)


def _value(file: str, node: yaml.Node) -> Value:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        return Value(file, line, [_value(file, entry) for entry in node.value])
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Value] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            key_line = key_node.start_mark.line + 1
            if key in found:
                raise ContentError(file, key_line, f"key {key!r} stands twice")
            found[key] = _value(file, value_node)
        return Value(file, line, found)
    scalar = yaml.SafeLoader("").construct_object(node)
    if scalar is not None and not isinstance(scalar, str | int | float | bool):
        # A date such as 2024-01-01: to an author it is text.
        scalar = str(node.value)
    return Value(file, line, scalar)
