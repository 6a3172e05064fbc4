import { sleep } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';
import { Gauge } from 'k6/metrics';
import type { Scenario, Threshold } from 'k6/options';
import { type Client, createClient } from './client.ts';
import { endRun, partOfRun, reasonNotToRun } from './end-run.ts';
import type { Fault } from './faults.ts';
import { optionsOf } from './options.ts';
import { randomOf } from './random.ts';
import { refuseOtherMachines } from './refuse-other-machines.ts';
import { readSettings, type Settings, type Target } from './settings.ts';
import { LOAD_SECONDS, planOf } from './stopped.ts';
import { summarize } from './summary.ts';
import type { SetupData, SummaryData } from './summary-data.ts';
import { type Phase, phaseAt, type Timeline } from './timeline.ts';

/** What a user does in one iteration. */
export type Journey = (client: Client, run: Run) => void;

/** How much: a k6 executor over the whole timeline. `rate` is the factor of `RATE`. */
export type Profile = (timeline: Timeline, rate: number) => Scenario;

/** A scenario: journey, profile, fault and what must come of it. */
export interface Story {
  /** As its file. */
  name: string;
  timeline: { normal: Timeline; fast: Timeline };
  journey: Journey;
  profile: Profile;
  /** One, or several one after another, for the same time each. */
  fault?: Fault | ((run: Run) => Fault[]);
  /** Statuses besides 2xx that are right while the fault is active, by route; 0 is no answer. */
  expected?: Record<string, number[]>;
  /** k6's own form. That nothing is unexpected and no iteration was dropped holds for every scenario. */
  thresholds: (run: Run) => Record<string, Threshold[]>;
  /** What cannot be checked with these settings, and why: the summary says it. */
  unchecked?: (settings: Settings) => string[];
  /**
   * Done again and again, with a second between, by one VU of its own, from the start to the end.
   *
   * @param clients one for each target
   */
  watch?: (clients: Client[], phase: Phase, run: Run) => void;
  /** Can hurt a stack: goes to other machines than this one only with `YES=true` and a `CAP`. */
  hurts?: true;
  /** The first target is asked through the gateway, where there is one. */
  behindGateway?: true;
  /** How many targets it takes; 1 unless it says so. */
  leastTargets?: number;
}

export interface Run {
  settings: Settings;
  timeline: Timeline;
  /** Seconds since the start of the load. */
  elapsed: () => number;
  /** The first target, and the last one, which is the same when there is one. */
  first: Target;
  last: Target;
}

const loadSeconds = new Gauge(LOAD_SECONDS);

/** Everything that k6 looks for in a script. */
export function play(story: Story) {
  const settings = readSettings(__ENV);
  const { targets } = settings;
  const timeline = story.timeline[settings.pace];
  // There is at least one target.
  const run: Run = { settings, timeline, elapsed, first: targets[0] as Target, last: targets.at(-1) as Target };
  const { leastTargets = 1, expected = {} } = story;
  if (targets.length < leastTargets) {
    throw new Error(
      `${story.name} takes ${leastTargets} targets: a service and its peer; TARGETS has ${targets.length}`,
    );
  }
  if (story.hurts) refuseOtherMachines(story.name, settings);
  const faults = faultsOf(story, run).filter(({ harmless }) => settings.fault || harmless);

  const entrances = targets.map((target, position) =>
    story.behindGateway && position === 0 ? { ...target, url: settings.gatewayUrl ?? target.url } : target,
  );
  const clientOf = (position: number, stream: number): Client => {
    const phase = () => phaseAt(timeline, elapsed());
    const target = entrances[position % targets.length] as Target; // there is at least one
    const random = randomOf(settings.seed, stream);
    return createClient({ scenario: story.name, settings, target, position, random, phase, expected });
  };

  const options = optionsOf(story, run, faults.length > 0);
  const plan = planOf(timeline, options);
  return {
    options,
    setup(): SetupData {
      const notRun = reasonNotToRun(() => {
        for (const target of targets) requireAlive(target);
        for (const fault of faults) fault.require(run);
      });
      return { notRun, startedMs: Date.now() };
    },
    journey({ notRun }: SetupData) {
      partOfRun(notRun, () => {
        const { iterationInTest } = exec.scenario;
        story.journey(clientOf(iterationInTest % targets.length, iterationInTest), run);
      });
    },
    fault({ notRun }: SetupData) {
      partOfRun(notRun, () => {
        const part = { ...run, timeline: { ...timeline, fault: timeline.fault / faults.length } };
        const startedAt = Date.now();
        for (const [i, fault] of faults.entries()) {
          fault.start(part);
          // What is slow to start still lasts for a while.
          const left = part.timeline.fault * (i + 1) - (Date.now() - startedAt) / 1000;
          sleep(Math.max(part.timeline.fault / 2, left));
          fault.end(part);
        }
      });
    },
    watch({ notRun }: SetupData) {
      partOfRun(notRun, () => {
        const { iterationInTest } = exec.scenario;
        // Streams of the journeys count up from 0, these down from the top.
        const clients = targets.map((_, position) => clientOf(position, 2 ** 32 - 1 - iterationInTest));
        story.watch?.(clients, phaseAt(timeline, elapsed()), run);
        sleep(1);
      });
    },
    teardown({ notRun, startedMs }: SetupData) {
      if (notRun !== null) return;
      loadSeconds.add((Date.now() - startedMs) / 1000);
      partOfRun(notRun, () => {
        for (const fault of faults) fault.end(run);
      });
    },
    handleSummary: (data: SummaryData) => summarize(story.name, data, settings, plan, story.unchecked?.(settings)),
  };
}

function faultsOf({ fault }: Story, run: Run): Fault[] {
  if (fault === undefined) return [];
  return typeof fault === 'function' ? fault(run) : [fault];
}

/** Every k6 scenario of a run starts with the load, but for the fault. */
function elapsed(): number {
  return (Date.now() - exec.scenario.startTime) / 1000;
}

function requireAlive({ name, url }: Target): void {
  const { status, error } = http.get(`${url}/health`, { tags: { name: 'GET /health', to: 'setup' }, timeout: '5s' });
  if (status === 200) return;
  const said = status === 0 ? `no answer (${error})` : `GET /health answered ${status}`;
  endRun(`${name} at ${url}: ${said}. Is it running, and is TARGETS right? (npm start runs both services)`);
}
