# syntax=docker/dockerfile:1
# Two stages: one prepares the virtual environment and the model files, the other runs.
FROM python:3.11-slim AS build
WORKDIR /app
RUN python -m venv /app/.venv
COPY requirements/ requirements/
RUN .venv/bin/pip install --no-cache-dir --require-hashes --no-deps -r requirements/runtime.txt
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY kyc_service/ kyc_service/
COPY models/ models/
# The build requirements go into an environment of their own that is not copied on.
RUN python -m venv /tmp/build \
 && /tmp/build/bin/pip install --no-cache-dir --require-hashes --no-deps -r requirements/runtime.txt -r requirements/build.txt \
 && /tmp/build/bin/python -m kyc_service.inference.prepare \
 && /tmp/build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /tmp/wheel . \
 && .venv/bin/pip install --no-cache-dir --no-deps /tmp/wheel/*.whl

FROM python:3.11-slim
WORKDIR /app
RUN useradd --system --uid 10001 --create-home kyc && install -d -o kyc -g kyc /data
COPY --from=build /app/.venv .venv
COPY --from=build /app/models models
COPY LICENSE NOTICE ./
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    KYC_MODELS_DIR=/app/models \
    KYC_DATA_DIR=/data
USER kyc
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=3s --start-period=40s --retries=3 \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["kyc", "serve", "--host", "0.0.0.0", "--port", "8000"]
