"""Tests that a failure names the host at fault, what it is, and what to do."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from corpuscope.corpora.hub_source import HubSource
from corpuscope.corpora.known import KNOWN
from corpuscope.errors import AccessDenied, ConfigError, CorpusError, SourceUnavailable
from hub.faults import Fault
from hub.layouts import FINEWEB
from hub.server import StandIn

CORPUS = KNOWN["fineweb"].corpus
PAGE = {"Content-Type": "text/html; charset=utf-8"}
VARIABLES = (
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "ALL_PROXY",
    "HTTPS_PROXY",
)


@pytest.fixture
def source(hub: StandIn, tmp_path: Path) -> HubSource:
    """Return a source with a resolved manifest, none of whose files was read."""
    source = HubSource(CORPUS, None, tmp_path)
    source.manifest()
    hub.reset()
    return source


@pytest.fixture
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Return the environment without certificates and proxies."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    return monkeypatch


def host(address: str) -> str:
    return urlsplit(address).netloc


def closed_port() -> str:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_a_blocked_storage_host_is_named_and_not_the_hub(hub: StandIn, source: HubSource) -> None:
    blocked, open_storage = closed_port(), hub.storage
    hub.storage = blocked
    try:
        with pytest.raises(SourceUnavailable) as caught:
            source.fetch(0, 0)
    finally:
        hub.storage = open_storage
    assert FINEWEB.shards[0] in caught.value.message
    assert f"from {host(blocked)}, where the Hub stores it" in caught.value.message


@pytest.mark.parametrize("where", ["GET /datasets", "GET /storage"])
def test_the_page_of_a_firewall_is_no_refusal_of_the_hub(hub: StandIn, source: HubSource, where: str) -> None:
    hub.faults.add(Fault("status", where, status=403, headers=PAGE))
    with pytest.raises(SourceUnavailable) as caught:
        source.fetch(0, 0)
    blocked = host(hub.storage if "storage" in where else hub.endpoint)
    assert f"{blocked} answered 403 with a web page, as a firewall or proxy does" in caught.value.message
    assert f"let {blocked} through" in caught.value.hint


def test_a_sign_in_page_of_a_network_is_no_card(hub: StandIn, tmp_path: Path) -> None:
    hub.faults.add(Fault("status", "README", status=200, headers=PAGE))
    with pytest.raises(SourceUnavailable, match="names no commit"):
        HubSource(CORPUS, None, tmp_path).manifest()


def test_a_refusal_of_another_hub_names_it_and_what_to_set(
    hub: StandIn, source: HubSource, tmp_path: Path
) -> None:
    other = StandIn(tmp_path / "elsewhere")
    other.start()
    try:
        hub.sends_to = other.endpoint
        with pytest.raises(AccessDenied) as caught:
            source.fetch(0, 0)
    finally:
        other.stop()
    assert f"the Hub sends to {host(other.endpoint)}, which answered 401" in caught.value.message
    assert f"set HF_ENDPOINT to {other.endpoint}" in caught.value.hint
    assert not any(call.token for call in other.calls)


def test_a_vanished_file_is_named_with_its_dataset(hub: StandIn, source: HubSource) -> None:
    file = hub.root / FINEWEB.dataset / FINEWEB.shards[3]
    content = file.read_bytes()
    file.unlink()
    try:
        with pytest.raises(CorpusError, match=f"dataset {FINEWEB.dataset} has no file {FINEWEB.shards[3]}"):
            source.fetch(3, 0)
    finally:
        file.write_bytes(content)


def test_an_untrusted_certificate_is_permanent_and_names_the_variable() -> None:
    from huggingface_hub.utils import httpx  # type: ignore[attr-defined]  # exported lazily

    from corpuscope.corpora.hub_http import translate_errors

    def handshake() -> None:
        request = httpx.Request("GET", "https://storage.example/file")
        try:
            raise ssl.SSLCertVerificationError(1, "certificate verify failed: self-signed certificate")
        except ssl.SSLError as error:
            raise httpx.ConnectError("handshake", request=request) from error

    with (
        pytest.raises(ConfigError) as caught,
        translate_errors("https://hub.example/datasets/a/b/resolve/c/d"),
    ):
        handshake()
    assert "the certificate of storage.example is not trusted" in caught.value.message
    assert "SSL_CERT_FILE" in caught.value.hint


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"])
@pytest.mark.parametrize("content", [None, b"no certificate"])
def test_certificates_that_cannot_be_read_are_named_with_their_variable(
    clean_environment: pytest.MonkeyPatch, tmp_path: Path, variable: str, content: bytes | None
) -> None:
    from corpuscope.corpora.hub_http import new_client

    file = tmp_path / "authority.pem"
    if content is not None:
        file.write_bytes(content)
    clean_environment.setenv(variable, str(file))
    with pytest.raises(ConfigError, match=f"{variable} is '{file}'"):
        new_client()


def test_certificates_of_requests_are_trusted_too(
    clean_environment: pytest.MonkeyPatch,
) -> None:
    from corpuscope.corpora import hub_http

    authority = ssl.get_default_verify_paths().cafile
    if authority is None:
        pytest.skip("this system has no file of certificates")
    clean_environment.setenv("REQUESTS_CA_BUNDLE", authority)
    context = hub_http._certificates()
    assert isinstance(context, ssl.SSLContext)
    assert context.cert_store_stats()["x509_ca"] > 0


def test_a_socks_proxy_names_the_package_it_needs(clean_environment: pytest.MonkeyPatch) -> None:
    from corpuscope.corpora.hub_http import new_client

    clean_environment.setenv("ALL_PROXY", "socks5://user:secret@localhost:1080")
    with pytest.raises(ConfigError) as caught:
        new_client()
    assert "ALL_PROXY names a SOCKS proxy, which needs the package socksio" in caught.value.message
    assert "pip install socksio" in caught.value.hint
    assert "secret" not in str(caught.value)
