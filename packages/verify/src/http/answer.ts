import type { Dispatcher } from 'undici';
import type { StoreKind } from '../stores.ts';
import { explainConnection, explainStatus } from './explain.ts';

/** Makes the error of a store from what is wrong with it. */
export type Fail = (why: string, tooLarge?: boolean) => Error;

/** An answer is held in memory as a whole, so it has to end somewhere. */
const MOST_BYTES = 32 * 2 ** 20;
const QUOTED = 200;
/** What a store says when its answer would be too large: gRPC inside of it, and Prometheus (`--query.max-samples`). */
const TOO_LARGE = /received message larger than max|would load too many samples/;

/** The JSON of an answer; throws what `fail` makes of one that is none, or no success. */
export async function readAnswer(answer: Dispatcher.ResponseData, kind: StoreKind, fail: Fail): Promise<unknown> {
  const { statusCode: status, headers, body } = answer;
  const text = await readText(body, kind, fail);
  const refused = status === 401 || status === 403 || status === 404;
  if (!refused && isHtml(headers, text)) {
    throw fail(`a web page answered (${status}), no API: is this Grafana, or a login page? ${kind.addressHint}`);
  }
  if (status < 200 || status > 299) {
    throw fail(explainStatus(status, quote(text), kind), TOO_LARGE.test(text));
  }
  try {
    return JSON.parse(text);
  } catch {
    throw fail(`it answered something that is no JSON: ${quote(text)}; ${kind.addressHint}`);
  }
}

async function readText(body: Dispatcher.ResponseData['body'], kind: StoreKind, fail: Fail): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) break;
      chunks.push(chunk);
    }
  } catch (error) {
    throw fail(explainConnection(error, kind));
  }
  if (bytes > MOST_BYTES) throw fail(`it answered over ${MOST_BYTES} bytes: ask for less with --window`, true);
  return Buffer.concat(chunks).toString();
}

function isHtml({ 'content-type': type }: Dispatcher.ResponseData['headers'], text: string): boolean {
  return String(type).startsWith('text/html') || /^\s*<(!doctype|html)/i.test(text);
}

/** The beginning of an answer, on one line, for a message. */
function quote(text: string): string {
  const line = text.slice(0, 2 * QUOTED).replaceAll(/[\s\p{Cc}\p{Cf}]+/gu, ' ');
  return line.trim().slice(0, QUOTED);
}
