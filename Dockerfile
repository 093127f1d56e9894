# Label the documents of a mounted folder, without Python on the host:
#
#   docker build -t corpuscope .
#   docker run --rm -it --user "$(id -u):$(id -g)" -v "$PWD:/data" corpuscope label web.jsonl --annotator ann
#
# Labels go to /data/labels, which is ./labels outside. What was fetched from the Hub is cached in the container: mount
# a folder on /cache to keep it. HF_TOKEN is passed on with `-e HF_TOKEN`.
FROM python:3.12-slim

WORKDIR /build
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY src src
RUN pip install --no-cache-dir --constraint constraints.txt '.[assist,serve,xlsx]' && rm -rf /build

# Writable for whichever user the container is started as, since the host's user has no name inside.
RUN mkdir -m 1777 /cache /data
ENV HOME=/cache XDG_CACHE_HOME=/cache XDG_STATE_HOME=/cache COLORTERM=truecolor
WORKDIR /data
ENTRYPOINT ["corpuscope"]
CMD ["demo"]
