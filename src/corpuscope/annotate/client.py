"""Ask an OpenAI-compatible server, in the best form that it understands, and explain what it refuses."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from threading import Lock

import openai
from openai import BaseModel, OpenAI

from corpuscope.annotate.reply import Reply, quoted, reply_of
from corpuscope.annotate.request import FORMS, CallFailed, DocumentRefused, Parameters
from corpuscope.errors import SourceUnavailable, UsageError

ADDRESS = "start the server, or name another: --base-url http://host:port/v1"
"""Hint about an address where no server answers."""

REFUSALS = (openai.BadRequestError, openai.UnprocessableEntityError)
"""What a server answers to a request that it does not understand, or whose document it refuses."""

NO_KEY = "none"
"""Key sent to a server that needs none; the client insists on one."""


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
        if base_url is not None and not re.match(r"https?://[^\s/]", base_url):
            raise UsageError(f"{base_url!r} is not the address of a server", ADDRESS)
        try:
            self._client = OpenAI(
                api_key=key or NO_KEY, base_url=base_url, timeout=timeout, max_retries=retries
            )
        except Exception as fault:  # whatever the address is parsed with
            raise UsageError(f"{base_url!r} is not the address of a server: {fault}", ADDRESS) from fault
        self.address = str(self._client.base_url)
        """Address of the server."""
        self._parameters = parameters
        self._choosing_form = Lock()
        self._tried = False
        self._unreachable: SourceUnavailable | None = None
        self._form = ""
        """Name of the form that the server understood; "" before its first reply."""

    def ask(self, messages: Sequence[Mapping[str, str]]) -> Reply:
        """Ask one question; blocks until the reply is there.

        The first one finds the form that the server understands; others wait for it. Raises CallFailed,
        DocumentRefused, SourceUnavailable for a server that was never reached, and UsageError for what no question can
        succeed with: a wrong key or model.
        """
        if not self._tried:
            with self._choosing_form:
                if not self._tried:
                    return self._choose_form(messages)
        if self._unreachable is not None:
            raise self._unreachable
        if not self._form:  # the first question failed for another reason than its form
            return self._choose_form(messages)
        try:
            return self._call(messages, self._form)
        except REFUSALS as refusal:
            raise DocumentRefused(_words(refusal)) from refusal

    def close(self) -> None:
        """Close the connections; calls in flight fail."""
        self._client.close()

    def _choose_form(self, messages: Sequence[Mapping[str, str]]) -> Reply:
        """Try the forms in turn until the server refuses none of the request."""
        last = ""
        try:
            for form in FORMS:
                try:
                    reply = self._call(messages, form)
                except REFUSALS as refusal:
                    last = _words(refusal)
                else:
                    self._form = self._form or form
                    return reply
        finally:
            self._tried = True
        raise CallFailed(last)

    def _call(self, messages: Sequence[Mapping[str, str]], form: str) -> Reply:
        parameters = self._parameters
        fields = parameters.body(FORMS[form])
        try:
            completion: object = self._client.chat.completions.create(
                messages=messages,  # type: ignore[arg-type]  # the client wants its own types of dictionary
                extra_body=dict(parameters.extra_body) or None,
                **fields,
            )
        except openai.AuthenticationError as refusal:
            raise UsageError(
                f"{self.address} refuses the key: {_words(refusal)}",
                "set OPENAI_API_KEY to the key of this server",
            ) from refusal
        except (openai.PermissionDeniedError, openai.NotFoundError) as refusal:
            if self._form and isinstance(refusal, openai.PermissionDeniedError):
                raise DocumentRefused(_words(refusal)) from refusal  # a provider's moderation
            raise UsageError(
                f"{self.address} does not offer {parameters.model}: {_words(refusal)}",
                "compare --model and --base-url with what the server says at /models; the address ends in /v1",
            ) from refusal
        except REFUSALS:
            raise
        except openai.APITimeoutError as fault:
            raise CallFailed(f"no answer within {self._client.timeout:g} s") from fault
        except openai.APIConnectionError as fault:
            if self._form:
                raise CallFailed(_words(fault)) from fault
            words = f"{self.address} cannot be reached: {_words(fault)}"
            self._unreachable = SourceUnavailable(words, ADDRESS)
            raise self._unreachable from fault
        except (openai.OpenAIError, ValueError) as fault:
            raise CallFailed(_words(fault)) from fault
        body = completion.model_dump(warnings=False) if isinstance(completion, BaseModel) else completion
        try:
            return reply_of(body, form)
        except ValueError as fault:
            raise CallFailed(str(fault)) from fault


def _words(fault: Exception) -> str:
    """Return what the server said, in one line."""
    body = getattr(fault, "body", None)
    message = body.get("message") if isinstance(body, dict) else None
    status = getattr(fault, "status_code", None)
    words = str(message or fault)
    if cause := fault.__cause__:
        words = f"{words} ({cause})"
    return quoted(words, status)
