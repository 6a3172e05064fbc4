import { existsSync } from 'node:fs';
import { type Evidence, openEvidence } from '@clew/evidence';
import { createClient } from '../http/client.ts';
import { StoreError } from '../http/store-error.ts';
import { message } from '../json.ts';
import { localKind } from '../stores.ts';

/** Where the local backend answers unless it was told otherwise. */
export const LOCAL_URL = 'http://127.0.0.1:4320';

export interface Local {
  evidence: Evidence;
  /** Somebody is writing it: the newest records may still miss their other half. */
  live: boolean;
}

/**
 * Opens the local backend's evidence read-only.
 *
 * @param where its file, or the address of its API, which names the file.
 * @throws {StoreError} when it does not answer, or keeps its evidence in memory.
 * @throws {Error} when there is no such file, or it is no evidence.
 */
export async function openLocal(where = LOCAL_URL): Promise<Local> {
  const file = /^https?:\/\//.test(where) ? await fileOf(where) : where;
  // A store that was closed has no -wal beside it.
  return { evidence: openEvidence({ file, readOnly: true }), live: existsSync(`${file}-wal`) };
}

async function fileOf(url: string): Promise<string> {
  const client = createClient(localKind, { url, headers: {}, rate: 10 });
  try {
    const { file } = message(await client.get('/api/summary'));
    if (typeof file !== 'string' || file === '') {
      throw new StoreError(
        `local backend at ${url}: it keeps its evidence in memory: start it with --file, or ask its GET /api/checks`,
      );
    }
    return file;
  } finally {
    await client.close();
  }
}
