// Fetches the charts of deploy/helm/backends/helmfile.yaml into .tools/charts, so that the tests render them too.
// `node clew.mjs e2e/helm/backends-fetch.ts`
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { repositories, variants } from '../../test/helm/support/helmfile.ts';
import { FETCHED } from './backends.ts';
import { helm } from './render.ts';

const charts = new Map(variants.flatMap(({ releases }) => releases).map((one) => [`${one.chart} ${one.version}`, one]));
for (const { chart, version } of charts.values()) {
  const [of, name = ''] = chart.split('/');
  const repository = repositories.find((one) => one.name === of);
  const folder = join(FETCHED, `${basename(chart)}-${version}`);
  if (repository === undefined || version === undefined || existsSync(folder)) continue;
  const args = ['pull', name, '--repo', repository.url, '--version', version, '--untar', '--untardir', folder];
  const { code, stderr } = await helm(args);
  console.log(`${chart} ${version}: ${code === 0 ? 'fetched' : `not to be had: ${stderr.trim()}`}`);
  if (code !== 0) process.exitCode = 1;
}
