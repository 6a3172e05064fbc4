import { summary } from '@clew/evidence';
import { startLocalBackend } from '@clew/local-backend';
import { answerQuestions } from './child.ts';

// `backend-process.ts FILE MAX_BYTES`
const [file = '', maxBytes] = process.argv.slice(2);
const backend = await startLocalBackend({ file, maxBytes: Number(maxBytes) });
answerQuestions({
  url: () => backend.httpUrl,
  cpu: () => process.cpuUsage(),
  rss: () => process.memoryUsage.rss(),
  bytes: () => backend.evidence.bytes(),
  summary: () => summary(backend.evidence),
});
