import type { PointRecord } from '@clew/evidence';
import { messageOf } from '../message-of.ts';
import { type Labels, resourceOfLabels } from '../prometheus/labels.ts';
import type { Store } from '../store/store.ts';
import { createExemplarFilter, type FreshExemplars } from './exemplars-seen.ts';
import { ExpositionError } from './exposition.ts';
import { createProcessStarts } from './process-start.ts';
import { scrape } from './scrape.ts';

/** What to scrape: `labels` go on every series, `service_name` and its like also say which resource it is. */
export interface Target {
  url: string;
  /** Milliseconds from one scrape to the next; the backend's default when absent. */
  intervalMs?: number;
  labels?: Labels;
}

/** A target and how its last scrape went. */
export interface TargetState extends Required<Target> {
  up: boolean;
  scrapes: number;
  /** Of the last scrape. */
  timeUs?: number;
  series?: number;
  /** Why the last scrape failed. */
  error?: string;
}

export interface Scraper {
  /** Scrapes the target now and then once an interval; in place of a target with the same URL. Throws on a bad URL. */
  add(target: Target): void;
  /** Scrapes these targets and no other. Throws on a bad URL, and changes nothing then. */
  replace(targets: Target[]): void;
  list(): TargetState[];
  /** Scrapes every target once more; resolves when what they had is stored. */
  scrapeNow(): Promise<void>;
  close(): Promise<void>;
}

const maxTimeoutMs = 10_000;

export function createScraper(store: Store, defaultIntervalMs: number): Scraper {
  const closing = new AbortController();
  const jobs = new Map<string, Job>();

  const remove = (url: string) => {
    clearInterval(jobs.get(url)?.timer);
    jobs.delete(url);
  };
  const add = ({ url, intervalMs = defaultIntervalMs, labels = {} }: Target) => {
    assertHttpUrl(url);
    remove(url);
    const run = createRun({ url, intervalMs, labels, up: false, scrapes: 0 }, store, closing.signal);
    jobs.set(url, { ...run, timer: setInterval(() => run.ifIdle(), intervalMs).unref() });
    run.ifIdle();
  };

  return {
    add,
    replace(targets) {
      for (const { url } of targets) assertHttpUrl(url);
      for (const url of jobs.keys()) remove(url);
      for (const target of targets) add(target);
    },
    list: () => [...jobs.values()].map((job) => job.state),
    async scrapeNow() {
      await Promise.all([...jobs.values()].map((job) => job.again()));
    },
    async close() {
      for (const job of jobs.values()) clearInterval(job.timer);
      closing.abort();
      await Promise.all([...jobs.values()].map((job) => job.idle()));
    },
  };
}

interface Run {
  state: TargetState;
  /** Scrapes unless a scrape is under way. */
  ifIdle(): void;
  /** Waits for the scrape under way, then scrapes. */
  again(): Promise<void>;
  idle(): Promise<void>;
}

interface Job extends Run {
  timer: NodeJS.Timeout;
}

function createRun(state: TargetState, store: Store, closing: AbortSignal): Run {
  const onlyFresh = createExemplarFilter();
  const onlyFreshUnlinked = createExemplarFilter();
  const startOf = createProcessStarts();
  let running: Promise<void> | undefined;

  const start = () => {
    running = scrapeOnce().finally(() => {
      running = undefined;
    });
    return running;
  };
  return {
    state,
    ifIdle: () => void (running ?? start()),
    async again() {
      await running;
      await start();
    },
    idle: async () => running,
  };

  async function scrapeOnce(): Promise<void> {
    const timeUs = Date.now() * 1000;
    let points: PointRecord[] = [];
    let exemplars: FreshExemplars = { fresh: [], remember() {} };
    let failure: string | undefined;
    try {
      const exposition = await scrape(state.url, {
        timeUs,
        timeoutMs: Math.min(state.intervalMs, maxTimeoutMs),
        closing,
      });
      points = exposition.points;
      const startUs = startOf(points, timeUs);
      if (startUs !== undefined) for (const point of points) point.startUs = startUs;
      exemplars = onlyFresh(exposition.exemplars);
      const unlinked = onlyFreshUnlinked(exposition.unlinked);
      store.gap('uncheckable', 'metrics', 'exemplar without trace id and span id', unlinked.fresh.length);
      unlinked.remember();
    } catch (error) {
      if (closing.aborted) return;
      if (error instanceof ExpositionError) store.gap('rejected', 'metrics', 'scrape that is not valid text');
      failure = messageOf(error);
    }
    if (failure === undefined) delete state.error;
    else state.error = failure;
    state.up = failure === undefined;
    state.scrapes++;
    state.timeUs = timeUs;
    state.series = points.length;
    points.push({ metric: 'up', type: 'gauge', labels: {}, timeUs, source: 'scrape', value: state.up ? 1 : 0 });
    await storeScrape(points, exemplars);
  }

  async function storeScrape(points: PointRecord[], { fresh: exemplars, remember }: FreshExemplars): Promise<void> {
    const resource = { attributes: resourceOfLabels(state.labels) };
    for (const record of [...points, ...exemplars]) record.labels = withTargetLabels(record.labels, state.labels);
    const records = points.length + exemplars.length;
    try {
      await store.write([{ resource, points, exemplars }], records);
      remember();
    } catch (error) {
      store.gap('rejected', 'metrics', 'store failed', records);
      state.error = messageOf(error);
    }
  }
}

function assertHttpUrl(url: string): void {
  if (/^https?:\/\//.test(url) && URL.canParse(url)) return;
  throw new TypeError(`${url} is not an http URL such as http://127.0.0.1:9464/metrics: check its host and port`);
}

/** The target's labels win; a label of the sample with the same name becomes `exported_...`, as in Prometheus. */
function withTargetLabels(labels: Labels, target: Labels): Labels {
  const own = Object.entries(labels).map(([name, value]) => [
    Object.hasOwn(target, name) ? `exported_${name}` : name,
    value,
  ]);
  return { ...Object.fromEntries(own), ...target };
}
