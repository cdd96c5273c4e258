# One image for every process of ours; the command says which.
FROM python:3.11-slim-bookworm AS packages
RUN python -m venv /opt/venv
COPY requirements.txt /tmp/requirements.txt
RUN /opt/venv/bin/pip install --no-cache-dir --only-binary :all: --require-hashes \
    -r /tmp/requirements.txt

FROM python:3.11-slim-bookworm
RUN groupadd --gid 10001 sambatan \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /app --shell /usr/sbin/nologin sambatan
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY contracts contracts
COPY rules rules
COPY kit kit
COPY services services
COPY gateway gateway
COPY deploy/__init__.py deploy/__init__.py
COPY deploy/docker deploy/docker
ENV PATH=/opt/venv/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    SAMBATAN_HEALTH_HOST=0.0.0.0
RUN python -m compileall -q /app
USER 10001:10001
COPY deploy/docker/entrypoint /usr/local/bin/sambatan
ENTRYPOINT ["/usr/local/bin/sambatan"]
