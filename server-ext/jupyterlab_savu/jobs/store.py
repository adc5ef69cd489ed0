"""The jobs of a user in a database."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from jupyterlab_savu.jobs.model import ACTIVE, FINAL, Job, Reason, Record, State

_METADATA = sa.MetaData()
_JOBS = sa.Table(
    "jobs",
    _METADATA,
    sa.Column("id", sa.String(32), primary_key=True),
    # grows with every change of any job, so that others find what is new to them
    sa.Column("revision", sa.BigInteger, nullable=False, index=True),
    sa.Column("state", sa.String(16), nullable=False, index=True),
    sa.Column("key", sa.String(400), unique=True),
    sa.Column("record", sa.JSON, nullable=False),
    sa.Column("status", sa.JSON, nullable=False),
)
_STATUS = [
    item.name
    for item in dataclasses.fields(Job)
    if item.name not in ("record", "state", "revision")
]


class DuplicateKey(Exception):  # noqa: N818 - says what is wrong by itself
    """Another job was submitted with the same key."""


class JobStore:
    """Every method is one short transaction and may be called from any thread."""

    def __init__(self, url: str) -> None:
        parsed = sa.make_url(url)
        if parsed.get_backend_name() == "sqlite" and parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        self._engine = sa.create_engine(url)
        if self._engine.dialect.name == "sqlite":
            _take_turns(self._engine)
        _METADATA.create_all(self._engine)

    def close(self) -> None:
        self._engine.dispose()

    def insert(self, job: Job) -> Job:
        """Add a new job.

        Raises:
            DuplicateKey: when there is one with its key.
        """
        try:
            with self._engine.begin() as connection:
                revision = _next_revision(connection)
                connection.execute(
                    _JOBS.insert().values(
                        id=job.id,
                        key=job.record.key,
                        record=job.record.to_json(),
                        **_changing(job, revision),
                    )
                )
        except IntegrityError as error:
            raise DuplicateKey from error
        return dataclasses.replace(job, revision=revision)

    def update(self, job_id: str, change: Callable[[Job], Job]) -> Job:
        """Put `change` of the stored job in its place; nobody else changes it in between.

        Raises:
            KeyError: when there is no such job.
        """
        with self._engine.begin() as connection:
            before = self._one(connection, _JOBS.c.id == job_id)
            if before is None:
                raise KeyError(job_id)
            after = change(before)
            if after == before:
                return before
            revision = _next_revision(connection)
            connection.execute(
                _JOBS.update().where(_JOBS.c.id == job_id).values(**_changing(after, revision))
            )
        return dataclasses.replace(after, revision=revision)

    def get(self, job_id: str) -> Job | None:
        with self._engine.begin() as connection:
            return self._one(connection, _JOBS.c.id == job_id)

    def by_key(self, key: str) -> Job | None:
        with self._engine.begin() as connection:
            return self._one(connection, _JOBS.c.key == key)

    def page(self, active: bool | None, limit: int, before: str | None) -> list[Job]:
        """Newest first; `before` is the last id of the page before."""
        query = _JOBS.select().order_by(_JOBS.c.id.desc()).limit(limit)
        if active is not None:
            query = query.where(_in(ACTIVE if active else FINAL))
        if before is not None:
            query = query.where(_JOBS.c.id < before)
        return self._all(query)

    def active(self) -> list[Job]:
        """Oldest first."""
        return self._all(_JOBS.select().where(_in(ACTIVE)).order_by(_JOBS.c.id))

    def changed_since(self, revision: int) -> list[Job]:
        """In the order of their last change."""
        query = _JOBS.select().where(_JOBS.c.revision > revision)
        return self._all(query.order_by(_JOBS.c.revision))

    def revision(self) -> int:
        """The number of the last change of any job."""
        with self._engine.begin() as connection:
            return _next_revision(connection) - 1

    def _all(self, query: sa.Select[Any]) -> list[Job]:
        with self._engine.begin() as connection:
            return [_job(row) for row in connection.execute(query)]

    def _one(self, connection: sa.Connection, where: sa.ColumnElement[bool]) -> Job | None:
        row = connection.execute(_JOBS.select().where(where)).first()
        return None if row is None else _job(row)


def _take_turns(engine: sa.Engine) -> None:
    """Lock SQLite at the start of a transaction; two that first read and then write would fail."""

    @sa.event.listens_for(engine, "connect")
    def leave_transactions_alone(connection: Any, _: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA busy_timeout = 10000")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _next_revision(connection: sa.Connection) -> int:
    return int(connection.execute(sa.select(sa.func.max(_JOBS.c.revision))).scalar() or 0) + 1


def _in(states: Iterable[State]) -> sa.ColumnElement[bool]:
    return _JOBS.c.state.in_(sorted(state.value for state in states))


def _changing(job: Job, revision: int) -> dict[str, Any]:
    status = {name: getattr(job, name) for name in _STATUS}
    status["reason"] = job.reason and job.reason.value
    status["steps"] = list(job.steps)
    return {"revision": revision, "state": job.state.value, "status": status}


def _job(row: Any) -> Job:
    # what another version of this program noted beside that is passed over
    status = {name: row.status[name] for name in _STATUS if name in row.status}
    status["reason"] = status["reason"] and Reason(status["reason"])
    status["steps"] = tuple(status["steps"])
    return Job(
        record=Record.from_json(row.record),
        state=State(row.state),
        revision=row.revision,
        **status,
    )
