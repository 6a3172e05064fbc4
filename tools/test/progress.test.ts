import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProgress, secondsLeft } from '../progress.ts';

test('the time left is that of a known build at first, then follows from the pace', () => {
  assert.equal(secondsLeft({ done: 0, of: 100, knownSeconds: 300 }, 0), 300);
  assert.equal(secondsLeft({ done: 10, of: 100, knownSeconds: 300 }, 5), 270);
  assert.equal(secondsLeft({ done: 50, of: 100, knownSeconds: 300 }, 400), 400);
  assert.equal(secondsLeft({ done: 100, of: 100, knownSeconds: 300 }, 400), 0);
});

test('a terminal sees every count in one line, a log each step once', () => {
  const shown = (isTTY: boolean) => {
    let text = '';
    const write = (part: string) => {
      text += part;
    };
    // What createProgress uses of a stream.
    const progress = createProgress({ isTTY, write } as unknown as NodeJS.WriteStream, 'k6 v2');
    progress.show('downloading');
    for (let done = 1; done <= 3; done++) progress.count('compiling', { done, of: 3, knownSeconds: 90 });
    progress.end('built');
    return text;
  };
  assert.equal(
    shown(false),
    'k6 v2: downloading (0 s)\nk6 v2: compiling 1 of 3, about 0 s left (0 s)\nk6 v2: built (0 s)\n',
  );
  assert.equal(shown(true).split('\r').length, 6);
  assert.ok(shown(true).endsWith('compiling 3 of 3, about 0 s left (0 s)\r\x1b[2Kk6 v2: built (0 s)\n'));
});
