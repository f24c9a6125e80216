import fastCheck from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type LogLine, parseLogLine, toProgress, toRunStats } from '../../src/rclone/log-line.ts';

function json(record: Readonly<Record<string, unknown>>): LogLine {
  return parseLogLine(JSON.stringify({ level: 'info', time: '2026-01-01T00:00:00Z', source: 'a.go:1', ...record }));
}

function message(record: Readonly<Record<string, unknown>>): Extract<LogLine, { kind: 'message' }> {
  const line = json({ msg: '', ...record });
  if (line.kind !== 'message') throw new Error(`not a message: ${line.kind}`);
  return line;
}

describe('changes', () => {
  test.each([
    ['Copied (new)', 'copy', null],
    ['Copied (replaced existing)', 'copy', null],
    ['Multi-thread Copied (new)', 'copy', null],
    ['Copied (server-side copy)', 'copy', 'copiedThere'],
    ['Copied (server-side copy) to: b', 'copy', 'copiedToName'],
    ['Moved (server-side)', 'move', 'movedThere'],
    ['Moved (server-side) to: b', 'move', 'movedToName'],
    ['Renamed from "b"', 'move', null],
    ['Deleted', 'delete', null],
    ['Moved into backup dir', 'delete', 'setAside'],
    ['Updated modification time in destination', 'update', null],
    ['Making directory', 'mkdir', null],
    ['Removing directory', 'rmdir', null],
  ])('%s', (msg, action, step) => {
    expect(json({ msg, object: 'a', objectType: '*local.Object' })).toEqual({
      kind: 'change',
      change: { action, path: 'a' },
      step,
    });
  });

  test.each([
    ['copy', 'copy'],
    ['move', 'move'],
    ['move to b', 'move'],
    ['move into backup dir', 'delete'],
    ['server-side directory move', 'move'],
    ['delete', 'delete'],
    ['update modification time', 'update'],
    ['make directory', 'mkdir'],
    ['remove directory', 'rmdir'],
  ])('a dry run leaves out: %s', (skipped, action) => {
    const line = json({ level: 'warning', msg: 'Skipped', object: 'a', size: 7, skipped });
    expect(line).toEqual({ kind: 'skipped', change: { action, path: 'a', size: 7 }, path: 'a' });
  });

  test('the size is left out where the remote does not tell it', () => {
    const line = json({ msg: 'Copied (new)', object: 'a', objectType: '*drive.Object', size: -1 });
    expect(line).toEqual({ kind: 'change', change: { action: 'copy', path: 'a' }, step: null });
  });

  test('the root of a sync is a dot', () => {
    const root = { object: 'Local file system at /x', objectType: '*local.Fs' };
    expect(json({ msg: 'Making directory', ...root })).toEqual({
      kind: 'change',
      change: { action: 'mkdir', path: '.' },
      step: null,
    });
  });

  test('the name of a file is kept as it is, whatever it looks like', () => {
    const object = 'remote{abcde}:x https://a:b@c';
    expect(json({ msg: 'Deleted', object, objectType: '*local.Object' })).toMatchObject({ change: { path: object } });
  });

  test('on a dry run, what is done to a directory or to metadata is an act without a change of a file', () => {
    expect(json({ msg: 'x', object: 'a', skipped: 'set directory modification time' })).toEqual({
      ...{ kind: 'skipped', change: null, path: 'a' },
    });
  });

  test('times of directories, and words without a file, are messages', () => {
    expect(json({ msg: 'Set directory modification time (using SetModTime)', object: 'a' }).kind).toBe('message');
    expect(json({ msg: 'Deleted' }).kind).toBe('message');
  });
});

