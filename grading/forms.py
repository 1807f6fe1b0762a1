"""What pages may post and filter by; shape and size only, the rules are elsewhere."""

from typing import Any
from urllib.parse import unquote_to_bytes

from django import forms
from django.http import HttpRequest

from grading.core.practice import Stand
from grading.models import State
from questions.models import Kind


class RawTextField(forms.CharField):
    """Text exactly as typed; what may be an answer is decided by the submit step."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strip=False, required=False, **kwargs)
        self.validators = []


class AnswerForm(forms.Form):
    """An answer or draft with what its page knew.

    ``key`` makes a double click one submission; ``version`` is the item version
    that was read; ``seen`` is the state of the draft the page started from.
    """

    answer = RawTextField()
    key = forms.CharField(max_length=100, required=False)
    version = forms.IntegerField(min_value=1, required=False)
    seen = forms.CharField(max_length=64, required=False)
    mine = forms.BooleanField(required=False)


class ItemFilterForm(forms.Form):
    """Which items to list."""

    STANDS = (
        (Stand.NEW, "Not tried yet"),
        ("tried", "Tried"),
        (Stand.WEAK, "Weak"),
        (Stand.STRONG, "Strong"),
    )

    q = forms.CharField(
        label="Search", max_length=200, required=False, widget=forms.TextInput()
    )
    module = forms.ChoiceField(required=False)
    section = forms.ChoiceField(required=False)
    kind = forms.ChoiceField(choices=[("", "Any"), *Kind.choices], required=False)
    state = forms.ChoiceField(
        label="Standing", choices=[("", "Any"), *STANDS], required=False
    )

    def __init__(
        self,
        *args: Any,
        modules: list[tuple[str, str]],
        sections: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.input_type = "search"
        self.fields["module"].choices = [("", "Any"), *modules]  # type: ignore[attr-defined]
        self.fields["section"].choices = [("", "Any"), *sections]  # type: ignore[attr-defined]


class SubmissionFilterForm(forms.Form):
    """Which of one's submissions to list."""

    item = forms.ChoiceField(required=False)
    state = forms.ChoiceField(choices=[("", "Any"), *State.choices], required=False)

    def __init__(self, *args: Any, items: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].choices = [("", "Any"), *items]  # type: ignore[attr-defined]


def field_not_utf8(request: HttpRequest) -> str | None:
    """Name the first posted field whose bytes are not UTF-8, if there is one.

    Django replaces such bytes without a word; an answer must not change silently.
    The site's own forms are urlencoded; in any other the replacement character is
    all that is left to see.
    """
    if request.content_type == "multipart/form-data":
        posted = request.POST.lists()
        return next(
            (name for name, values in posted if "\ufffd" in "".join(map(str, values))),
            None,
        )
    if request.content_type != "application/x-www-form-urlencoded":
        return None
    for pair in request.body.split(b"&"):
        name, _, value = pair.partition(b"=")
        try:
            unquote_to_bytes(value.replace(b"+", b" ")).decode()
        except UnicodeDecodeError:
            return unquote_to_bytes(name).decode("utf-8", "replace")
    return None
