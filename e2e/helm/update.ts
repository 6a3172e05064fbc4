// Writes what follows from the charts: descriptions in the schemas, tables in the READMEs, and the rendered examples.
// `node clew.mjs e2e/helm/update.ts`
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cases } from '../../test/helm/support/cases.ts';
import { charts, HELM } from '../../test/helm/support/charts.ts';
import { documentedValues } from '../../test/helm/support/documented-values.ts';
import { schemaValues } from '../../test/helm/support/schema.ts';
import { withValueTable } from '../../test/helm/support/value-table.ts';
import { renderExample } from './render.ts';
import { NEWEST } from './schema-sources.ts';

for (const chart of charts) {
  const rewrite = (file: string, change: (text: string) => string): void => {
    const path = join(HELM, chart, file);
    writeFileSync(path, change(readFileSync(path, 'utf8')));
  };
  const values = documentedValues(readFileSync(join(HELM, chart, 'values.yaml'), 'utf8'));
  rewrite('README.md', (readme) => withValueTable(readme, values));
  rewrite('values.schema.json', (text) => {
    const document = JSON.parse(text);
    for (const { path, schema } of schemaValues(document)) {
      const description = values.find((value) => value.path === path)?.description;
      delete schema.description;
      if (description !== undefined) schema.description = description;
    }
    return JSON.stringify(document, undefined, 2);
  });
}
for (const one of cases.filter(({ example }) => example)) {
  const { code, stdout, stderr } = await renderExample(one, NEWEST);
  if (code !== 0) throw new Error(stderr);
  writeFileSync(join(HELM, 'examples', `${one.name}.yaml`), stdout);
}
spawnSync('node_modules/.bin/biome', ['check', '--write', 'deploy/helm'], { stdio: 'inherit' });
