import { join } from 'node:path';
import { endsWithDemo, type LocalBackend } from './local-backend.ts';
import type { Story } from './stories.ts';

interface Run {
  story: Story;
  runId: string;
  services: string[];
  backend: LocalBackend | undefined;
  /** The folder of summary.json. */
  summary: string;
}

/** Where to look at what a run has done, for the end of its output. */
export function pointers({ story, runId, services, backend, summary }: Run): string {
  const names = services.join('|');
  const rows = [
    ...(backend === undefined ? [] : [['page', `${backend.api}/`]]),
    [
      'PromQL',
      `sum by (service_name, http_route) (rate(http_server_request_duration_seconds_count{service_name=~"${names}"}[1m]))`,
    ],
    ['LogQL', `{service_name=~"${names}"} | test_run_id="${runId}"`],
    ['TraceQL', `{ span.test.run.id = "${runId}" }`],
    ...(story.look === undefined ? [] : [['this one', story.look]]),
    // Of `npm start -- --scenario`, which deletes the folder, and compares the counts itself.
    ...(endsWithDemo(summary)
      ? []
      : [
          ['summary', `${summary}/summary.json, junit.xml`],
          ['counts', howToVerify(story, backend, join(summary, 'summary.json'))],
        ]),
  ];
  return [
    '',
    `What it moves: ${story.moves}`,
    ...rows.map(([label = '', what]) => `  ${label.padEnd(10)}${what}`),
  ].join('\n');
}

/** How to compare what k6 has sent with every signal: takes all that was sent, and nobody who is still sending. */
function howToVerify({ breaks }: Story, backend: LocalBackend | undefined, summaryFile: string): string {
  const more = [`--k6 ${summaryFile}`, ...breaks.map((check) => `--skip ${check}`)].join(' ');
  if (backend === undefined) {
    return `a minute from now, if nobody else sends: npx clew verify --prometheus URL --loki URL --tempo URL ${more}`;
  }
  if (backend.keptFile === undefined) {
    return 'cannot be compared, since the evidence is deleted: npm start -- --keep FILE keeps it';
  }
  return `when npm start has ended: npx clew verify --backend local=${backend.keptFile} ${more}`;
}
