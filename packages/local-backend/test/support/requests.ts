// One request of each signal in OTLP JSON, with every field that is read, and what becomes of it.

import type { Batch } from '@clew/evidence';
import type { Signal } from '../../src/otlp/received.ts';
import type { RequestType } from './protobuf.ts';

export const traceId = '5b8efff798038103d269b633813fc60c';
export const spanId = 'eee19b7ec3c1b174';
export const nano = '1763683200123456789';
export const micro = 1763683200123456;

const resource = {
  attributes: [
    { key: 'service.name', value: { stringValue: 'full-otel' } },
    { key: 'service.namespace', value: { stringValue: 'clew' } },
    { key: 'process.pid', value: { intValue: '42' } },
  ],
};
const resourceAttributes = { 'service.name': 'full-otel', 'service.namespace': 'clew', 'process.pid': 42 };
const scope = { name: 'scope', version: '1' };
const everyValue = [
  { key: 'string', value: { stringValue: 'grüße 🧶' } },
  { key: 'bool', value: { boolValue: true } },
  { key: 'int', value: { intValue: '-7' } },
  { key: 'long', value: { intValue: '9223372036854775807' } },
  { key: 'double', value: { doubleValue: 0.5 } },
  { key: 'nan', value: { doubleValue: 'NaN' } },
  { key: 'list', value: { arrayValue: { values: [{ stringValue: 'a' }, { intValue: '1' }] } } },
  { key: 'map', value: { kvlistValue: { values: [{ key: 'k', value: { boolValue: false } }] } } },
  { key: 'bytes', value: { bytesValue: 'AQID' } },
  { key: 'empty', value: {} },
];
const everyValueStored = {
  string: 'grüße 🧶',
  bool: true,
  int: -7,
  long: '9223372036854775807',
  double: 0.5,
  nan: 'NaN',
  list: ['a', 1],
  map: { k: false },
  bytes: 'AQID',
  empty: null,
};

export const traces = {
  resourceSpans: [
    {
      resource,
      scopeSpans: [
        {
          scope,
          spans: [
            {
              traceId,
              spanId,
              traceState: 'a=b',
              parentSpanId: 'eee19b7ec3c1b173',
              name: 'GET /api/users/:id',
              kind: 2,
              startTimeUnixNano: nano,
              endTimeUnixNano: '1763683200133456789',
              attributes: everyValue,
              events: [{ timeUnixNano: nano, name: 'event', attributes: [{ key: 'a', value: { intValue: '1' } }] }],
              links: [{ traceId, spanId: 'eee19b7ec3c1b172', attributes: [] }],
              status: { message: 'broken', code: 2 },
              flags: 257,
            },
            { traceId, spanId: 'eee19b7ec3c1b173', name: 'root', kind: 1, startTimeUnixNano: nano },
          ],
        },
      ],
      schemaUrl: 'https://opentelemetry.io/schemas/1.0.0',
    },
  ],
};

const tracesStored: Batch[] = [
  {
    resource: { attributes: resourceAttributes },
    spans: [
      {
        traceId,
        spanId,
        parentSpanId: 'eee19b7ec3c1b173',
        name: 'GET /api/users/:id',
        kind: 2,
        startUs: micro,
        durationUs: 10_000,
        status: 2,
        statusMessage: 'broken',
        scope: 'scope',
        attributes: everyValueStored,
        events: [{ name: 'event', timeUs: micro, attributes: { a: 1 } }],
        links: [{ traceId, spanId: 'eee19b7ec3c1b172', attributes: {} }],
      },
      {
        traceId,
        spanId: 'eee19b7ec3c1b173',
        name: 'root',
        kind: 1,
        startUs: micro,
        durationUs: 0,
        status: 0,
        scope: 'scope',
        attributes: {},
      },
    ],
  },
];

export const logs = {
  resourceLogs: [
    {
      resource,
      scopeLogs: [
        {
          scope,
          logRecords: [
            {
              timeUnixNano: nano,
              observedTimeUnixNano: '1',
              severityNumber: 17,
              severityText: 'ERROR',
              body: { stringValue: 'request completed' },
              attributes: [{ key: 'http.route', value: { stringValue: '/api/users' } }],
              flags: 1,
              traceId,
              spanId,
              eventName: 'exception',
            },
            {
              observedTimeUnixNano: nano,
              severityText: 'Warn',
              body: { kvlistValue: { values: everyValue.slice(1, 3) } },
            },
            { timeUnixNano: nano, traceId },
          ],
        },
      ],
    },
  ],
};

const logsStored: Batch[] = [
  {
    resource: { attributes: resourceAttributes },
    logs: [
      {
        timeUs: micro,
        level: 'error',
        body: 'request completed',
        traceId,
        spanId,
        traceFlags: 1,
        attributes: { 'http.route': '/api/users', 'event.name': 'exception' },
        source: 'otlp',
      },
      { timeUs: micro, level: 'warn', body: '{"bool":true,"int":-7}', attributes: {}, source: 'otlp' },
      { timeUs: micro, body: '', traceId, traceFlags: 0, attributes: {}, source: 'otlp' },
    ],
  },
];

const exemplar = { timeUnixNano: nano, asDouble: 0.04, spanId, traceId, filteredAttributes: [] };
const times = { startTimeUnixNano: '1763683200000000000', timeUnixNano: nano };
const route = [{ key: 'http.route', value: { stringValue: '/api/users' } }];

