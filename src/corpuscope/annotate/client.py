"""Ask an OpenAI-compatible server, in the best form that it understands, and explain what it refuses."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

import openai
from openai import OpenAI

from corpuscope.annotate.reply import Tokens
from corpuscope.errors import UsageError

NO_KEY = "none"
"""Key sent to a server that needs none; the client insists on one."""

TOP_LOGPROBS = 8
"""Likeliest tokens that are asked for in place of each token."""

MOST_WORDS = 400
"""Characters of a server's own words that are quoted."""


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
    "schema and probabilities": Form(schema=True, logprobs=True, sampling=True),
    "schema": Form(schema=True, logprobs=False, sampling=True),
    "text": Form(schema=False, logprobs=False, sampling=True),
    "schema, default sampling": Form(schema=True, logprobs=False, sampling=False),
    "text, default sampling": Form(schema=False, logprobs=False, sampling=False),
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
    """Tokens of a reply at most."""
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


@dataclass(frozen=True, slots=True)
class Reply:
    """A model's reply."""

    text: str
    """Its text; "" when it has none."""
    model: str
    """Name of the model, as the server reports it."""
    form: str
    """Name of the form in which it was asked for."""
    cut_off: bool
    """Whether it ended because `max_tokens` were used up."""
    tokens_in: int | None
    """Tokens of the prompt."""
    tokens_out: int | None
    """Tokens of the reply."""
    tokens: Tokens
    """Its tokens with their alternatives; empty when the server gives none."""


class CallFailed(Exception):
    """The server gave no reply this time, and may give one later. The message is in its own words."""


class DocumentRefused(Exception):
    """The server refuses this document, as it would again. The message is in its own words."""


class Client:
    """A client of one server and model. Safe to use from several threads."""

    def __init__(
        self,
        parameters: Parameters,
        *,
        base_url: str | None = None,
        timeout: float = 120.0,
        retries: int = 4,
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        """Take the address from `base_url` or OPENAI_BASE_URL, and the key from OPENAI_API_KEY.

        `timeout` is that of one try, in seconds. Answers 429 and 5xx and lost connections are tried again `retries`
        times, after as long as the server asks for. Raises UsageError without an address and a key.
        """
        base_url = base_url or environment.get("OPENAI_BASE_URL") or None
        key = environment.get("OPENAI_API_KEY", "")
        if not key and base_url is None:
            raise UsageError(
                "there is no server to ask",
                "name one with --base-url http://localhost:8000/v1, or set OPENAI_API_KEY for OpenAI's own",
            )
        try:
            self._client = OpenAI(
                api_key=key or NO_KEY, base_url=base_url, timeout=timeout, max_retries=retries
            )
        except Exception as fault:  # whatever the address is parsed with
            raise UsageError(
                f"{base_url}: is no address of a server: {fault}", "write http://host:port/v1"
            ) from fault
        self.address = str(self._client.base_url)
        """Address of the server."""
        self._parameters = parameters
        self._forms = list(FORMS)
        self._settling = Lock()
        self._form = ""

    def ask(self, messages: Sequence[Mapping[str, str]]) -> Reply:
        """Ask one question; blocks until the reply is there.

        The first one finds the form that the server understands; others wait for it. Raises CallFailed,
        DocumentRefused, and UsageError for what no question can succeed with: a wrong key or model.
        """
        if not self._form:
            with self._settling:
                if not self._form:
                    return self._settle(messages)
        try:
            return self._call(messages, self._form)
        except (openai.BadRequestError, openai.UnprocessableEntityError) as refusal:
            raise DocumentRefused(_words(refusal)) from refusal

    def close(self) -> None:
        """Close the connections; calls in flight fail."""
        self._client.close()

    def _settle(self, messages: Sequence[Mapping[str, str]]) -> Reply:
        """Try the forms in turn until the server refuses none of the request."""
        last = ""
        for form in FORMS:
            try:
                reply = self._call(messages, form)
            except (openai.BadRequestError, openai.UnprocessableEntityError) as refusal:
                last = _words(refusal)
            else:
                self._form = form
                return reply
        raise CallFailed(last)

    def _call(self, messages: Sequence[Mapping[str, str]], form: str) -> Reply:
        parameters = self._parameters
        body = parameters.body(FORMS[form])
        try:
            completion = self._client.chat.completions.create(
                messages=messages,  # type: ignore[arg-type]  # the client wants its own types of dictionary
                extra_body=dict(parameters.extra_body) or None,
                **body,
            )
        except (openai.BadRequestError, openai.UnprocessableEntityError):
            raise
        except openai.AuthenticationError as refusal:
            raise UsageError(
                f"{self.address} refuses the key: {_words(refusal)}",
                "set OPENAI_API_KEY to the key of this server",
            ) from refusal
        except (openai.PermissionDeniedError, openai.NotFoundError) as refusal:
            raise UsageError(
                f"{self.address} does not offer {parameters.model}: {_words(refusal)}",
                "compare --model and --base-url with what the server says at /models; the address ends in /v1",
            ) from refusal
        except openai.APITimeoutError as fault:
            raise CallFailed(f"no answer within {self._client.timeout:g} s") from fault
        except (openai.OpenAIError, ValueError) as fault:
            raise CallFailed(_words(fault)) from fault
        return _reply(completion, form)


def _reply(completion: object, form: str) -> Reply:
    """Read a completion, which servers do not always make as they should. Raises CallFailed."""
    choices: Any = getattr(completion, "choices", None)
    message = getattr(choices[0], "message", None) if isinstance(choices, list) and choices else None
    if message is None:
        raise CallFailed(
            f"the server sent no chat completion: {' '.join(str(completion).split())[:MOST_WORDS]}"
        )
    content, usage = getattr(message, "content", None), getattr(completion, "usage", None)
    model, finish = getattr(completion, "model", None), getattr(choices[0], "finish_reason", None)
    refusal = getattr(message, "refusal", None)
    return Reply(
        text=content if isinstance(content, str) else refusal if isinstance(refusal, str) else "",
        model=model if isinstance(model, str) else "",
        form=form,
        cut_off=finish == "length",
        tokens_in=_count(getattr(usage, "prompt_tokens", None)),
        tokens_out=_count(getattr(usage, "completion_tokens", None)),
        tokens=_tokens(getattr(choices[0], "logprobs", None)),
    )


def _count(value: object) -> int | None:
    return value if type(value) is int and value >= 0 else None


def _tokens(logprobs: object) -> Tokens:
    """Return the tokens of a reply with their alternatives; nothing when any of it is not as it should be."""
    try:
        return [
            (
                str(token.token),
                [(str(other.token), float(other.logprob)) for other in token.top_logprobs]
                or [(str(token.token), float(token.logprob))],
            )
            for token in logprobs.content or ()  # type: ignore[attr-defined]  # AttributeError is the answer no
        ]
    except (AttributeError, TypeError, ValueError):
        return []


def _words(fault: Exception) -> str:
    """Return what the server said, in one line of bounded length."""
    body = getattr(fault, "body", None)
    said = body.get("message") if isinstance(body, dict) else None
    status = getattr(fault, "status_code", None)
    words = str(said or fault)
    if cause := fault.__cause__:
        words = f"{words} ({cause})"
    return " ".join(f"{f'HTTP {status}: ' if status else ''}{words}".split())[:MOST_WORDS]
