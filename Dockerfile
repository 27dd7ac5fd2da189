# The production image: web, worker, beat and migrations are the same image with another command.

FROM python:3.12-slim AS build
WORKDIR /app
COPY requirements-uv.txt requirements.txt ./
# Hash-pinned, and without the embedded group: production brings its own PostgreSQL and Redis.
RUN python -m pip install --no-cache-dir --require-hashes -r requirements-uv.txt \
    && uv venv --python /usr/local/bin/python /venv \
    && uv pip install --no-cache --python /venv/bin/python --require-hashes -r requirements.txt
COPY manage.py pyproject.toml ./
COPY tracker tracker
COPY recommendations recommendations
COPY seeds seeds
# Static files are hashed and compressed once, here. What settings ask of a production start is made up for it.
RUN TRACKER_MODE=production ALLOWED_HOSTS=build.invalid \
    SECRET_KEY="$(/venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
    DATABASE_URL=postgresql://build.invalid/none CELERY_BROKER_URL=redis://build.invalid \
    /venv/bin/python manage.py collectstatic --noinput \
    && /venv/bin/python -m compileall -q tracker recommendations

FROM python:3.12-slim
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin tracker
WORKDIR /app
# Owned by root: a process that is taken over cannot change the code it runs.
COPY --from=build /venv /venv
COPY --from=build /app /app
ENV PATH=/venv/bin:$PATH \
    HOME=/tmp \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    TRACKER_MODE=production \
    TRACKER_BIND=0.0.0.0 \
    PORT=8000
USER tracker
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s \
    CMD ["python", "-m", "tracker.probe", "healthz"]
CMD ["gunicorn", "--config", "python:tracker.web", "tracker.wsgi"]
