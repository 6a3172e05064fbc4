import type { Check } from './check.ts';
import { exemplarTrace } from './exemplar-trace.ts';
import { logTrace } from './log-trace.ts';
import { multiRoot } from './multi-root.ts';
import { orphanSpans } from './orphan-spans.ts';
import { requestCountsAgree } from './request-counts.ts';
import { traceLogs } from './trace-logs.ts';

/** Every check there is, in the order of the report. A new one is a file beside these and a line here. */
export const checks: readonly Check[] = [
  exemplarTrace,
  logTrace,
  traceLogs,
  orphanSpans,
  multiRoot,
  requestCountsAgree,
];
