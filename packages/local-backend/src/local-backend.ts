import { setImmediate } from 'node:timers/promises';
import { type Evidence, openEvidence } from '@clew/evidence';
import { buildApi } from './api/api.ts';
import { createFaults, type Fault } from './faults.ts';
import { urlOf } from './listener.ts';
import { createLogLines } from './log-lines/log-lines.ts';
import { listenGrpc } from './otlp/grpc.ts';
import { listenHttp } from './otlp/http.ts';
import { createReceive } from './otlp/receive.ts';
import { createScraper, type Target } from './scrape/scraper.ts';
import { createServiceFaults, type FaultTargets } from './service-faults.ts';
import { createStore } from './store/store.ts';

export interface LocalBackendOptions {
  /** Address to listen on; loopback by default. Nothing here asks who is calling. */
  host?: string;
  /** Ports; 0, the default, takes free ones. */
  grpcPort?: number;
  httpPort?: number;
  apiPort?: number;
  /** File of the evidence; in memory without. */
  file?: string;
  /** What the evidence may take; 256 MiB by default. Whole traces are evicted, oldest first. */
  maxBytes?: number;
  /** Longest body over HTTP, before and after decompression; 20 MiB by default. */
  httpMaxBytes?: number;
  /** What to scrape. */
  targets?: Target[];
  /** Milliseconds between scrapes of a target that says nothing else; 5000 by default. */
  scrapeIntervalMs?: number;
  /** Services whose faults whoever reaches the page may switch on and off; none without. */
  faultTargets?: FaultTargets;
  /** A store to write to instead of one of its own; the caller closes it. */
  evidence?: Evidence;
  /** Gets the diagnostics; stderr by default. */
  warn?: (message: string) => void;
}

export interface LocalBackend {
  grpcUrl: string;
  httpUrl: string;
  apiUrl: string;
  /** For queries and checks in this process. */
  evidence: Evidence;
  setFault: (fault: Fault) => void;
  clearFaults: () => void;
  addTarget: (target: Target) => void;
  /** Scrapes every target and resolves when what they had is stored. */
  scrapeNow: () => Promise<void>;
  /** Commits what waits for a shared transaction. */
  flush: () => Promise<void>;
  /** Stops listening, stores what has been received, also by open streams of log lines, and closes the evidence. */
  close: () => Promise<void>;
}

/**
 * Starts the backend in this process: OTLP over gRPC and HTTP, the scraper, the JSON API and the page, all over to one
 * evidence store. Rejects with the system's error (EADDRINUSE, ...) when a port cannot be had.
 *
 * @example
 * const backend = await startLocalBackend();
 * process.env.OTEL_EXPORTER_OTLP_ENDPOINT = backend.grpcUrl;
 */
export async function startLocalBackend(options: LocalBackendOptions = {}): Promise<LocalBackend> {
  const {
    host = '127.0.0.1',
    grpcPort = 0,
    httpPort = 0,
    apiPort = 0,
    targets = [],
    scrapeIntervalMs = 5000,
  } = options;
  const { maxBytes = 256 * 2 ** 20, httpMaxBytes = 20 * 2 ** 20, warn = console.error } = options;
  const serviceFaults = createServiceFaults(options.faultTargets);
  await using started = new AsyncDisposableStack();
  const evidence = options.evidence ?? openEvidence(options.file === undefined ? {} : { file: options.file });
  if (options.evidence === undefined) started.defer(() => evidence.close());

  // What was started is closed in the opposite order: listeners, then what they had received, then the store.
  const store = started.adopt(createStore(evidence, maxBytes, warn), (store) => store.close());
  const scraper = started.adopt(createScraper(store, scrapeIntervalMs), (scraper) => scraper.close());
  const logLines = started.adopt(createLogLines(store), (logLines) => logLines.idle());
  const faults = createFaults();
  const receive = createReceive(store, faults);
  const grpc = started.adopt(await listenGrpc(host, grpcPort, receive, store), (listener) => listener.close());
  const http = started.adopt(await listenHttp(host, httpPort, httpMaxBytes, receive, store), (l) => l.close());
  const otlp = { grpc: urlOf(host, grpc.port), http: urlOf(host, http.port) };
  const deps = { store, faults, serviceFaults, scraper, logLines, otlp };
  const api = started.adopt(buildApi(deps, host), (api) => api.close());
  const apiUrl = await api.listen({ host, port: apiPort });
  for (const target of targets) scraper.add(target);

  const running = started.move();
  return {
    grpcUrl: otlp.grpc,
    httpUrl: otlp.http,
    apiUrl,
    evidence,
    setFault: (fault) => faults.set(fault),
    clearFaults: () => faults.clear(),
    addTarget: (target) => scraper.add(target),
    scrapeNow: () => scraper.scrapeNow(),
    flush: async () => store.flush(),
    async close() {
      await logLines.drain();
      // Answers to what is committed now get out before their connections are closed.
      store.flush();
      await setImmediate();
      await running.disposeAsync();
    },
  };
}
