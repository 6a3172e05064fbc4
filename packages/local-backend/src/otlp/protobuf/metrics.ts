import { labelsOfResource } from '../../prometheus/labels.ts';
import { translateMetric } from '../../prometheus/translate-metric.ts';
import { type DataPoint, emptyMetric, type Metric } from '../metric.ts';
import { nothingReceived, type Received } from '../received.ts';
import { readResource } from './common.ts';
import { readExponentialHistogramPoint, readHistogramPoint } from './histogram-points.ts';
import { MessageReader } from './message-reader.ts';
import { readNumberPoint } from './number-point.ts';
import { readSummaryPoint } from './summary-point.ts';

// opentelemetry/proto/metrics/v1/metrics.proto

/** Decodes an ExportMetricsServiceRequest. Throws when the bytes are malformed. */
export function readMetrics(bytes: Uint8Array): Received {
  const r = new MessageReader(bytes);
  const received = nothingReceived();
  while (r.more(r.len)) {
    if (r.field() === 1) readResourceMetrics(r, received);
    else r.ignore();
  }
  return received;
}

function readResourceMetrics(r: MessageReader, received: Received): void {
  const end = r.message();
  const resource = readResource(r, end);
  const labels = labelsOfResource(resource.attributes);
  const batch = { resource, points: [], exemplars: [] };
  while (r.more(end)) {
    if (r.field() !== 2) {
      r.ignore();
      continue;
    }
    const scopeEnd = r.message();
    while (r.more(scopeEnd)) {
      if (r.field() === 2) translateMetric(readMetric(r), labels, batch, received);
      else r.ignore();
    }
  }
  if (batch.points.length > 0) received.batches.push(batch);
}

function readMetric(r: MessageReader): Metric {
  const end = r.message();
  const metric = emptyMetric();
  while (r.more(end)) {
    switch (r.field()) {
      case 1:
        metric.name = r.string();
        break;
      case 3:
        metric.unit = r.string();
        break;
      case 5:
        readData(r, metric, 'gauge', readNumberPoint);
        break;
      case 7:
        readData(r, metric, 'sum', readNumberPoint);
        break;
      case 9:
        readData(r, metric, 'histogram', readHistogramPoint);
        break;
      case 10:
        readData(r, metric, 'exponential histogram', readExponentialHistogramPoint);
        break;
      case 11:
        readData(r, metric, 'summary', readSummaryPoint);
        break;
      default:
        r.ignore();
    }
  }
  return metric;
}

/** Gauge, Sum, Histogram, ExponentialHistogram and Summary number the fields that they share alike. */
function readData(
  r: MessageReader,
  metric: Metric,
  type: Metric['type'],
  readPoint: (r: MessageReader) => DataPoint,
): void {
  const end = r.message();
  metric.type = type;
  while (r.more(end)) {
    switch (r.field()) {
      case 1:
        metric.points.push(readPoint(r));
        break;
      case 2:
        metric.temporality = r.varint();
        break;
      case 3:
        metric.monotonic = r.bool();
        break;
      default:
        r.ignore();
    }
  }
}
