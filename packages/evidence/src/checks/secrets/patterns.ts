import { isBasicCredentials, passesLuhn, passesMod97 } from './confirm.ts';

/** What must not be in telemetry. */
export interface SecretPattern {
  name: string;
  /** Is also tried on JSON as it is stored: a value may stand in quotes behind its key. */
  regex: RegExp;
  /** What a regex cannot tell, such as a check digit. */
  confirm?: (match: string) => boolean;
  /** Must be found. */
  sample: string;
  /** Looks alike and must not be found. */
  harmless: string;
}

/** What redaction leaves in place of a value. */
const REDACTED = String.raw`(?!\[?redacted|\*{2}|x{3}|<|\$\{|%s|null\b|undefined\b|true\b|false\b|\[)`;
const SECRET_NAME =
  '(?:password|passwd|passphrase|pwd(?![=:]/)|secret|api[_-]?key|(?:access|refresh|id|auth)[_-]?token)';

export const secretPatterns: readonly SecretPattern[] = [
  {
    name: 'JWT',
    regex: /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{16,}/,
    sample: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U',
    harmless: 'eyJhbGciOiJIUzI1NiJ9 is the header of a token',
  },
  {
    name: 'bearer token',
    regex: new RegExp(String.raw`\bbearer\s+${REDACTED}[\w.~+/-]{16,}=*`, 'i'),
    sample: 'Authorization: Bearer 7Zx2mQ9vK4pL8sT1wY6b',
    harmless: 'Authorization: Bearer [REDACTED]; the bearer of this letter',
  },
  {
    name: 'basic authentication',
    regex: /\bbasic\s+[A-Za-z0-9+/]{6,}={0,2}/i,
    confirm: isBasicCredentials,
    sample: 'authorization=Basic YWxpY2U6aHVudGVyMg==',
    harmless: 'basic authentication is off',
  },
  {
    name: 'URL with credentials',
    regex: new RegExp(String.raw`\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"]*:${REDACTED}[^\s/@"]+@`, 'i'),
    sample: 'postgres://app:hunter2@db:5432/app',
    harmless: 'postgres://REDACTED:REDACTED@db:5432/app, http://127.0.0.1:8080/@scope',
  },
  {
    name: 'AWS access key',
    regex: /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/,
    sample: 'AKIAIOSFODNN7EXAMPLE',
    harmless: 'AKIARMA',
  },
  {
    name: 'private key',
    regex: /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY/,
    sample: '-----BEGIN RSA PRIVATE KEY-----',
    harmless: '-----BEGIN PUBLIC KEY-----',
  },
  {
    name: 'password',
    // key=value, "key":"value" (also escaped), and key: value with a digit in it, which prose has not.
    regex: new RegExp(
      [
        `${SECRET_NAME}=["']?${REDACTED}[^\\s"'&,;]{3}`,
        `${SECRET_NAME}\\\\*["']?\\s*:\\s*\\[?\\\\*["']${REDACTED}[^"']{3}`,
        `${SECRET_NAME}:\\s*${REDACTED}(?=\\S*\\d)[^\\s"'\\\\]{6}`,
      ].join('|'),
      'i',
    ),
    sample: 'user=alice&password=hunter2',
    harmless: 'password=[REDACTED] secret="***" password: must have 8 characters',
  },
  {
    name: 'session cookie',
    regex: new RegExp(
      String.raw`\b(?:connect\.sid|(?:j|php|asp|(?:asp\.net|user|app|auth)[_-]?)?sess(?:ion)?(?:[_.-]?(?:id|token))?)=${REDACTED}[\w%.~+/:-]{12,}`,
      'i',
    ),
    sample: 'cookie: theme=dark; connect.sid=s%3Aq7W2e9R4t1Y6u3I8',
    harmless: 'session=closed session_id=REDACTED',
  },
  {
    name: 'card number',
    regex:
      /(?<![\w.-])(?:4\d{3}|5[1-5]\d\d|2[2-7]\d\d|3[47]\d\d|6011|65\d\d)(?<gap>[ -]?)(?:\d{4}\k<gap>\d{4}\k<gap>\d{4}|\d{6}\k<gap>\d{5})(?![\w.-])/,
    confirm: passesLuhn,
    sample: 'card 4111 1111 1111 1111 declined',
    harmless: '4111111111111112 0.4111111111111111 1795235362589000',
  },
  {
    name: 'e-mail address',
    regex: /[\w+-](?<!redacted)(?:@|%40)(?!\d+\.\d)(?:[a-z0-9-]{1,63}\.)+[a-z]{2,24}\b/i,
    sample: 'no user alice@example.com',
    harmless: 'node_modules/.pnpm/fastify@5.12.8/node_modules/fastify/lib/hooks.js @scope/name',
  },
  {
    name: 'IBAN',
    regex: /\b[A-Z]{2}\d{2}(?:[A-Z0-9]{11,30}|(?: [A-Z0-9]{4}){2,7}(?: [A-Z0-9]{1,3})?)\b/,
    confirm: passesMod97,
    sample: 'to BE68 5390 0754 7034 EUR',
    harmless: 'DE88370400440532013000',
  },
];
