# Two stages: what is needed to install stays behind. Everything that is installed is named with its hash.
FROM python:3.11.15-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
RUN python -m venv /opt/zoom_sync
ENV PATH=/opt/zoom_sync/bin:$PATH
WORKDIR /build
# First what changes seldom: this layer is made again only with the lock file.
COPY requirements/runtime.txt requirements/runtime.txt
RUN pip install --quiet --require-hashes --requirement requirements/runtime.txt
COPY pyproject.toml README.md LICENSE ./
COPY src src
# What packages bring for their own tests and for compilers is a tenth of the image; setuptools came with the venv.
RUN pip install --quiet --no-deps --no-build-isolation . \
 && pip uninstall --quiet --yes setuptools \
 && find /opt/zoom_sync/lib -type d '(' -name tests -o -path '*/pyarrow/include' ')' -prune -exec rm -r '{}' + \
 && python -m compileall -q /opt/zoom_sync/lib

FROM python:3.11.15-slim-bookworm
RUN groupadd --gid 10001 zoom_sync \
 && useradd --uid 10001 --gid 10001 --home-dir /nonexistent --no-create-home --shell /usr/sbin/nologin zoom_sync \
 && install -d -o 10001 -g 10001 /app /app/var /app/out
COPY --from=build /opt/zoom_sync /opt/zoom_sync
COPY config /app/config
ENV PATH=/opt/zoom_sync/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
WORKDIR /app
USER 10001:10001
ENTRYPOINT ["zoom-sync"]
CMD ["--help"]
