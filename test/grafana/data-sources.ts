import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export interface Tag {
  key: string;
  value?: string;
}

export interface DataSource {
  name: string;
  uid: string;
  type: string;
  url: string;
  jsonData?: {
    httpHeaderName1?: string;
    exemplarTraceIdDestinations?: { name: string; datasourceUid: string }[];
    derivedFields?: {
      name: string;
      matcherType: 'label' | 'regex';
      matcherRegex: string;
      url: string;
      datasourceUid: string;
    }[];
    tracesToLogsV2?: { datasourceUid: string; tags: Tag[]; query: string };
    tracesToMetrics?: { datasourceUid: string; tags: Tag[]; queries: { name: string; query: string }[] };
    tracesToProfiles?: { datasourceUid: string; tags: Tag[]; profileTypeId: string };
    serviceMap?: { datasourceUid: string };
  };
  secureJsonData?: Record<string, string>;
}

export const DATA_SOURCES = join(import.meta.dirname, '../../deploy/grafana/datasources');

/** What Grafana makes of a file of data sources: `$$` is `$`, and `$NAME` a variable of its environment. */
export function readDataSources(file: string, env: Record<string, string> = {}): DataSource[] {
  const text = readFileSync(join(DATA_SOURCES, file), 'utf8').replaceAll(/^\s*#.*$/gm, '');
  const seen = text.replaceAll(/\$\$|\$(?:\{(\w+)\}|(\w+))/g, (all, braced?: string, bare?: string) =>
    all === '$$' ? '$' : (env[braced ?? bare ?? ''] ?? ''),
  );
  return (parse(seen) as { datasources: DataSource[] }).datasources;
}

/** The first of a type. */
export function dataSource(sources: DataSource[], type: string): DataSource {
  const found = sources.find((source) => source.type === type);
  if (found === undefined) throw new Error(`no data source of type ${type}`);
  return found;
}
