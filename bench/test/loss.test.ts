import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { compile } from '../src/compile.ts';
import { measureLoss, type Scenario, unaccounted } from '../src/loss.ts';
import { SERVICES } from '../src/variants.ts';

const scenario: Scenario = { name: 'in miniature', connections: 20, seconds: 2, rate: 100, stop: 'under load' };

before(compile);

for (const service of SERVICES) {
  test(`${service.name} loses nothing when it is stopped under load`, async () => {
    const loss = await measureLoss(service, scenario);
    assert.ok(loss.answered >= 20, `${loss.answered} answered`);
    assert.deepEqual(unaccounted(loss), { spans: 0, lines: 0, points: 0 });
    assert.equal(loss.cut, 0);
  });

  test(`a collector that loses spans of ${service.name} is found out`, async () => {
    const loss = await measureLoss(service, scenario, new URL('forgetful-sink.ts', import.meta.url));
    const { spans, lines, points } = unaccounted(loss);
    assert.ok(spans > 0 && spans < loss.answered, `${spans} of ${loss.answered} spans missing`);
    assert.deepEqual({ lines, points }, { lines: 0, points: 0 });
    assert.equal(loss.dropped.spans, 0);
  });
}
