# One image for every process of ours; the command says which.
FROM python:3.11-slim-bookworm AS packages
COPY requirements.txt /tmp/requirements.txt
RUN python -m venv --without-pip /opt/venv \
 && pip --python /opt/venv/bin/python install --no-cache-dir --only-binary :all: \
    --require-hashes -r /tmp/requirements.txt \
 && find /opt/venv -depth -type d -name tests -exec rm -r {} +

FROM python:3.11-slim-bookworm
RUN groupadd --gid 10001 sambatan \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /app --shell /usr/sbin/nologin sambatan
COPY --from=packages /opt/venv /opt/venv
COPY . /app
WORKDIR /app
ENV PATH=/opt/venv/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    SAMBATAN_HEALTH_HOST=0.0.0.0
RUN python -m compileall -q /app && ln -s /app/deploy/docker/entrypoint /usr/local/bin/sambatan
USER 10001:10001
ENTRYPOINT ["sambatan"]
