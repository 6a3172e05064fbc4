import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { mergeValues, type Values } from './alloy/values.ts';
import { BACKENDS, filled, type Release, valueAt } from './helmfile.ts';

/** The configuration of each store of an environment, as far as the values say it. */
export interface StoreConfigs {
  mimir: Values;
  loki: Values;
  tempo: Values;
  pyroscope: Values;
  /** Buckets that are made. */
  buckets: string[];
}

export function storeConfigs(releases: Release[]): StoreConfigs {
  const of = (name: string) => releases.find((release) => release.name === name);
  const loki = of('loki')?.values ?? {};
  const tempo = of('tempo')?.values ?? {};
  const distributed = of('mimir-distributed');
  return {
    mimir:
      distributed === undefined
        ? withDefaults('mimir', 'config', of('mimir'))
        : (valueAt(distributed.values, 'mimir.structuredConfig') as Values),
    loki: {
      ...parse(String(valueAt(loki, 'loki.config'))),
      ...(valueAt(loki, 'loki.structuredConfig') as Values | undefined),
    },
    tempo: parse(filled(String(tempo.config), { Values: tempo })),
    pyroscope: valueAt(of('pyroscope')?.values ?? {}, 'pyroscope.structuredConfig') as Values,
    buckets: chartValues('s3').buckets as string[],
  };
}

/** A value of a chart of this folder, with what a release changes in it. */
function withDefaults(chart: string, key: string, release: Release | undefined): Values {
  return mergeValues(chartValues(chart)[key] as Values, (release?.values[key] ?? {}) as Values);
}

function chartValues(chart: string): Values {
  return parse(readFileSync(join(BACKENDS, 'charts', chart, 'values.yaml'), 'utf8'));
}
