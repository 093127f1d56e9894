"""Upload of a folder to a dataset repository on the Hub, in one commit."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpuscope.corpora.hub_requests import configure_hub_client
from corpuscope.corpora.hub_settings import endpoint
from corpuscope.errors import AccessDenied, CorpuscopeError, CorpusError, SourceUnavailable, UsageError

_LOGIN = "log in with `hf auth login`, or set HF_TOKEN to a token that may write"
_AGAIN = "run it again: what has arrived is not sent twice"


def check_repository(repository: str) -> None:
    """Raise UsageError unless `repository` is a valid OWNER/NAME, AccessDenied when no token is set."""
    # Xet has a client of its own, with other messages for each fault. The variable is read at import.
    os.environ.setdefault("HF_HUB_DISABLE_XET", "1")
    configure_hub_client()
    from huggingface_hub import get_token
    from huggingface_hub.errors import HFValidationError
    from huggingface_hub.utils import validate_repo_id  # type: ignore[attr-defined]  # exported lazily

    try:
        validate_repo_id(repository)
    except HFValidationError:
        owner = ""
    else:
        owner = repository.partition("/")[0] if "/" in repository else ""
    if not owner:
        raise UsageError(
            f"{repository!r} cannot be a dataset on the Hub", "write OWNER/NAME, as in ann/my-labels"
        )
    if not get_token():
        raise AccessDenied(f"publishing at {endpoint()} needs a login", _LOGIN)


def upload(folder: Path, repository: str, *, public: bool, message: str) -> str:
    """Upload the files in `folder` to the dataset `repository` and return its address.

    A missing repository is created. Either all files arrive or none. Raises UsageError when the repository is
    public without `public`, and AccessDenied, CorpusError or SourceUnavailable.
    """
    check_repository(repository)
    from huggingface_hub import CommitOperationAdd, HfApi

    files = sorted(path for path in folder.rglob("*") if path.is_file())
    with _explain_errors(repository):
        api = HfApi()
        page = f"{endpoint()}/datasets/{repository}"
        try:
            private = api.repo_info(repository, repo_type="dataset").private
        except CorpusError:  # the repository does not exist yet
            api.create_repo(repository, repo_type="dataset", private=not public)
        else:
            if not public and not private:
                raise UsageError(
                    f"{page} is public", "use --public to publish there, or name another dataset"
                )
        api.create_commit(
            repository,
            [CommitOperationAdd(path.relative_to(folder).as_posix(), path) for path in files],
            commit_message=message,
            repo_type="dataset",
        )
    return page


@contextmanager
def _explain_errors(repository: str) -> Iterator[None]:
    """Translate the errors of an upload to `repository` into ours, in one sentence."""
    from huggingface_hub.errors import HfHubHTTPError

    failed = f"{repository} was not published"
    try:
        try:
            yield
        except RuntimeError as fault:  # huggingface_hub raises it for any fault while it sends a large file
            raise fault.__cause__ or fault from None
    except SourceUnavailable as fault:
        raise SourceUnavailable(f"{failed}: {fault.message}", _AGAIN) from fault
    except (AccessDenied, CorpusError) as fault:
        raise type(fault)(f"{failed}: {fault.message}", fault.hint) from fault
    except HfHubHTTPError as fault:
        raise _refusal(failed, repository, fault.response.status_code, fault.server_message or "") from fault
    except ValueError as fault:  # the Hub rejects a dataset card or a file
        raise CorpuscopeError(f"{failed}: the Hub rejected it: {fault}") from fault


def _refusal(failed: str, repository: str, status: int, reason: str) -> CorpuscopeError:
    """Return the error that a refusal to create a repository stands for."""
    owner = repository.partition("/")[0]
    match status:
        case 401:
            return AccessDenied(f"{failed}: {endpoint()} does not accept your token", _LOGIN)
        case 403:
            return AccessDenied(f"{failed}: your token may not write datasets of {owner}", _LOGIN)
        case 404:
            return CorpusError(f"{failed}: {endpoint()} knows no {owner}", "check the name before the slash")
        case _:
            return CorpuscopeError(f"{failed}: {endpoint()} answered {status} {reason}".rstrip(), _AGAIN)