export const metrics = {
  resourceMetrics: [
    {
      resource,
      scopeMetrics: [
        {
          scope,
          metrics: [
            {
              name: 'http.server.request.duration',
              description: 'Duration',
              unit: 's',
              histogram: {
                aggregationTemporality: 2,
                dataPoints: [
                  {
                    ...times,
                    attributes: [...route, { key: 'http.response.status_code', value: { intValue: '200' } }],
                    count: '6',
                    sum: 0.9,
                    bucketCounts: ['1', '2', '3'],
                    explicitBounds: [0.005, 0.05],
                    exemplars: [
                      { ...exemplar, filteredAttributes: [{ key: 'user.id', value: { stringValue: '7' } }] },
                      { ...exemplar, asDouble: 7 },
                      { timeUnixNano: nano, asDouble: 0.001 },
                    ],
                  },
                ],
              },
            },
            {
              name: 'clew.requests',
              unit: '{request}',
              sum: {
                aggregationTemporality: 2,
                isMonotonic: true,
                dataPoints: [{ ...times, attributes: route, asInt: '3', exemplars: [{ ...exemplar, asDouble: 1 }] }],
              },
            },
            {
              name: 'queue.size',
              unit: 'By',
              sum: { aggregationTemporality: 2, dataPoints: [{ ...times, asDouble: 1.5 }] },
            },
            { name: 'cpu.utilization', unit: '1', gauge: { dataPoints: [{ timeUnixNano: nano, asDouble: 0.25 }] } },
            {
              name: 'gone',
              gauge: { dataPoints: [{ timeUnixNano: nano, flags: 1 }] },
            },
            {
              name: 'size',
              exponentialHistogram: {
                aggregationTemporality: 2,
                dataPoints: [
                  {
                    timeUnixNano: nano,
                    count: '7',
                    sum: 12.5,
                    scale: 0,
                    zeroCount: '1',
                    zeroThreshold: 0.5,
                    positive: { offset: -1, bucketCounts: ['2', '0', '3'] },
                    negative: { offset: 1, bucketCounts: ['1'] },
                    exemplars: [exemplar],
                  },
                ],
              },
            },
            {
              name: 'rpc.latency',
              unit: 'ms',
              summary: {
                dataPoints: [{ ...times, count: '4', sum: 10, quantileValues: [{ quantile: 0.5, value: 2 }] }],
              },
            },
          ],
        },
      ],
    },
  ],
};

const labels = { service_name: 'full-otel', service_namespace: 'clew' };
const onRoute = { ...labels, http_route: '/api/users' };
const served = { ...onRoute, http_response_status_code: '200' };
const stored = { timeUs: micro, source: 'otlp' as const };
const started = { ...stored, startUs: 1763683200000000 };
const seen = { timeUs: micro, traceId, spanId, source: 'otlp' as const };
const duration = 'http_server_request_duration_seconds';

const metricsStored: Batch[] = [
  {
    resource: { attributes: resourceAttributes },
    points: [
      {
        ...started,
        metric: duration,
        type: 'histogram',
        labels: served,
        histogram: { bounds: [0.005, 0.05], counts: [1, 2, 3], sum: 0.9, count: 6 },
      },
      { ...started, metric: 'clew_requests_total', type: 'counter', labels: onRoute, value: 3 },
      { ...started, metric: 'queue_size_bytes', type: 'gauge', labels, value: 1.5 },
      { ...stored, metric: 'cpu_utilization_ratio', type: 'gauge', labels, value: 0.25 },
      {
        ...stored,
        metric: 'size',
        type: 'histogram',
        labels,
        histogram: { bounds: [-4, -2, 0.5, 1, 2, 4], counts: [0, 1, 1, 2, 0, 3, 0], sum: 12.5, count: 7 },
      },
      {
        ...started,
        metric: 'rpc_latency_milliseconds',
        type: 'summary',
        labels,
        histogram: { bounds: [], counts: [4], sum: 10, count: 4 },
      },
      {
        ...started,
        metric: 'rpc_latency_milliseconds',
        type: 'summary',
        labels: { ...labels, quantile: '0.5' },
        value: 2,
      },
    ],
    exemplars: [
      { ...seen, metric: duration, labels: served, le: 0.05, value: 0.04, attributes: { 'user.id': '7' } },
      { ...seen, metric: duration, labels: served, le: Number.POSITIVE_INFINITY, value: 7 },
      { ...seen, metric: 'clew_requests_total', labels: onRoute, value: 1 },
      { ...seen, metric: 'size', labels, le: 0.5, value: 0.04 },
    ],
  },
];

export interface Case {
  signal: Signal;
  type: RequestType;
  json: object;
  stored: Batch[];
  /** Spans, points or log records in it. */
  accepted: number;
  service: string;
}

const collector = 'opentelemetry.proto.collector';

export const cases: Case[] = [
  {
    signal: 'traces',
    type: 'Traces',
    json: traces,
    stored: tracesStored,
    accepted: 2,
    service: `${collector}.trace.v1.TraceService`,
  },
  {
    signal: 'metrics',
    type: 'Metrics',
    json: metrics,
    stored: metricsStored,
    accepted: 6,
    service: `${collector}.metrics.v1.MetricsService`,
  },
  {
    signal: 'logs',
    type: 'Logs',
    json: logs,
    stored: logsStored,
    accepted: 3,
    service: `${collector}.logs.v1.LogsService`,
  },
];
