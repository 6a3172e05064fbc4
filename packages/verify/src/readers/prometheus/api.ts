import type { Client, Query } from '../../http/client.ts';
import { StoreError, wrongStore } from '../../http/store-error.ts';
import { list, type Message, message, messages, secondsToUs, string, strings } from '../../json.ts';
import type { Sink, Window } from '../reader.ts';
import { quote, withMatcher } from '../selector.ts';

/** Raw samples of one series, by time. */
export interface RawSeries {
  labels: Record<string, string>;
  samples: { timeUs: number; value: number }[];
  /** It has native histograms, which are not read. */
  native: boolean;
}

/** https://prometheus.io/docs/prometheus/latest/querying/api/ as Prometheus, Mimir and Thanos speak it. */
export function prometheusApi(client: Client, sink: Sink) {
  const ask = async (path: string, query: Query): Promise<unknown> => {
    const answer = message(await client.get(path, query));
    if (answer.status !== 'success') {
      throw wrongStore(client);
    }
    for (const warning of list(answer.warnings).map(string)) {
      if (/partial/i.test(warning)) throw partial(client, warning);
      sink.gap('metrics', `Prometheus warns: ${warning}`);
    }
    return answer.data;
  };

  return {
    /** Throws when it is no Prometheus. */
    async ping(): Promise<void> {
      const data = message(await ask('/api/v1/query', { query: 'vector(1)' }));
      if (data.resultType !== 'vector') throw wrongStore(client);
    },
    /** Samples as they were stored, after `since` up to and including `until`: `selector[range]`. */
    async rawSamples(selector: string, { sinceUs, untilUs }: Window): Promise<RawSeries[]> {
      const rangeMs = Math.ceil((untilUs - sinceUs) / 1000);
      const data = message(await ask('/api/v1/query', { query: `${selector}[${rangeMs}ms]`, time: seconds(untilUs) }));
      return messages(data.result).map((series) => rawSeries(series, sinceUs));
    },
    /** https://prometheus.io/docs/prometheus/latest/querying/api/#querying-exemplars */
    async exemplars(selector: string, window: Window): Promise<Message[]> {
      const times = { start: seconds(window.sinceUs), end: seconds(window.untilUs) };
      return messages(await ask('/api/v1/query_exemplars', { query: selector, ...times }));
    },
    async metricNames(selector: string, window: Window): Promise<string[]> {
      const query = { 'match[]': selector, start: seconds(window.sinceUs), end: seconds(window.untilUs) };
      return list(await ask('/api/v1/label/__name__/values', query)).map(string);
    },
    /** Labels of the series of one metric. */
    async series(metric: string, selector: string, window: Window, limit: number): Promise<Record<string, string>[]> {
      const query = {
        'match[]': withMatcher(selector, `__name__=${quote(metric)}`),
        start: seconds(window.sinceUs),
        end: seconds(window.untilUs),
        limit,
      };
      return list(await ask('/api/v1/series', query)).map(strings);
    },
  };
}

export type PrometheusApi = ReturnType<typeof prometheusApi>;

function rawSeries(series: Message, sinceUs: number): RawSeries {
  const samples = list(series.values).map((pair) => {
    const [time, value] = list(pair);
    return { timeUs: secondsToUs(time), value: Number(value) };
  });
  return {
    labels: strings(series.metric),
    // Prometheus 2 also gives a sample at the very beginning of a range, 3 does not.
    samples: samples.filter(({ timeUs, value }) => timeUs > sinceUs && !Number.isNaN(value)),
    native: list(series.histograms).length > 0,
  };
}

function seconds(us: number): string {
  return (us / 1e6).toFixed(3);
}

function partial(client: Client, warning: string): StoreError {
  return new StoreError(`Prometheus at ${client.url}: it gave a part of its data only: ${warning}`);
}
