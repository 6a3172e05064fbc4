import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const DOCS = join(import.meta.dirname, '../../docs');
/** Pages that tell how to ask. */
const PAGES = ['verify-your-stack', 'exemplars', 'troubleshooting'];

/** The commands of the pages that begin with `program`, in text and in blocks, each once. */
export function commandsInDocs(program: string): string[] {
  const found = PAGES.flatMap((page) => {
    const text = readFileSync(join(DOCS, `${page}.md`), 'utf8')
      .replaceAll('\\|', '|')
      .replaceAll('\\\n', ' ');
    const inText = text.match(new RegExp(`(?<=\`)${program} [^\`\n]+(?=\`)`, 'g')) ?? [];
    const inBlocks = text.match(new RegExp(`^${program} .*$`, 'gm')) ?? [];
    return [...inText, ...inBlocks.map((line) => line.replace(/ {2,}# .*/, ''))];
  });
  return [...new Set(found)];
}

/**
 * What a command says when it is typed, on both streams; its exit code is of no interest.
 *
 * @param replaced addresses and names of the pages, by what they are here
 */
export function typed(command: string, replaced: Record<string, string>): Promise<string> {
  const here = Object.entries(replaced).reduce((text, [from, to]) => text.replaceAll(from, to), command);
  return new Promise((resolve) => {
    execFile('bash', ['-c', here], (_, stdout, stderr) => resolve(`${stdout}${stderr}`));
  });
}
