import type { Options, Scenario, Threshold } from 'k6/options';
import { countedMetrics } from './counts.ts';
import type { Run, Story } from './play.ts';
import { lengthOf } from './timeline.ts';

/** What k6 is to run: the load, and beside it the fault and the watch of a story that has them. */
export function optionsOf(story: Story, run: Run, withFault: boolean): Options {
  const { settings, timeline } = run;
  const length = lengthOf(timeline);
  const thresholds: Record<string, Threshold[]> = {
    'http_req_failed{counted:yes}': ['rate==0'],
    dropped_iterations: ['count==0'],
    ...story.thresholds(run),
  };
  for (const name of countedMetrics(settings.targets)) thresholds[name] ??= [];
  return {
    scenarios: {
      load: { gracefulStop: '20s', ...story.profile(timeline, settings.rate), exec: 'default' } as Scenario,
      ...(withFault && {
        fault: {
          executor: 'per-vu-iterations',
          exec: 'fault',
          startTime: `${timeline.baseline}s`,
          maxDuration: `${timeline.fault + 10}s`,
        },
      }),
      ...(story.watch && {
        watch: { executor: 'constant-vus', exec: 'watch', vus: 1, duration: `${length}s` },
      }),
    },
    thresholds,
    // By the run, k6's own metrics are told apart; no `url` and `vu`, which would make a series of every request.
    tags: { testid: settings.runId, story: story.name },
    systemTags: ['error_code', 'expected_response', 'method', 'name', 'scenario', 'status'],
    summaryTrendStats: ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)', 'p(99)', 'count'],
    setupTimeout: '30s',
    teardownTimeout: '30s',
  };
}
