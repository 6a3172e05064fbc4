import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { charts, HELM } from './support/charts.ts';
import { documentedValues } from './support/documented-values.ts';
import { schemaValues } from './support/schema.ts';
import { withoutPadding, withValueTable } from './support/value-table.ts';

const UPDATE = 'node clew.mjs e2e/helm/update.ts writes it';

it('there are charts', () => assert.ok(charts.includes('service')));

for (const chart of charts) {
  const read = (file: string) => readFileSync(join(HELM, chart, file), 'utf8');

  describe(chart, () => {
    it('says of every value what it is', () => {
      const values = documentedValues(read('values.yaml'));
      assert.ok(values.length > 3);
      for (const { path, description } of values) assert.match(description, /^\S.*[.:)\w]$/, path);
    });

    it('has the same values in values.yaml and in the schema, with the same words', () => {
      const values = documentedValues(read('values.yaml'));
      const known = schemaValues(JSON.parse(read('values.schema.json')));
      const described = known.filter(({ schema }) => schema.description !== undefined);
      assert.deepEqual(
        Object.fromEntries(described.map(({ path, schema }) => [path, schema.description])),
        Object.fromEntries(values.map(({ path, description }) => [path, description])),
        UPDATE,
      );
      // What has no description holds values that have one, or is part of a default.
      for (const { path } of known.filter(({ schema }) => schema.description === undefined)) {
        const documented = values.some((one) => one.path.startsWith(`${path}.`) || path.startsWith(`${one.path}.`));
        assert.ok(documented, `${path} is in the schema, and not in values.yaml`);
      }
    });

    it('has them in its README, with their defaults', () => {
      const readme = read('README.md');
      const updated = withValueTable(readme, documentedValues(read('values.yaml')));
      assert.ok(withoutPadding(readme) === withoutPadding(updated), UPDATE);
    });
  });
}
