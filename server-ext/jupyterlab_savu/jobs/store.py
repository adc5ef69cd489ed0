"""The jobs of one user and one output root in a database."""

from __future__ import annotations

import dataclasses
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError
from sqlalchemy.pool import NullPool

from jupyterlab_savu.jobs.model import ACTIVE, FINAL, Job, Record, State

log = logging.getLogger(__name__)

_METADATA = sa.MetaData()
_JOBS = sa.Table(
    "job",
    _METADATA,
    # whose jobs: others in the same database are not seen
    sa.Column("scope", sa.String(700), primary_key=True),
    sa.Column("id", sa.String(32), primary_key=True),
    # grows with every change of any job, so that others find what is new to them
    sa.Column("revision", sa.BigInteger, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("key", sa.String(400)),
    sa.Column("group_id", sa.String(32)),
    sa.Column("record", sa.JSON, nullable=False),
    sa.Column("status", sa.JSON, nullable=False),
    sa.UniqueConstraint("scope", "key"),
    sa.Index("job_by_revision", "scope", "revision"),
    sa.Index("job_by_state", "scope", "state"),
)
_LEASES = sa.Table(
    "lease",
    _METADATA,
    sa.Column("scope", sa.String(700), primary_key=True),
    sa.Column("told", sa.JSON, nullable=False),
)

#: So many milliseconds one process waits for another that writes.
_PATIENCE = 10000
#: In place of a state: the job was removed, and its row tells others so.
_REMOVED = "removed"
_PRESENT = _JOBS.c.state != _REMOVED

Change = Callable[[Job], Job]


class DuplicateKey(Exception):  # noqa: N818 - says what is wrong by itself
    """Another job was submitted with the same key."""


class JobStore:
    """Every method is one short transaction and may be called from any thread.

    `scope` keeps the jobs of several users, and of several output roots, in one database apart.
    """

    def __init__(self, url: str, scope: str) -> None:
        self._scope = scope
        parsed = sa.make_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        #: The file of the database, where it is one.
        self.file = Path(parsed.database) if self.is_sqlite and parsed.database else None
        if self.file is not None:
            self.file.parent.mkdir(parents=True, exist_ok=True)
        # SQLite's file may be deleted or replaced: nobody keeps it open
        self._engine = sa.create_engine(url, **({"poolclass": NullPool} if self.file else {}))
        self._writing = self._engine.execution_options(savu_writes=True)
        if self.is_sqlite:
            _lock_when_writing(self._engine)

    def prepare(self) -> None:
        """Make the tables, or make them anew when the file is damaged, which is kept aside.

        Raises:
            SQLAlchemyError: the database cannot be reached, read or written now.
        """
        try:
            if self.is_sqlite:
                self._check()
        except DatabaseError as error:
            # one that is locked, or on a disk that is away or full, is not damaged
            if self.file is None or isinstance(error, OperationalError):
                raise
            aside = _set_aside(self.file)
            log.warning("the database of jobs is damaged and kept as %s: %s", aside, error)
        _METADATA.create_all(self._engine)

    def close(self) -> None:
        self._engine.dispose()

    def insert(self, job: Job) -> Job:
        """Add a new job; one with the same id is answered as it is.

        Raises:
            DuplicateKey: when there is one with its key.
        """
        try:
            with self._write() as connection:
                before = self._one(connection, _JOBS.c.id == job.id)
                if before is not None:
                    return before
                revision = self._add(connection, job, job.record.key)
        except IntegrityError as error:
            raise DuplicateKey from error
        return dataclasses.replace(job, revision=revision)

    def adopt(self, jobs: Iterable[Job]) -> None:
        """Add jobs that are not there; one whose key belongs to another goes without it."""
        with self._write() as connection:
            for job in jobs:
                if self._one(connection, _JOBS.c.id == job.id) is not None:
                    continue
                key = job.record.key
                taken = key is not None and self._one(connection, _JOBS.c.key == key) is not None
                self._add(connection, job, None if taken else key)

    def update(self, job_id: str, change: Change) -> Job:
        """Put `change` of the stored job in its place; nobody else changes it in between.

        Raises:
            KeyError: when there is no such job.
        """
        found = self.update_all({job_id: change})
        if not found:
            raise KeyError(job_id)
        return found[0]

    def update_all(self, changes: Mapping[str, Change]) -> list[Job]:
        """The changes by the ids of their jobs in one transaction; the jobs that there are."""
        updated = []
        with self._write() as connection:
            for job_id, change in changes.items():
                before = self._one(connection, _JOBS.c.id == job_id)
                if before is None:
                    continue
                after = change(before)
                if after == before:
                    updated.append(before)
                    continue
                revision = self._next_revision(connection)
                connection.execute(
                    _JOBS.update()
                    .where(self._mine, _JOBS.c.id == job_id)
                    .values(revision=revision, state=after.state.value, status=after.status())
                )
                updated.append(dataclasses.replace(after, revision=revision))
        return updated

    def remove(self, job_id: str) -> None:
        """Forget a job; no effect when there is none."""
        with self._write() as connection:
            connection.execute(
                _JOBS.update()
                .where(self._mine, _JOBS.c.id == job_id)
                .values(
                    revision=self._next_revision(connection),
                    state=_REMOVED,
                    key=None,
                    record={},
                    status={},
                )
            )

    def get(self, job_id: str) -> Job | None:
        with self._engine.begin() as connection:
            return self._one(connection, _JOBS.c.id == job_id)

    def by_key(self, key: str) -> Job | None:
        with self._engine.begin() as connection:
            return self._one(connection, _JOBS.c.key == key)

    def page(
        self, active: bool | None, limit: int, before: str | None, group: str | None = None
    ) -> list[Job]:
        """Newest first; `before` is the last id of the page before."""
        query = self._present().order_by(_JOBS.c.id.desc()).limit(limit)
        if active is not None:
            query = query.where(_in(ACTIVE if active else FINAL))
        if before is not None:
            query = query.where(_JOBS.c.id < before)
        if group is not None:
            query = query.where(_JOBS.c.group_id == group)
        return self._all(query)

    def active(self) -> list[Job]:
        """Oldest first."""
        return self._all(self._present().where(_in(ACTIVE)).order_by(_JOBS.c.id))

    def active_by_queue(self) -> dict[str, Counter[State]]:
        """How many active jobs of each queue are in which state; counted by the database, which
        takes no time from other threads, as reading them all would."""
        queue = _JOBS.c.record["queue"].as_string().label("queue")
        query = sa.select(queue, _JOBS.c.state, sa.func.count().label("jobs"))
        query = query.where(self._mine, _in(ACTIVE)).group_by("queue", _JOBS.c.state)
        counts: dict[str, Counter[State]] = {}
        with self._engine.begin() as connection:
            for row in connection.execute(query):
                counts.setdefault(row.queue, Counter())[State(row.state)] = row.jobs
        return counts

    def changed_since(self, revision: int) -> list[tuple[str, Job | None, int]]:
        """Ids, jobs (None for a removed one) and revisions, in the order of the last change."""
        query = _JOBS.select().where(self._mine, _JOBS.c.revision > revision)
        with self._engine.begin() as connection:
            rows = connection.execute(query.order_by(_JOBS.c.revision)).all()
        return [
            (row.id, None if row.state == _REMOVED else _job(row), row.revision) for row in rows
        ]

    def revision(self) -> int:
        """The number of the last change of any job, 0 before the first."""
        with self._engine.begin() as connection:
            return self._newest_revision(connection)

    def run_folders(self) -> set[str]:
        """The names of the run folders of all jobs."""
        with self._engine.begin() as connection:
            rows = connection.execute(sa.select(_JOBS.c.record).where(self._mine, _PRESENT))
            return {Path(row.record["run_folder"]).name for row in rows}

    def swap_lease(
        self, change: Callable[[dict[str, Any] | None], dict[str, Any] | None]
    ) -> dict[str, Any] | None:
        """Put `change` of what stands in the lease in its place, unless that is None; what then
        stands there."""
        with self._write() as connection:
            mine = _LEASES.c.scope == self._scope
            row = connection.execute(_LEASES.select().where(mine)).first()
            before = None if row is None else row.told
            after = change(before)
            if after is None:
                return before
            if row is None:
                connection.execute(_LEASES.insert().values(scope=self._scope, told=after))
            else:
                connection.execute(_LEASES.update().where(mine).values(told=after))
            return after

    @property
    def _mine(self) -> sa.ColumnElement[bool]:
        return _JOBS.c.scope == self._scope

    def _present(self) -> sa.Select[Any]:
        return _JOBS.select().where(self._mine, _PRESENT)

    @contextmanager
    def _write(self) -> Iterator[sa.Connection]:
        """A transaction in which nobody else writes, so that revisions appear in their order."""
        with self._writing.begin() as connection:
            if connection.dialect.name == "postgresql":
                lock = sa.func.pg_advisory_xact_lock(sa.func.hashtext(self._scope))
                connection.execute(sa.select(lock))
            yield connection

    def _check(self) -> None:
        with self._engine.begin() as connection:
            found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
        if found != "ok":
            raise DatabaseError("PRAGMA quick_check", None, ValueError(found))

    def _all(self, query: sa.Select[Any]) -> list[Job]:
        with self._engine.begin() as connection:
            return [_job(row) for row in connection.execute(query)]

    def _one(self, connection: sa.Connection, where: sa.ColumnElement[bool]) -> Job | None:
        row = connection.execute(self._present().where(where)).first()
        return None if row is None else _job(row)

    def _add(self, connection: sa.Connection, job: Job, key: str | None) -> int:
        revision = self._next_revision(connection)
        connection.execute(
            _JOBS.insert().values(
                scope=self._scope,
                id=job.id,
                key=key,
                group_id=job.record.group,
                record=job.record.to_json(),
                revision=revision,
                state=job.state.value,
                status=job.status(),
            )
        )
        return revision

    def _next_revision(self, connection: sa.Connection) -> int:
        # a database that was made anew begins beyond what others have seen of the one before
        return (self._newest_revision(connection) or int(time.time() * 1000)) + 1

    def _newest_revision(self, connection: sa.Connection) -> int:
        newest = sa.select(sa.func.max(_JOBS.c.revision)).where(self._mine)
        return int(connection.execute(newest).scalar() or 0)


def _lock_when_writing(engine: sa.Engine) -> None:
    """Lock SQLite at the start of a writing transaction; two that first read and then write would
    fail. There is no write-ahead log: on network disks its shared memory does not work."""

    @sa.event.listens_for(engine, "connect")
    def leave_transactions_alone(connection: Any, _: object) -> None:
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {_PATIENCE}")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("savu_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _set_aside(file: Path) -> Path:
    """Rename a damaged database; its journal would spoil the next one."""
    aside = file.with_name(f"{file.name}.damaged-{datetime.now(timezone.utc):%Y%m%dT%H%M%S}")
    for suffix in ("", "-journal"):
        part = file.with_name(file.name + suffix)
        if part.exists():
            part.replace(aside.with_name(aside.name + suffix))
    return aside


def _in(states: Iterable[State]) -> sa.ColumnElement[bool]:
    return _JOBS.c.state.in_(sorted(state.value for state in states))


def _job(row: Any) -> Job:
    return Job.restored(Record.from_json(row.record), row.state, row.status, row.revision)
