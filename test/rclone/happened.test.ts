import { describe, expect, test } from 'vitest';
import { createHappened } from '../../src/rclone/happened.ts';
import { parseLogLine } from '../../src/rclone/log-line.ts';

type Operation = 'sync' | 'copy' | 'move';

/** Lines as `name: message`, or `name: skipped WORD` for those of a dry run. */
function happened(operation: Operation, backupDirectory: string | null, lines: readonly string[]) {
  const counter = createHappened({ operation, backupDirectory });
  const changes = lines.flatMap((line) => {
    const [object = '', msg = ''] = line.split(': ', 1).concat(line.slice(line.indexOf(': ') + 2));
    const skipped = msg.startsWith('skipped ') ? { level: 'notice', skipped: msg.slice(8) } : { level: 'info' };
    const change = counter.take(parseLogLine(JSON.stringify({ msg, object, objectType: '*local.Object', ...skipped })));
    return change === null ? [] : [`${change.action} ${change.path}`];
  });
  return { ...counter.counts(), changes, waiting: counter.waiting() };
}

const aside = 'remote:photos/.trash/1';

describe('what a run did', () => {
  test('with files set aside by a move within the remote', () => {
    const lines = ['a: Moved (server-side)', 'a: Copied (new)', 'b: Moved (server-side)', 'b: Moved into backup dir'];
    expect(happened('sync', aside, lines)).toEqual({
      transfers: 1,
      deletes: 1,
      changes: ['copy a', 'delete b'],
      waiting: [],
    });
  });

  test('with files set aside by a copy and a deletion', () => {
    const lines = [
      'a: Copied (server-side copy)',
      'b: Copied (server-side copy)',
      'a: Deleted',
      'b: Deleted',
      'a: Copied (new)',
      'b: Moved into backup dir',
      'c: Deleted',
    ];
    expect(happened('sync', aside, lines)).toEqual({
      transfers: 1,
      deletes: 2,
      changes: ['copy a', 'delete b', 'delete c'],
      waiting: [],
    });
  });

  test.each([null, aside])('with a rename, backup folder %s', (backup) => {
    const moved = ['old: Moved (server-side) to: new', 'new: Renamed from "old"'];
    const copied = ['old: Copied (server-side copy) to: new', 'old: Deleted', 'new: Renamed from "old"'];
    const planned = ['old: skipped move', 'new: Renamed from "old"'];
    const plannedLater = ['old: skipped move to new', 'new: Renamed from "old"'];
    for (const lines of [moved, copied, planned, plannedLater]) {
      expect(happened('sync', backup, lines)).toMatchObject({ transfers: 1, deletes: 0, changes: ['move new'] });
    }
  });

  test('with a MOVE within one remote', () => {
    const lines = ['a: Moved (server-side)', 'b: Deleted', 'c: Moved (server-side)', 'c: Moved (server-side)'];
    expect(happened('move', null, lines.slice(0, 2))).toMatchObject({ transfers: 1, deletes: 1 });
    expect(happened('move', aside, lines)).toMatchObject({
      transfers: 2,
      deletes: 1,
      changes: ['move a', 'delete b', 'move c'],
      waiting: [],
    });
  });

  test('with a MOVE to another remote, whose source files are deleted', () => {
    const replaced = ['a: Copied (server-side copy)', 'a: Deleted', 'a: Copied (new)', 'a: Deleted'];
    expect(happened('move', aside, replaced)).toMatchObject({ transfers: 1, deletes: 1, waiting: [] });
  });

  test('with a file that was set aside and not replaced', () => {
    const lines = ['a: Moved (server-side)', 'b: Copied (server-side copy)', 'b: Deleted', 'c: Moved (server-side)'];
    const all = [...lines, 'c: Copied (new)'];
    expect(happened('copy', aside, all)).toMatchObject({ transfers: 1, deletes: 0, waiting: ['a', 'b'] });
  });

  test('in a dry run', () => {
    const lines = ['a: skipped move', 'a: skipped copy', 'b: skipped move into backup dir', 'c: skipped delete'];
    expect(happened('sync', aside, lines)).toMatchObject({
      transfers: 1,
      deletes: 2,
      changes: ['copy a', 'delete b', 'delete c'],
    });
  });

  test('is counted in bounded memory', () => {
    const lines = Array.from({ length: 25_000 }, (_, index) => `f${index}: Moved (server-side)`);
    expect(happened('sync', aside, lines).waiting).toHaveLength(20_000);
  });
});
