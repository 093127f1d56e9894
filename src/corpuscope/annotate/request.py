"""The requests to a server: their parameters, and the forms in which an answer can be asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TOP_LOGPROBS = 8
"""Likeliest tokens that are asked for in place of each token."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form in which to ask for an answer."""

    schema: bool
    """Whether the server is to hold the reply to a JSON schema with the names of the categories."""
    logprobs: bool
    """Whether probabilities are asked for."""
    sampling: bool
    """Whether temperature, seed and `max_tokens` are set; some models refuse all three."""


FORMS = {
    "schema-logprobs": Form(schema=True, logprobs=True, sampling=True),
    "schema": Form(schema=True, logprobs=False, sampling=True),
    "text": Form(schema=False, logprobs=False, sampling=True),
    "schema-bare": Form(schema=True, logprobs=False, sampling=False),
    "text-bare": Form(schema=False, logprobs=False, sampling=False),
}
"""Forms by name, the best first. The first one that the server does not refuse is kept for the whole run."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """Parameters of every call."""

    model: str
    """Name of the model."""
    categories: tuple[str, ...]
    """Names of the categories: the closed space of answers."""
    max_tokens: int
    """Most tokens of a reply."""
    extra_body: Mapping[str, Any]
    """Further fields of the request, for example to switch reasoning off."""

    def body(self, form: Form) -> dict[str, Any]:
        """Return the fields of a request beside its messages."""
        body: dict[str, Any] = {"model": self.model}
        if form.sampling:
            body |= {"temperature": 0, "seed": 0, "max_tokens": self.max_tokens}
        if form.logprobs:
            body |= {"logprobs": True, "top_logprobs": TOP_LOGPROBS}
        if form.schema:
            schema = {
                "type": "object",
                "properties": {"category": {"type": "string", "enum": list(self.categories)}},
                "required": ["category"],
                "additionalProperties": False,
            }
            body["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": "answer", "strict": True, "schema": schema},
            }
        return body


def parameters_json(max_tokens: int, extra_body: dict[str, Any]) -> str:
    """Return the parameters that decide over an answer, as JSON with sorted keys."""
    parameters = {"extra_body": extra_body, "max_tokens": max_tokens, "seed": 0, "temperature": 0}
    return json.dumps(parameters, sort_keys=True, ensure_ascii=False)


class CallFailed(Exception):
    """The server gave no reply this time, and may give one later. The message is in its own words."""


class DocumentRefused(Exception):
    """The server refuses this document, as it would again. The message is in its own words."""
