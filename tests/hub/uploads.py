"""Answers to the requests that create a dataset and upload files to it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from typing import Any

from hub.state import Access, State

_WRITES = re.compile(r"/api/datasets/(?P<id>[^/]+/[^/]+)/(?P<call>preupload|commit)/main")
_BATCH = re.compile(r"/datasets/(?P<id>[^/]+/[^/]+)\.git/info/lfs/objects/batch")
_UPLOAD = re.compile(r"/upload/(?P<oid>[0-9a-f]{64})")


class Refused(Exception):
    """The stand-in refuses a request."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class UploadApi:
    """The upload requests of one token."""

    def __init__(self, hub: State, token: str) -> None:
        self._hub = hub
        self._token = token

    def answer(self, method: str, path: str, body: bytes) -> object | None:
        """Return the answer to a request; None when it writes nothing. Raises Refused."""
        if method == "PUT" and (match := _UPLOAD.fullmatch(path)):
            if hashlib.sha256(body).hexdigest() != match["oid"]:
                raise Refused(400, "the file is not the one announced")
            self._hub.uploads[match["oid"]] = body
            return {}
        if method != "POST":
            return None
        if path == "/api/validate-yaml":
            return {"errors": [], "warnings": []}
        if path == "/api/repos/create":
            return self._create(json.loads(body))
        if match := _BATCH.fullmatch(path):
            self._may_write(match["id"])
            return {
                "transfer": "basic",
                "objects": [self._upload_action(file) for file in json.loads(body)["objects"]],
            }
        if match := _WRITES.fullmatch(path):
            self._may_write(match["id"])
            return self._commit(match["id"], body) if match["call"] == "commit" else _modes(json.loads(body))
        return None

    def _may_write(self, dataset: str) -> None:
        owner = dataset.partition("/")[0]
        if self._token not in self._hub.writers:
            raise Refused(401, "Invalid username or password.")
        if owner == "nobody":
            raise Refused(404, "Repository not match")
        if owner not in self._hub.writers[self._token]:
            raise Refused(403, f'You have no rights to create a dataset under the namespace "{owner}"')

    def _create(self, request: dict[str, Any]) -> object:
        dataset = f"{request['organization']}/{request['name']}"
        self._may_write(dataset)
        (self._hub.root / dataset).mkdir(parents=True)
        self._hub.access[dataset] = Access(
            private=request.get("visibility") == "private", tokens={self._token}
        )
        return {"url": f"{self._hub.endpoint}/datasets/{dataset}"}

    def _upload_action(self, file: dict[str, Any]) -> object:
        return {**file, "actions": {"upload": {"href": f"{self._hub.storage}/upload/{file['oid']}"}}}

    def _commit(self, dataset: str, body: bytes) -> object:
        for line in map(json.loads, body.splitlines()):
            value = line["value"]
            if line["key"] == "header":
                continue
            file = self._hub.root / dataset / value["path"]
            file.parent.mkdir(parents=True, exist_ok=True)
            large = line["key"] == "lfsFile"
            file.write_bytes(self._hub.uploads[value["oid"]] if large else base64.b64decode(value["content"]))
        commit = self._hub.commit(dataset)
        return {"commitUrl": f"{self._hub.endpoint}/datasets/{dataset}/commit/{commit}", "commitOid": commit}


def _modes(request: dict[str, Any]) -> object:
    """Tell which files are sent inside the commit, and which are uploaded before it."""
    return {
        "files": [
            {
                "path": file["path"],
                "uploadMode": "lfs" if file["path"].endswith(".parquet") else "regular",
                "shouldIgnore": False,
            }
            for file in request["files"]
        ]
    }
