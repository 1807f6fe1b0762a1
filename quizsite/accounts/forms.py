"""What the account pages may post."""

from datetime import timedelta

from django import forms

from quizsite.accounts.models import ApiToken


class TokenForm(forms.Form):
    """A new API token."""

    EXPIRIES = (
        ("7", "7 days"),
        ("30", "30 days"),
        ("90", "90 days"),
        ("365", "A year"),
        ("", "Never"),
    )

    name = forms.CharField(max_length=80, help_text="What it is for, for yourself.")
    scope = forms.ChoiceField(
        label="May", choices=ApiToken.Scope.choices, initial=ApiToken.Scope.READ
    )
    days = forms.ChoiceField(
        label="Ends after", choices=EXPIRIES, initial="90", required=False
    )

    def expiry(self) -> timedelta | None:
        """Give how long it lives; None for ever."""
        days = self.cleaned_data["days"]
        return timedelta(days=int(days)) if days else None
