import { labelsOfResource } from '../../prometheus/labels.ts';
import { translateMetric } from '../../prometheus/translate-metric.ts';
import { emptyMetric, type Metric } from '../metric.ts';
import { nothingReceived, type Received } from '../received.ts';
import { readPoint } from './data-points.ts';
import { boolean, int32, type Message, message, messages, resource, string } from './values.ts';

/** Reads an ExportMetricsServiceRequest from parsed JSON. Throws with the name of the field that is not as it should be. */
export function readMetricsJson(request: unknown): Received {
  const received = nothingReceived();
  for (const resourceMetrics of messages(message(request, 'request').resourceMetrics, 'resourceMetrics')) {
    const batch = { resource: resource(resourceMetrics.resource), points: [], exemplars: [] };
    const labels = labelsOfResource(batch.resource.attributes);
    for (const scopeMetrics of messages(resourceMetrics.scopeMetrics, 'scopeMetrics')) {
      for (const metric of messages(scopeMetrics.metrics, 'metrics')) {
        translateMetric(readMetric(metric), labels, batch, received);
      }
    }
    if (batch.points.length > 0) received.batches.push(batch);
  }
  return received;
}

const dataFields: [field: string, type: Metric['type']][] = [
  ['gauge', 'gauge'],
  ['sum', 'sum'],
  ['histogram', 'histogram'],
  ['exponentialHistogram', 'exponential histogram'],
  ['summary', 'summary'],
];

function readMetric(json: Message): Metric {
  const metric = { ...emptyMetric(), name: string(json.name, 'name'), unit: string(json.unit, 'unit') };
  for (const [field, type] of dataFields) {
    if (json[field] === undefined) continue;
    const data = message(json[field], field);
    metric.type = type;
    metric.temporality = int32(data.aggregationTemporality, 'aggregationTemporality');
    metric.monotonic = boolean(data.isMonotonic, 'isMonotonic');
    metric.points = messages(data.dataPoints, 'dataPoints').map(readPoint);
  }
  return metric;
}
