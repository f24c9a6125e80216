import { describe, expect, test } from 'vitest';
import { rcloneFlags } from '../../src/manifest/rclone-flag.ts';
import { flagVerdicts } from '../../src/manifest/rclone-flag-verdict.ts';
import { transferModes } from '../../src/model/task.ts';
import { parse, taskText } from './manifest-builder.ts';

const encryption = 'encryption: { password: { fromEnv: PASSWORD } }';

function findings(flags: Readonly<Record<string, unknown>>, mode: string, ...lines: readonly string[]) {
  const { problems } = parse(taskText([`rcloneFlags: ${JSON.stringify(flags)}`, `transferMode: ${mode}`, ...lines]));
  return problems
    .filter(({ code }) => code === 'CS036')
    .map(({ severity, message, hint }) => `${severity}: ${message}; ${hint}`);
}

test('every flag that a manifest may set has a verdict for each mode and for encryption', () => {
  expect(Object.keys(flagVerdicts()).sort()).toEqual(Object.keys(rcloneFlags).sort());
  for (const verdicts of Object.values(flagVerdicts())) {
    expect(Object.keys(verdicts).sort()).toEqual([...transferModes, 'backupFolder', 'encryption'].sort());
  }
});

describe('MOVE refuses what weakens the comparison, or loses the time of a file', () => {
  const refused = Object.entries(flagVerdicts())
    .filter(([, { MOVE }]) => MOVE !== null)
    .map(([name]) => name);

  test('and nothing else', () => {
    expect(refused).toEqual([
      ...['ignore-case-sync', 'ignore-checksum', 'ignore-existing', 'ignore-size', 'modify-window'],
      ...['no-update-modtime', 'refresh-times', 'size-only', 'update', 'use-server-modtime'],
    ]);
  });

  test.each(refused)('%s', (name) => {
    const value = name === 'modify-window' ? '3s' : true;
    const [found, ...others] = findings({ [name]: value }, 'MOVE');
    expect(found).toMatch(new RegExp(`^error: spec\\.rcloneFlags\\.${name} cannot be set with MOVE: .*; \\S`));
    expect(others).toEqual([]);
    expect(findings({ [name]: name === 'modify-window' ? '2s' : false }, 'MOVE')).toEqual([]);
    expect(findings({ [name]: value }, 'COPY')).toEqual([]);
    expect(findings({ [name]: value }, 'SYNC')).toEqual([]);
  });
});

test.each(transferModes)('%s refuses, with encryption, what compares checksums and falls back to sizes', (mode) => {
  expect(findings({ checksum: true }, mode)).toEqual([]);
  expect(findings({ checksum: false }, mode, encryption)).toEqual([]);
  expect(findings({ checksum: true }, mode, encryption)).toEqual([
    'error: spec.rcloneFlags.checksum cannot be set with encryption: an encrypted remote has no checksums, so a ' +
      'change that keeps the size would never be sent; leave it out: sizes and times are compared then',
  ]);
  expect(findings({ 'refresh-times': true }, mode, encryption)).toContainEqual(
    expect.stringMatching(/^error: spec\.rcloneFlags\.refresh-times cannot be set with encryption/),
  );
});

test('no-check-dest and a backup folder exclude each other', () => {
  const safety = 'safety: { backupFolder: .trash }';
  expect(findings({ 'no-check-dest': true }, 'COPY')).toEqual([]);
  expect(findings({ 'no-check-dest': true }, 'COPY', safety)).toEqual([
    'error: spec.rcloneFlags.no-check-dest cannot be set with safety.backupFolder: what is replaced would not be kept, ' +
      'because rclone does not look at it; leave out one of the two',
  ]);
});

describe('track-renames', () => {
  const renames = (strategy: string) => ({ 'track-renames': true, 'track-renames-strategy': strategy });

  test.each(['hash', 'hash,leaf', 'hash,modtime', 'hash,modtime,leaf'])('by %s', (strategy) => {
    expect(findings(renames(strategy), 'SYNC')).toEqual([]);
  });

  test.each(['leaf', 'modtime'])('by %s alone would put wrong content under a name', (strategy) => {
    expect(findings(renames(strategy), 'SYNC')).toEqual([
      expect.stringMatching(/^error: .*the content of one be put under the name of the other; write hash/),
    ]);
  });

  test('by time and the last part of the name', () => {
    expect(findings(renames('modtime,leaf'), 'SYNC', encryption)).toEqual([
      expect.stringMatching(/^warning: .*files in different folders that share name, size and time are taken for one/),
    ]);
  });

  test.each(['modtime,leaf'])('by %s is refused with a wide window for times', (strategy) => {
    expect(findings({ ...renames(strategy), 'modify-window': '24h' }, 'SYNC')).toContainEqual(
      expect.stringMatching(/^error: .*modify-window cannot be set with track-renames-strategy .*; write 2s or less/),
    );
    const errors = (flags: object) => findings({ ...flags }, 'SYNC').filter((each) => each.startsWith('error'));
    expect(errors({ ...renames(strategy), 'modify-window': '2s' })).toEqual([]);
    expect(errors({ ...renames('hash'), 'modify-window': '24h' })).toEqual([]);
    expect(errors({ 'modify-window': '24h' })).toEqual([]);
  });

  test('has no effect with encryption, and its strategy none without it', () => {
    expect(findings({ 'track-renames': true }, 'SYNC', encryption)).toEqual([
      expect.stringMatching(/^warning: spec\.rcloneFlags\.track-renames has no effect with encryption/),
    ]);
    expect(findings({ 'track-renames-strategy': 'hash' }, 'SYNC')).toEqual([
      expect.stringMatching(/^warning: .*track-renames-strategy has no effect without track-renames/),
    ]);
  });
});
