import { describe, expect, test, vi } from 'vitest';
import * as suggestions from '../../src/manifest/suggestion.ts';
import { parse, taskText } from './manifest-builder.ts';

vi.mock(import('../../src/manifest/suggestion.ts'), async (original) => {
  const real = await original();
  return { ...real, suggestion: vi.fn(real.suggestion) };
});

function filled(line: (index: number) => string, length = 64_000): string {
  const lines: string[] = [];
  for (let size = 0; size < length; size += lines.at(-1)?.length ?? 0) lines.push(line(lines.length));
  return lines.join('');
}

describe('a manifest that is made to keep the reader busy', () => {
  test.each<readonly [string, string]>([
    ['keys', filled((index) => `  k${index}: 1\n`)],
    ['entries of a list', `  exclude:\n${filled((index) => `    - a${index}[\n`)}`],
    ['aliases', `  exclude: [${filled(() => '*a,')}]\n`],
    ['maps that are not finished', `  x: ${filled(() => '{: }')}\n`],
    ['the same key', filled(() => '  a: 1\n')],
    ['blanks', filled(() => ' \t\n')],
  ])('is not parsed beyond a number of parts: %s', (_, text) => {
    const { problems } = parse(taskText([]) + text);
    expect(problems).toMatchObject([{ code: 'CS004', message: expect.stringMatching(/holds more keys and entries/) }]);
  });

  test('shows twenty problems and the number of the others', () => {
    const { problems } = parse(taskText([]) + filled((index) => `  key${index}: 1\n`, 12_000));
    expect(problems).toHaveLength(20);
    expect(problems.at(-1)?.message).toMatch(/^\d{3} more problems in this file are not shown$/);
  });

  test('does not look for what each of a thousand keys was meant to be', () => {
    vi.mocked(suggestions.suggestion).mockClear();
    parse(taskText([]) + filled((index) => `  key${index}: 1\n`, 12_000));
    expect(vi.mocked(suggestions.suggestion).mock.calls.length).toBeLessThan(100);
  });
});

test.each<readonly [string, string]>([
  ['a script', `  preScript: |\n${filled((index) => `    echo ${index}: {a, b} - *\n`, 30_000)}`],
  ['a comment', filled((index) => `# ${index}: {a, b} - *\n`, 30_000)],
  ['a list', `  exclude:\n${filled((index) => `    - "/some/longer/folder/name-${index}/**"\n`, 38_000)}`],
])('what a person writes is read, however long: %s', (_, text) => {
  expect(parse(taskText([]) + text).problems).toEqual([]);
});

/** Of this process alone, so that a busy machine does not count. */
function secondsOfWork(act: () => unknown): number {
  const before = process.cpuUsage();
  act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000_000;
}

describe('each character is looked at a few times, and not once for each other one', () => {
  const ends = [
    ['"', '"\n'],
    ['"', ''],
    ["'", "'\n   x: 1\n"],
    ["'", '\u2028b: :'],
    ['|\n', ' x\n'],
    ['>\n', '   x: ["\n'],
    ['x', ' y: z\n'],
  ] as const;

  test.each([' \n', '\n', '\t\n', ' \r\n', ' x\n\n', '  x\n \n', ' ', ' #', 'pass', "'a", "''\n", '\\\n'])(
    '%j',
    (part) => {
      for (const [start, end] of ends) {
        for (const head of ['a: ', 'kind: ', `${taskText([])}  preScript: `]) {
          const text = head + start + part.repeat(60_000 / part.length) + end;
          // Where the work grows by the square it is many times as much; what it is now is a tenth of a second.
          expect(secondsOfWork(() => parse(text))).toBeLessThan(3);
        }
      }
    },
  );
});
