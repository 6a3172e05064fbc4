// Writes what of deploy/helm/alloy follows from alloy/ and from the values files: configurations, and objects for the
// operator. `node clew.mjs e2e/helm/alloy-update.ts`
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationOf, FOLDER, releases, resourceOf } from '../../test/helm/support/alloy/releases.ts';

for (const folder of ['config', 'operator']) {
  rmSync(join(FOLDER, folder), { recursive: true, force: true });
  mkdirSync(join(FOLDER, folder));
}
for (const one of releases) {
  writeFileSync(join(FOLDER, 'config', `${one.role}.alloy`), configurationOf(one.role));
  writeFileSync(join(FOLDER, 'operator', `${one.role}.yaml`), resourceOf(one));
}
