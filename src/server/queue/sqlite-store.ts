// Tables and statements of the SQLite queue.
import { Database } from 'bun:sqlite'
import type { ChoreName, Lane } from './chores'
import type { ChoreRecord, ChoreState } from './queue'

export type ChoreRow = {
  id: string
  name: ChoreName
  lane: Lane
  payload: string
  state: ChoreState
  attempts: number
  error: string
  created_at: number
  started_at: number | null
  finished_at: number | null
}

const tables = `
  create table if not exists chores (
    seq integer primary key autoincrement,
    id text not null unique,
    name text not null,
    lane text not null,
    payload text not null,
    state text not null default 'waiting',
    attempts integer not null default 0,
    error text not null default '',
    run_at integer not null,
    lease integer,
    owner text,
    created_at integer not null,
    started_at integer,
    finished_at integer
  );
  create index if not exists chores_next on chores (state, run_at);
`

const dateOf = (ms: number | null) => (ms === null ? null : new Date(ms))
export const toRecord = (row: ChoreRow): ChoreRecord => ({
  id: row.id,
  name: row.name,
  lane: row.lane,
  payload: JSON.parse(row.payload),
  state: row.state,
  attempts: row.attempts,
  error: row.error,
  createdAt: new Date(row.created_at),
  startedAt: dateOf(row.started_at),
  finishedAt: dateOf(row.finished_at),
})

const prepare = (db: Database) => ({
  add: db.query(`insert into chores (id, name, lane, payload, run_at, created_at) values ($id, $name, $lane, $payload, $runAt, $now)
    on conflict (id) do update set state = 'waiting', attempts = 0, error = '', payload = excluded.payload, run_at = excluded.run_at,
      started_at = null, finished_at = null where state = 'failed'`),
  get: db.query<ChoreRow, [string]>('select * from chores where id = ?'),
  cancel: db.query(`delete from chores where id = ? and state = 'waiting'`),
  claim: db.query<ChoreRow, Record<string, string | number>>(`update chores
    set state = 'running', attempts = attempts + 1, lease = $now + $leaseMs, owner = $owner, started_at = $now where seq = (
      select seq from chores where lane in (select value from json_each($lanes))
        and ((state = 'waiting' and run_at <= $now) or (state = 'running' and lease < $now)) order by run_at, seq limit 1
    ) returning *`),
  nextRun: db.query<{ at: number | null }, [string]>(
    `select min(run_at) as at from chores where state = 'waiting' and lane in (select value from json_each(?))`,
  ),
  dataVersion: db.query<{ data_version: number }, []>('pragma data_version'),
  renew: db.query(`update chores set lease = $lease where id = $id and owner = $owner and state = 'running'`),
  finish: db.query(`update chores set state = $state, error = $error, finished_at = $now, owner = null
    where id = $id and owner = $owner and state = 'running'`),
  putBack:
    db.query(`update chores set state = 'waiting', error = $error, run_at = $runAt, attempts = attempts - $uncounted, owner = null
    where id = $id and owner = $owner and state = 'running'`),
  owners: db.query<{ owner: string }, []>(`select distinct owner from chores where state = 'running' and owner is not null`),
  expire: db.query(`update chores set lease = 0 where state = 'running' and owner = ?`),
  forget: db.query(
    `delete from chores where (state = 'finished' and finished_at < $finished) or (state = 'failed' and finished_at < $failed)`,
  ),
  counts: db.query<{ lane: Lane; state: ChoreState; count: number }, []>(
    'select lane, state, count(*) as count from chores group by lane, state',
  ),
  recent: db.query<ChoreRow, [number]>('select * from chores order by seq desc limit ?'),
})

/** Opens the file and answers the handle with its prepared statements. */
export const openStore = (file: string) => {
  const db = new Database(file)
  db.exec('PRAGMA journal_mode=WAL; PRAGMA busy_timeout=5000; PRAGMA synchronous=NORMAL')
  db.exec(tables)
  return { db, sql: prepare(db) }
}
