import { ask } from './ask.mts';
import { type Check, problem } from './check.mts';
import type { Settings } from './settings.mts';
import type { Trace } from './trace.mts';

/** As Prometheus and Alloy ask for it. */
const ACCEPT = 'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.9';
const LABELS = '\\{(?:[a-zA-Z_]\\w*="(?:\\\\.|[^"\\\\])*"(?:,(?!\\})|(?=\\})))*\\}';
const NUMBER = '(?:[+-]?(?:Inf|\\d+(?:\\.\\d*)?(?:e[+-]?\\d+)?)|NaN)';
const EXEMPLAR = ` # (${LABELS}) ${NUMBER}(?: ${NUMBER})?`;
// https://prometheus.io/docs/specs/om/open_metrics_spec/#abnf
const SAMPLE = new RegExp(`^[a-zA-Z_:][\\w:]*(?:${LABELS})? ${NUMBER}(?: ${NUMBER})?(?:${EXEMPLAR})?$`, 'i');
const ABOUT = /^# (TYPE|HELP|UNIT) [a-zA-Z_:][\w:]*( .*)?$/;

/** Whoever scrapes gets OpenMetrics, with an exemplar that leads to a trace. */
export function metricsPage(settings: Settings, trace: Trace): Check[] {
  const { metricsUrl, signals } = settings;
  if (metricsUrl === undefined) return [];
  const page: Check = {
    name: `GET ${metricsUrl}`,
    async look() {
      const { samples, exemplars } = await read(metricsUrl);
      return `OpenMetrics, ${samples} samples, ${exemplars.length} exemplars`;
    },
  };
  // Without traces there is nothing that an exemplar could lead to.
  return signals.includes('traces') ? [page, exemplar(settings, metricsUrl, trace)] : [page];
}

/** An exemplar is the first of its bucket in 15 s: with much traffic another call's, of several pods another one's page. */
function exemplar({ url, paths, trusted }: Settings, metricsUrl: string, { id, traceparent }: Trace): Check {
  const path = paths.at(-1) ?? '/';
  return {
    name: `exemplar after ${path}`,
    async look() {
      // HEAD is a series of its own, which other traffic does not take the exemplar from.
      for (const method of ['GET', 'HEAD']) await ask(`${url}${path}`, { method, headers: { traceparent } });
      const { exemplars } = await read(metricsUrl);
      const found = exemplars.flatMap((labels) => /\btrace_id="([0-9a-f]{32})"/.exec(labels)?.[1] ?? []);
      if (found.includes(id)) return `trace_id ${id}, of this call`;
      if (found.length > 0 && !trusted) return `${found.length}; trace_id ${found[0]}`;
      if (found.length > 0) {
        throw problem(
          `${found.length} on the page, none has the trace_id ${id} of this call`,
          'the service does not continue the trace of its caller (TRUST_INBOUND_TRACE), or a proxy in between changes traceparent',
        );
      }
      throw problem(
        'none with a trace_id on the page',
        'look whether spans are sampled (OTEL_TRACES_SAMPLER), and for "enableExemplars" and the ids in its histogram',
      );
    },
  };
}

async function read(url: string): Promise<{ samples: number; exemplars: string[] }> {
  const { status, type, body } = await ask(url, { headers: { accept: ACCEPT } });
  if (status !== 200) throw problem(`${status}`, 'scrape.enabled is for services with /metrics on port 9464');
  if (!type.startsWith('application/openmetrics-text')) {
    throw problem(
      `it is ${type || 'of no type'}`,
      'exemplars come with application/openmetrics-text only: let it serve that',
    );
  }
  const lines = body.split('\n');
  if (lines.pop() !== '' || lines.pop() !== '# EOF') {
    throw problem(
      'it does not end with "# EOF"',
      'Prometheus refuses the whole page: let the end of OpenMetrics follow',
    );
  }
  const wrong = lines.find((line) => !SAMPLE.test(line) && !ABOUT.test(line));
  if (wrong !== undefined)
    throw problem(`no OpenMetrics: ${wrong}`, 'Prometheus refuses the whole page for one such line');
  const samples = lines.filter((line) => !line.startsWith('#'));
  if (samples.length === 0)
    throw problem('it has no samples', 'the registry that is served is not the one that is written to');
  return {
    samples: samples.length,
    exemplars: samples.flatMap((line) => new RegExp(EXEMPLAR, 'i').exec(line)?.[1] ?? []),
  };
}
