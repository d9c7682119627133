# One image for every command: `api`, `worker`, `migrate` and the rest. compose.yaml starts it beside the engines.

# The page.
FROM node:24.11.1-bookworm-slim AS page
WORKDIR /build/web
COPY web/package.json web/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY web ./
RUN npm run build

# The packages, each with the hash that requirements.txt gives; only ready wheels, so nothing is compiled here either.
FROM python:3.11.14-slim-bookworm AS packages
WORKDIR /build
COPY requirements.txt ./
RUN python -m venv /opt/tapetum \
    && /opt/tapetum/bin/pip install --no-cache-dir --disable-pip-version-check --only-binary :all: \
        --require-hashes --requirement requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY tapetum ./tapetum
COPY --from=page /build/tapetum/service/page ./tapetum/service/page
RUN /opt/tapetum/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation . \
    && /opt/tapetum/bin/pip uninstall --yes hatchling editables pip

# What runs: Python, the packages, and a user who may write to the spool alone.
FROM python:3.11.14-slim-bookworm
RUN groupadd --gid 10001 tapetum \
    && useradd --uid 10001 --gid 10001 --home-dir /var/lib/tapetum --create-home --shell /usr/sbin/nologin tapetum \
    && install --directory --owner=10001 --group=10001 --mode=0700 /var/lib/tapetum/spool
COPY --from=packages /opt/tapetum /opt/tapetum
ENV PATH=/opt/tapetum/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    TAPETUM_DATA=/var/lib/tapetum \
    TAPETUM_SPOOL=/var/lib/tapetum/spool
USER 10001:10001
WORKDIR /var/lib/tapetum
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
ENTRYPOINT ["tapetum"]
CMD ["api", "--host", "0.0.0.0", "--port", "8080"]
