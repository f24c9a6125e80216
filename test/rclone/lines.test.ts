import fastCheck from 'fast-check';
import { expect, test } from 'vitest';
import { createLineSplitter } from '../../src/rclone/lines.ts';

function split(parts: readonly string[]): string[] {
  const lines: string[] = [];
  const splitter = createLineSplitter((line) => lines.push(line));
  for (const part of parts) splitter.write(part);
  splitter.end();
  return lines;
}

test('lines come out whole, however the text was cut', () => {
  fastCheck.assert(
    fastCheck.property(fastCheck.array(fastCheck.string({ unit: fastCheck.constantFrom('a', 'b', '\n') })), (parts) => {
      expect(split(parts)).toEqual(
        parts
          .join('')
          .split('\n')
          .filter((line) => line !== ''),
      );
    }),
  );
});

test('a carriage return before a line break goes', () => {
  expect(split(['a\r', '\nb\r\n', 'c\rd'])).toEqual(['a', 'b', 'c\rd']);
});

test('a line without end is cut at one mebibyte', () => {
  const half = 'x'.repeat(700 * 1024);
  expect(split([half, half, '\nnext']).map((line) => line.length)).toEqual([1024 * 1024, 4]);
});