describe('messages', () => {
  test.each([
    ['debug', 'debug'],
    ['info', 'info'],
    ['warning', 'notice'],
    ['notice', 'notice'],
    ['error', 'error'],
    ['critical', 'error'],
    ['something newer', 'notice'],
  ])('level %s is %s', (level, expected) => {
    expect(message({ level }).level).toBe(expected);
  });

  test('lose the hash that 1.60 adds to the name of a remote', () => {
    const line = message({ msg: 'Failed on remote{P0RT3}:a', object: 'remote{P0-_3}:b', objectType: '*webdav.Fs' });
    expect(line).toMatchObject({ text: 'Failed on remote:a', object: 'remote:b' });
  });

  test('lose the credentials in an address', () => {
    const url = 'https://u:p@host/x?X-Amz-Signature=abc&list=2&access_token=def';
    expect(message({ msg: `Get "${url}": no` }).text).toBe(
      'Get "https://***@host/x?X-Amz-Signature=***&list=2&access_token=***": no',
    );
  });

  test('without an object have none', () => {
    expect(message({ msg: 'a\nb' })).toEqual({
      kind: 'message',
      level: 'info',
      text: 'a\nb',
      object: null,
      wholeRemote: false,
    });
  });
});

describe('plain text', () => {
  test.each([
    ['2026/11/22 13:01:17 Failed to sync: no', 'error', 'Failed to sync: no'],
    ['2026/11/22 13:01:17 ERROR : : error listing', 'error', ': error listing'],
    ['2026/11/22 13:01:17 NOTICE: Config file not found', 'notice', 'Config file not found'],
    ['2026/11/22 13:01:17 INFO  : x: Copied (new)', 'info', 'x: Copied (new)'],
    ['Error: unknown flag: --x', 'error', 'Error: unknown flag: --x'],
    ['Usage:', 'notice', 'Usage:'],
    ['{not json', 'notice', '{not json'],
    ['[1]', 'notice', '[1]'],
    ['', 'notice', ''],
  ])('%j', (line, level, text) => {
    expect(parseLogLine(line)).toEqual({ kind: 'message', level, text, object: null, wholeRemote: false });
  });
});

describe('totals', () => {
  const stats = {
    ...{ bytes: 5, totalBytes: 10, transfers: 1, totalTransfers: 2, checks: 3, deletes: 4, errors: 1, renames: 6 },
    ...{ speed: 2.5, eta: 7, fatalError: true, retryError: true, lastError: 'from remote{abcde}: no' },
  };
  const line = json({ level: 'warning', msg: '\nTransferred: ...', stats });

  test('are read', () => {
    const { eta: _, ...rest } = stats;
    expect(line).toEqual({ kind: 'stats', stats: { ...rest, etaSeconds: 7, lastError: 'from remote: no' } });
  });

  test('become progress, and what the run has done', () => {
    if (line.kind !== 'stats') throw new Error('no totals');
    expect(toProgress(line.stats)).toEqual({
      ...{ bytes: 5, totalBytes: 10, transfers: 1, totalTransfers: 2, checks: 3, deletes: 4, errors: 1 },
      ...{ speed: 2.5, etaSeconds: 7 },
    });
    const counts = { transfers: 8, deletes: 9 };
    expect(toRunStats(line.stats, counts)).toEqual({ bytes: 5, transfers: 8, checks: 3, deletes: 9, errors: 1 });
    expect(toRunStats(null, counts)).toEqual({ bytes: 0, transfers: 8, checks: 0, deletes: 9, errors: 0 });
  });

  test('that rclone leaves out are zero, and an unknown end is null', () => {
    expect(json({ stats: { eta: null, bytes: 'x' } })).toMatchObject({ stats: { bytes: 0, etaSeconds: null } });
  });
});

test('no line is too strange', () => {
  const record = fastCheck.object({
    key: fastCheck.constantFrom('level', 'msg', 'object', 'size', 'skipped', 'stats'),
  });
  fastCheck.assert(
    fastCheck.property(fastCheck.oneof(fastCheck.string(), fastCheck.json(), record.map(JSON.stringify)), (line) => {
      expect(['stats', 'change', 'skipped', 'message']).toContain(parseLogLine(line ?? '').kind);
    }),
  );
});
