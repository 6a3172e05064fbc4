import type { Story } from './stories.ts';

interface Run {
  story: Story;
  runId: string;
  services: string[];
  backend: string | undefined;
  summary: string;
}

/** Where to look at what a run has done, for the end of its output. */
export function pointers({ story, runId, services, backend, summary }: Run): string {
  const names = services.join('|');
  const store = backend === undefined ? '...' : `--backend local=${backend}`;
  const skip = story.breaks.map((check) => ` --skip ${check}`).join('');
  const rows = [
    ...(backend === undefined ? [] : [['page', `${backend}/`]]),
    [
      'PromQL',
      `sum by (service_name, http_route) (rate(http_server_request_duration_seconds_count{service_name=~"${names}"}[1m]))`,
    ],
    ['LogQL', `{service_name=~"${names}"} | test_run_id="${runId}"`],
    ['TraceQL', `{ span.test.run.id = "${runId}" }`],
    ...(story.look === undefined ? [] : [['this one', story.look]]),
    ['summary', `${summary}/summary.json, junit.xml`],
    ['counts', `npx clew verify ${store} --k6 ${summary}/summary.json${skip}`],
  ];
  return [
    '',
    `What it moves: ${story.moves}`,
    ...rows.map(([label = '', what]) => `  ${label.padEnd(10)}${what}`),
  ].join('\n');
}
