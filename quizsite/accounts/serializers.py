"""Shapes of API tokens."""

from typing import Any

from rest_framework import serializers


class TokenRequestSerializer(serializers.Serializer[Any]):
    """What a new token is for."""

    name = serializers.CharField(max_length=80)
    scope = serializers.ChoiceField(choices=["read", "write"], default="read")
    expires_in_days = serializers.IntegerField(
        min_value=1, max_value=3650, allow_null=True, default=None
    )


class TokenSerializer(serializers.Serializer[Any]):
    """A token by its public beginning."""

    key = serializers.CharField(source="token_key")
    name = serializers.CharField()
    scope = serializers.CharField()
    created = serializers.DateTimeField()
    expiry = serializers.DateTimeField(allow_null=True)
    last_used_at = serializers.DateTimeField(allow_null=True)


class NewTokenSerializer(TokenSerializer):
    """A token just made: the only time that it is shown."""

    token = serializers.CharField()
