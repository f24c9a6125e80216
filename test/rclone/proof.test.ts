import { describe, expect, test } from 'vitest';
import { parseLogLine } from '../../src/rclone/log-line.ts';
import { createProofs } from '../../src/rclone/proof.ts';

function line(level: string, msg: string, object = 'a.txt'): string {
  return JSON.stringify({ level, msg, object, objectType: '*local.Object' });
}

function read(...lines: readonly string[]) {
  const proven: string[] = [];
  const bySize: string[] = [];
  const proofs = createProofs({ onProven: (path) => proven.push(path), onSizeOnly: (path) => bySize.push(path) });
  for (const each of lines) proofs.add(parseLogLine(each));
  return { proven, bySize };
}

describe('what rclone says of a file proves that it is at the destination', () => {
  test.each([
    [line('info', 'Copied (new)')],
    [line('info', 'Copied (replaced existing)')],
    [line('info', 'Copied (server-side copy)')],
    [line('info', 'Multi-thread Copied (new)')],
    [line('debug', 'Unchanged skipping')],
  ])('%s', (said) => {
    expect(read(said)).toEqual({ proven: ['a.txt'], bySize: [] });
  });
});

describe('and otherwise it does not', () => {
  test.each([
    line('debug', 'Destination exists, skipping'),
    line('debug', 'Destination is newer than source, skipping'),
    line('debug', 'Destination mod time is within 1s of source and files identical, skipping'),
    line('debug', 'Size and modification time the same (differ by 0s, within tolerance 1ns)'),
    line('error', 'Failed to copy: permission denied'),
    line('info', 'Deleted'),
    line('info', 'Unchanged skipping'),
    JSON.stringify({ level: 'debug', msg: 'Unchanged skipping' }),
    JSON.stringify({ level: 'notice', msg: 'Skipped copy', object: 'a.txt', skipped: 'copy' }),
    'a.txt: Copied (new)',
  ])('%s', (said) => {
    expect(read(said)).toEqual({ proven: [], bySize: [] });
  });
});

test.each(['Sizes identical', 'Size of src and dst objects identical'])('a comparison of sizes is none: %s', (said) => {
  const lines = [
    line('debug', said),
    line('debug', 'Unchanged skipping', 'b.txt'),
    line('debug', 'Unchanged skipping'),
  ];
  expect(read(...lines)).toEqual({ proven: ['b.txt'], bySize: ['a.txt'] });
});
