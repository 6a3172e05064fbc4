import { bucketBounds } from './bucket-bounds.ts';
import type { Check } from './check.ts';
import { exemplarComplete } from './exemplar-complete.ts';
import { exemplarCoverage } from './exemplar-coverage.ts';
import { exemplarSampled } from './exemplar-sampled.ts';
import { exemplarSeries } from './exemplar-series.ts';
import { exemplarTrace } from './exemplar-trace.ts';
import { exemplarValue } from './exemplar-value.ts';
import { logTrace } from './log-trace.ts';
import { multiRoot } from './multi-root.ts';
import { orphanSpans } from './orphan-spans.ts';
import { requestCountsAgree } from './request-counts.ts';
import { sameResource } from './same-resource.ts';
import { secrets } from './secrets/secrets.ts';
import { seriesLimit } from './series-limit.ts';
import { serviceName } from './service-name.ts';
import { traceLogs } from './trace-logs.ts';
import { validIds } from './valid-ids.ts';

/** Every check there is, in the order of the report. A new one is a file beside these and a line here. */
export const checks: readonly Check[] = [
  exemplarTrace,
  exemplarComplete,
  exemplarSeries,
  exemplarValue,
  exemplarSampled,
  exemplarCoverage,
  logTrace,
  traceLogs,
  orphanSpans,
  multiRoot,
  validIds,
  serviceName,
  sameResource,
  requestCountsAgree,
  bucketBounds,
  seriesLimit,
  secrets,
];
