/** Raised with every change of the tables; an evidence file says which one it has in `PRAGMA user_version`. */
export const SCHEMA_VERSION = 3;

/** "clew" in ASCII, so that the file of another program is told from ours. */
export const APPLICATION_ID = 0x636c6577;

/**
 * The tables. Few indexes, because each one costs 2 to 3 us of CPU per row; rowids are arrival order, which is what
 * eviction goes by. `route` is '' and `status` 0 where a request has none, because NULLs are not equal in a key.
 */
export const SCHEMA = `
  CREATE TABLE resources (
    id INTEGER PRIMARY KEY,
    service TEXT NOT NULL,
    attributes TEXT NOT NULL UNIQUE,
    -- Received so far, evicted ones included.
    spans INTEGER NOT NULL DEFAULT 0,
    logs INTEGER NOT NULL DEFAULT 0,
    points INTEGER NOT NULL DEFAULT 0,
    exemplars INTEGER NOT NULL DEFAULT 0,
    seen_us INTEGER NOT NULL
  );

  CREATE TABLE spans (
    id INTEGER PRIMARY KEY,
    trace_id BLOB NOT NULL,
    span_id BLOB NOT NULL,
    parent_span_id BLOB,
    resource_id INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    status INTEGER NOT NULL,
    start_us INTEGER NOT NULL,
    duration_us INTEGER NOT NULL,
    method TEXT,
    route TEXT,
    status_code INTEGER,
    target TEXT,
    name TEXT NOT NULL,
    scope TEXT,
    status_message TEXT,
    attributes TEXT NOT NULL,
    events TEXT,
    links TEXT
  );
  CREATE UNIQUE INDEX spans_by_id ON spans (trace_id, span_id);
  CREATE INDEX spans_called ON spans (parent_span_id) WHERE kind = 2 AND parent_span_id IS NOT NULL;

  CREATE TABLE logs (
    id INTEGER PRIMARY KEY,
    resource_id INTEGER NOT NULL,
    time_us INTEGER NOT NULL,
    trace_id BLOB,
    span_id BLOB,
    trace_flags INTEGER,
    completion INTEGER NOT NULL,
    source TEXT NOT NULL,
    level TEXT,
    body TEXT NOT NULL,
    attributes TEXT NOT NULL
  );
  CREATE INDEX logs_by_trace ON logs (trace_id, span_id, completion) WHERE trace_id IS NOT NULL;

  CREATE TABLE series (
    id INTEGER PRIMARY KEY,
    metric TEXT NOT NULL,
    labels TEXT NOT NULL,
    source TEXT NOT NULL,
    resource_id INTEGER NOT NULL,
    type TEXT NOT NULL,
    last_us INTEGER NOT NULL DEFAULT 0,
    last_point_id INTEGER,
    -- Of a histogram: the count of its process, and of the processes before it that are gone.
    count INTEGER NOT NULL DEFAULT 0,
    count_before INTEGER NOT NULL DEFAULT 0,
    UNIQUE (metric, labels, source, resource_id)
  );

  -- Series of the request histogram that are gone, in that order, by a hash: one that is alive comes back, and what it
  -- had counted by then is in request_totals.
  CREATE TABLE evicted_series (
    id INTEGER PRIMARY KEY,
    key BLOB NOT NULL UNIQUE,
    last_us INTEGER NOT NULL,
    count INTEGER NOT NULL
  );

  CREATE TABLE points (
    id INTEGER PRIMARY KEY,
    series_id INTEGER NOT NULL,
    time_us INTEGER NOT NULL,
    start_us INTEGER,
    value REAL,
    sum REAL,
    count INTEGER,
    buckets TEXT
  );
  CREATE INDEX points_by_series ON points (series_id, time_us);

  CREATE TABLE exemplars (
    id INTEGER PRIMARY KEY,
    series_id INTEGER NOT NULL,
    le REAL,
    value REAL,
    time_us INTEGER NOT NULL,
    trace_id BLOB NOT NULL,
    span_id BLOB NOT NULL,
    attributes TEXT
  );
  -- A scrape shows an exemplar again until a newer one takes its place.
  CREATE UNIQUE INDEX exemplars_once ON exemplars (series_id, ifnull(le, ''), time_us, trace_id, span_id);
  CREATE INDEX exemplars_by_trace ON exemplars (trace_id);

  CREATE TABLE tallies (
    generator TEXT NOT NULL,
    service TEXT NOT NULL,
    method TEXT NOT NULL,
    route TEXT NOT NULL,
    status INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (generator, service, method, route, status)
  ) WITHOUT ROWID;

  CREATE TABLE gaps (
    kind TEXT NOT NULL,
    signal TEXT NOT NULL,
    reason TEXT NOT NULL,
    count INTEGER NOT NULL,
    first_us INTEGER NOT NULL,
    last_us INTEGER NOT NULL,
    PRIMARY KEY (kind, signal, reason)
  ) WITHOUT ROWID;

  -- Requests seen so far, so that counts agree after eviction. Signals: spans (SERVER), lines (completion lines),
  -- unsampled (those of the lines whose trace_flags say so), histogram (of evicted series).
  CREATE TABLE request_totals (
    service TEXT NOT NULL,
    method TEXT NOT NULL,
    route TEXT NOT NULL,
    status INTEGER NOT NULL,
    signal TEXT NOT NULL,
    source TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (service, method, route, status, signal, source)
  ) WITHOUT ROWID;

  -- An HTTP call is a CLIENT span; the SERVER span below it says which service it reached, if any. A status that only
  -- one side saw is no contradiction: either may leave before the other has answered.
  CREATE VIEW calls AS
    SELECT client.trace_id, caller.service AS caller, client.target, callee.service, client.method, server.route,
      CASE WHEN server.id IS NULL THEN client.status_code
           WHEN server.status_code IS NOT NULL THEN ifnull(client.status_code, server.status_code) END AS status
    FROM spans AS client
    JOIN resources AS caller ON caller.id = client.resource_id
    LEFT JOIN spans AS server ON server.trace_id = client.trace_id AND server.parent_span_id = client.span_id
      AND server.kind = 2 AND server.parent_span_id IS NOT NULL
    LEFT JOIN resources AS callee ON callee.id = server.resource_id
    WHERE client.kind = 3 AND client.method IS NOT NULL;

  -- The calls of evicted traces; service is '' where none was reached.
  CREATE TABLE evicted_calls (
    caller TEXT NOT NULL,
    target TEXT NOT NULL,
    service TEXT NOT NULL,
    method TEXT NOT NULL,
    route TEXT NOT NULL,
    status INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (caller, target, service, method, route, status)
  ) WITHOUT ROWID;

  -- Whatever happened until then may have been evicted. One row.
  CREATE TABLE watermark (evicted_until_us INTEGER NOT NULL);
  INSERT INTO watermark VALUES (0);
`;
