import { iterate } from '../../sql.ts';
import { add, type Check, EXAMPLES, noFindings } from '../check.ts';
import { exampleOf } from '../example.ts';
import { type FoundSecret, findSecrets, mayHaveSecret } from './find-secrets.ts';
import { allTexts, oneRecord, SOURCES, type TextRecord, textsOf } from './records.ts';

interface Leak extends FoundSecret, Pick<TextRecord, 'service' | 'timeUs' | 'traceId' | 'spanId'> {
  /** Column and key. */
  where: string;
}

/** So many different kinds of leak are told apart; more come from a key with an id in it. */
const KINDS = 1000;

/**
 * Secrets and personal data, by the patterns of `patterns.ts`. Subjects are spans, log lines, exemplars, series and
 * resources. Examples are one per pattern, service and place, with how many records have it and without the secret.
 */
export const secrets: Check = {
  name: 'secrets',
  title: 'no credentials and no personal data in names, attributes, labels, events and log lines',
  signals: ['traces', 'metrics', 'logs'],
  minimum: 1,
  cause: 'headers, URLs, request bodies or error messages are recorded as they come',
  fix: 'rotate what leaked; redact where it is recorded (logger, URL query, headers), and once more in the collector',
  examine(db, { parameters }) {
    const findings = noFindings();
    const kinds = new Map<string, Leak & { record: string; records: number }>();
    for (const [record, source] of Object.entries(SOURCES)) {
      const whole = db.prepare(oneRecord(source));
      for (const { id, text } of iterate<{ id: number; text: string }>(db, allTexts(source), parameters)) {
        // All is one transaction, so the row is there, with the columns of oneRecord.
        const leaks = mayHaveSecret(text) ? leaksOf(whole.get(id) as unknown as TextRecord) : [];
        add(findings, leaks.length > 0 ? 'failed' : 'held', 1);
        for (const leak of leaks) {
          const kind = [leak.pattern, leak.service, record, leak.where].join('\n');
          const known = kinds.get(kind);
          if (known) known.records += 1;
          else if (kinds.size < KINDS) kinds.set(kind, { record, records: 1, ...leak });
        }
      }
    }
    findings.examples = [...kinds.values()].slice(0, EXAMPLES).map(exampleOf);
    return findings;
  },
};

function leaksOf(record: TextRecord): Leak[] {
  const { service, timeUs, traceId, spanId } = record;
  return textsOf(record).flatMap(([where, text]) =>
    findSecrets(text).map(({ pattern, match }) => ({ pattern, service, where, match, timeUs, traceId, spanId })),
  );
}
