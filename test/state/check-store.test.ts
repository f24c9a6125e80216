import { describe, expect, test } from 'vitest';
import { readChecks, writeChecks } from '../../src/state/check-store.ts';
import type { CorruptFile } from '../../src/state/json-file.ts';
import { checkRecord } from '../helper/check.ts';
import { temporaryState } from './open-state.ts';

describe('checks', () => {
  test('are read as they were written', async () => {
    await using directory = await temporaryState();
    expect(await readChecks(directory.state, 'leave')).toEqual(new Map());
    const files = [{ found: 'extra', path: 'a' }] as const;
    const checks = new Map([
      ['photos', checkRecord()],
      ['music', checkRecord({ verdict: 'Different', files })],
    ]);
    expect(await writeChecks(directory.state, checks)).toEqual({ ok: true, value: undefined });
    expect(await readChecks(directory.state, 'leave')).toEqual(checks);
  });

  test('that an earlier version wrote are of no version of a task', async () => {
    await using directory = await temporaryState();
    const { specHash: _, run: _run, equalBy: _by, warnings: _left, sample: _sample, ...written } = checkRecord();
    const counts = { equal: 12, differing: 0, missing: 0, extra: 0, errors: 0 };
    await directory.write('state/checks.json', JSON.stringify({ photos: { ...written, counts } }));
    const checks = await readChecks(directory.state, 'leave');
    expect(checks.get('photos')).toEqual(checkRecord({ specHash: null }));
  });

  test.each([
    ...['torn', '[]', '{"photos":1}', JSON.stringify({ photos: { ...checkRecord(), verdict: 'Fine' } })],
    JSON.stringify({ photos: { ...checkRecord(), counts: { equal: 1 } } }),
    JSON.stringify({ photos: { ...checkRecord(), counts: null } }),
  ])('that are not what was written are set aside: %s', async (text) => {
    await using directory = await temporaryState();
    await directory.write('state/checks.json', text);
    const corrupt: CorruptFile[] = [];
    expect(await readChecks(directory.state, (each) => corrupt.push(each))).toEqual(new Map());
    expect(corrupt).toMatchObject([{ movedTo: directory.at('state/checks.json.corrupt') }]);
  });
});
