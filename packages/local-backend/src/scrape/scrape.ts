import { type Exposition, parseExposition } from './exposition.ts';

const accept =
  'application/openmetrics-text;version=1.0.0;q=0.9,text/plain;version=0.0.4;q=0.5,text/plain;q=0.3,*/*;q=0.1';
const maxBytes = 16 * 1024 * 1024;

interface ScrapeOptions {
  /** Of samples and exemplars that come without a time. */
  timeUs: number;
  timeoutMs: number;
  closing: AbortSignal;
}

/**
 * Gets and parses what a target exposes, OpenMetrics if it can. Rejects with an ExpositionError when the text is bad,
 * and with what went wrong when there is none within `timeoutMs`.
 */
export async function scrape(url: string, options: ScrapeOptions): Promise<Exposition> {
  const { timeUs, timeoutMs, closing } = options;
  const timeout = AbortSignal.timeout(timeoutMs);
  const response = await fetch(url, { headers: { accept }, signal: AbortSignal.any([timeout, closing]) }).catch(
    rethrow,
  );
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`HTTP ${response.status}`);
  }
  const text = await readText(response).catch(rethrow);
  const openMetrics = response.headers.get('content-type')?.startsWith('application/openmetrics-text') ?? false;
  return parseExposition(text, { openMetrics, timeUs });
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > maxBytes) throw new Error(`more than ${maxBytes} bytes`);
  }
  return text + decoder.decode();
}

/** fetch says "fetch failed" and has the reason, such as ECONNREFUSED, in the cause. */
function rethrow(error: Error): never {
  throw error.cause instanceof Error ? error.cause : error;
}
