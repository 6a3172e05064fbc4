import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../scenarios');

/** What the comment at the head of a scenario says. */
export interface Story {
  name: string;
  /** The file for k6. */
  file: string;
  /** The first paragraph. */
  about: string;
  moves: string;
  takes: string;
  /** A query that shows it, in PromQL or TraceQL. */
  look: string | undefined;
  /** The checks of `clew verify` that cannot hold after it. */
  breaks: string[];
  /** What the user has to do where nobody else does it. */
  byHand: { without: 'local backend' | 'gateway'; steps: string } | undefined;
}

/** Every scenario, by name. */
export function readStories(): Story[] {
  return globSync('*.ts', { cwd: FOLDER })
    .sort()
    .map((file) => readStory(join(FOLDER, file)));
}

/** @throws that names every scenario, when there is none of this name. */
export function findStory(name: string | undefined): Story {
  const stories = readStories();
  const story = stories.find((one) => one.name === name);
  if (story !== undefined) return story;
  const problem = name === undefined ? 'no scenario given' : `${name}: no such scenario`;
  throw new Error(`${problem}; there are ${stories.map((one) => one.name).join(', ')}`);
}

/** @throws when the comment does not have what each scenario has to say. */
function readStory(file: string): Story {
  const name = basename(file, '.ts');
  const [, comment] = /^\/\*\*\n(.*?)\n \*\/\n/s.exec(readFileSync(file, 'utf8')) ?? [];
  if (comment === undefined) throw new Error(`${file}: a scenario starts with a comment that tells its story`);
  const paragraphs = comment.replace(/^ \* ?/gm, '').split('\n\n');
  const fields = (paragraphs.at(-1) ?? '').split(/\n(?=[A-Z][a-z ]+: )/).map((field) => field.replaceAll(/\n */g, ' '));
  const field = (label: string) => fields.find((one) => one.startsWith(`${label}: `))?.slice(label.length + 2);
  const [moves, takes] = [field('Moves'), field('Takes')];
  if (moves === undefined || takes === undefined) throw new Error(`${file}: its head needs "Moves: " and "Takes: "`);
  const about = (paragraphs[0] ?? '').replaceAll('\n', ' ');
  const breaks = field('Breaks')?.split(', ') ?? [];
  const byHand = (['local backend', 'gateway'] as const).flatMap((without) => {
    const steps = field(`By hand without a ${without}`);
    return steps === undefined ? [] : [{ without, steps }];
  });
  return { name, file, about, moves, takes, look: field('Look'), breaks, byHand: byHand[0] };
}
