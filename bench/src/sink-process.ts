import { answerQuestions } from './child.ts';
import { startSink } from './sink.ts';
import { createTally } from './tally.ts';

// `sink-process.ts [count] [LATENCY_MS]`
const [count, latencyMs = '0'] = process.argv.slice(2);
const { tally, receive } = createTally();
const sink = await startSink({ latencyMs: Number(latencyMs), ...(count === 'count' && { receive }) });
answerQuestions({ port: () => sink.port, tally: () => tally });
