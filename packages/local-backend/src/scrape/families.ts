import type { PointRecord } from '@clew/evidence';

/** What a sample says about its point: buckets, sum and count of one set of labels make one point. */
export type Role = 'value' | 'bucket' | 'sum' | 'count' | 'created';

/** What may follow the family's name in a sample's, by the family's type. */
const roles: Record<string, Record<string, Role>> = {
  counter: { '': 'value', _total: 'value', _created: 'created' },
  gauge: { '': 'value' },
  histogram: { _bucket: 'bucket', _sum: 'sum', _count: 'count', _created: 'created' },
  gaugehistogram: { _bucket: 'bucket', _gsum: 'sum', _gcount: 'count' },
  summary: { '': 'value', _sum: 'sum', _count: 'count', _created: 'created' },
  info: { _info: 'value' },
  stateset: { '': 'value' },
  unknown: { '': 'value' },
  untyped: { '': 'value' },
};

const pointTypes: Record<string, PointRecord['type']> = {
  counter: 'counter',
  histogram: 'histogram',
  gaugehistogram: 'histogram',
  summary: 'summary',
  unknown: 'unknown',
  untyped: 'unknown',
};

/** The metric families of an exposition. */
export interface Families {
  /** Takes in a TYPE line. Throws on an unknown type and on a second one for the same name. */
  declare(name: string, type: string): void;
  /** Which point a sample belongs to, and what it is of it. */
  resolve(sampleName: string): { metric: string; type: PointRecord['type']; role: Role };
}

export function createFamilies(): Families {
  const types = new Map<string, string>();
  return {
    declare(name, type) {
      if (!Object.hasOwn(roles, type)) throw new SyntaxError(`unknown type ${type}`);
      if (types.has(name)) throw new SyntaxError(`${name} has a type already`);
      types.set(name, type);
    },
    resolve(sampleName) {
      for (const at of [sampleName.length, sampleName.lastIndexOf('_')]) {
        const family = sampleName.slice(0, at);
        const type = types.get(family) ?? '';
        const role = roles[type]?.[sampleName.slice(at)];
        if (role === undefined) continue;
        return { metric: metricOf(sampleName, family, type, role), type: pointTypes[type] ?? 'gauge', role };
      }
      return { metric: sampleName, type: 'unknown', role: 'value' };
    },
  };
}

function metricOf(sampleName: string, family: string, type: string, role: Role): string {
  if (role === 'value') return sampleName;
  return type === 'counter' ? `${family}_total` : family;
}
