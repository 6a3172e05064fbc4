import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FOLDER } from '../../test/helm/support/alloy/releases.ts';
import { type KubeObject, readObjects } from '../../test/helm/support/objects.ts';
import { findProgram } from '../support/programs.ts';
import { chart } from './alloy-chart.ts';

/** In place of the programs: an install of Alloy is rendered, and nothing else is done. */
const STANDINS = `
helm() {
  [ "$1 $2" = 'upgrade --install' ] || return 0
  shift 2
  local arg args=() ours=false
  for arg in "$@"; do
    if [ "$arg" = grafana/alloy ]; then ours=true; arg=$CHART; fi
    args+=("$arg")
  done
  if $ours; then "$HELM" template "\${args[@]}"; fi
}
kubectl() { :; }
`;

/** What the commands of the README install, block by block. @throws when one of them fails, with what it said */
export function installedByReadme(): KubeObject[][] {
  const readme = readFileSync(join(FOLDER, 'README.md'), 'utf8');
  const blocks = [...readme.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, script]) => String(script));
  const folder = mkdtempSync(join(tmpdir(), 'clew-alloy-'));
  try {
    return blocks.map((block) => {
      const script = `set -eu -o pipefail\n${STANDINS}${block.replaceAll('/tmp/', `${folder}/`)}`;
      const { status, stdout, stderr } = spawnSync('bash', ['-c', script], {
        cwd: join(FOLDER, '../../..'),
        env: { ...process.env, HELM: findProgram('helm'), CHART: chart() },
        encoding: 'utf8',
        maxBuffer: 2 ** 26,
      });
      if (status !== 0) throw new Error(`${block}\n${stderr}`);
      return readObjects(stdout);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
