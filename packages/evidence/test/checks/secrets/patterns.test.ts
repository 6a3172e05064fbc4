import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findSecrets, mayHaveSecret } from '../../../src/checks/secrets/find-secrets.ts';
import { secretPatterns } from '../../../src/checks/secrets/patterns.ts';

const found = (text: string) => findSecrets(text).map(({ pattern }) => pattern);

for (const { name, sample, harmless } of secretPatterns) {
  test(`finds ${name}, also in stored JSON, and shows little of it`, () => {
    assert.deepEqual(found(sample), [name]);
    assert.ok(mayHaveSecret(JSON.stringify({ header: `first\n${sample}\nlast` })));
    for (const { match } of findSecrets(sample)) assert.match(match, /^.{1,4}\.\.\. \(\d+ characters\)$/);
  });

  test(`takes what looks like ${name} for no secret`, () => assert.deepEqual(found(harmless), []));
}

const leaks: [pattern: string, text: string][] = [
  ['JWT', 'token eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJlLXNpZ25hdHVyZQ expired'],
  ['basic authentication', 'basic is what it says: Basic dXNlcjpwYXNz'],
  ['URL with credentials', '"url.full":"https://alice:s3cret@localhost/cart?id=1"'],
  ['private key', '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg'],
  ['password', '{"user":"alice","password":"hunter2"}'],
  ['password', String.raw`body: {\"client_secret\":\"hunter2\"}`],
  ['password', "{ password: 'hunter2' }"],
  ['password', 'login with password: hunter2'],
  ['password', 'https://shop.test/login?api_key=0a1b2c3d'],
  ['password', '"http.request.header.x-api-key":["0a1b2c3d"]'],
  ['session cookie', 'JSESSIONID=0A1B2C3D4E5F60718293A4B5C6D7E8F9'],
  ['session cookie', 'PHPSESSID=el4ukv0kqbvoirg7nkp4dncpk3'],
  ['session cookie', '__Host-session=eyJ1c2VyIjoxMjN9.abc'],
  ['card number', '"card":"5500-0000-0000-0004"'],
  ['card number', 'amex 378282246310005'],
  ['card number', '4111111111111112 or 4111111111111111'],
  ['e-mail address', '/search?q=alice%40example.org'],
  ['IBAN', 'GB82WEST12345698765432'],
  ['IBAN', 'from DE89 3704 0044 0532 0130 00 with thanks'],
];

for (const [pattern, text] of leaks) {
  test(`finds ${pattern} in ${text}`, () => assert.deepEqual(found(text), [pattern]));
}

const harmless = [
  'test.run.id 67113cf9-c684-42f3-b64d-0f1e6f257bc3',
  '4bf92f3577b34da6a3ce929d0e0e4736 00f067aa0ba902b7',
  '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  '0.008907513999999991 1795235362589000 1795235362589000123',
  'at next (/app/node_modules/.pnpm/fastify@5.12.8/node_modules/fastify/lib/hooks.js:242:18)',
  'http://127.0.0.1:8081/api/users?limit=REDACTED https://REDACTED:REDACTED@shop.test/',
  'password=*** passwd=<hidden> secret="%s" "password":null "api_key":"[REDACTED]" pwd=xxxx',
  'the password must have 8 characters: password is required, password: required PWD=/home/app1',
  '"session.id":"0a1b2c3d4e5f" k8s.secret.name=tls',
  'Bearer token is missing, basic realm="shop"',
];

for (const text of harmless) {
  test(`finds nothing in ${text}`, () => assert.deepEqual(found(text), []));
}

test('is done soon with a long text that was made to take long', () => {
  const worst = ['://a:', 'eyJ', 'a@', '4111', 'DE89 ', 'basic ', 'password ', 'session=', 'a.', '\\'];
  const start = process.cpuUsage();
  for (const part of worst) findSecrets(part.repeat(20_000));
  // CPU, because what else runs on the machine says nothing about it.
  assert.ok(process.cpuUsage(start).user < 5_000_000);
});
