import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { rcloneFlags } from '../../src/manifest/rclone-flag.ts';
import { flagArguments } from '../../src/rclone/flag.ts';
import { temporaryDirectory } from '../helper/temporary-directory.ts';
import { binary, run } from '../rclone/real-rclone.ts';
import { messages, parse, taskText } from './manifest-builder.ts';

function flagsOf(flags: Readonly<Record<string, unknown>>, mode = 'SYNC'): unknown {
  const { task, problems } = parse(taskText([`rcloneFlags: ${JSON.stringify(flags)}`, `transferMode: ${mode}`]));
  return problems.length === 0 ? task?.spec.rcloneFlags : messages(problems);
}

/** One value that each flag takes. */
const samples: Readonly<Record<string, string | number | boolean>> = {
  ...{ bind: '127.0.0.1', 'buffer-size': '32Mi', 'check-first': true, checkers: 16, checksum: true, contimeout: '30s' },
  ...{ 'cutoff-mode': 'soft', 'disable-http-keep-alives': true, 'disable-http2': true },
  ...{ 'expect-continue-timeout': '2s', 'ignore-case-sync': true, 'ignore-checksum': true, 'ignore-existing': true },
  ...{ 'ignore-size': true, 'ignore-times': true, immutable: true, 'low-level-retries': 3, 'max-backlog': 100 },
  ...{ 'max-transfer': '1.5G', metadata: true, 'modify-window': '2s', 'multi-thread-cutoff': '1G' },
  ...{ 'multi-thread-streams': 0, 'no-check-dest': true, 'no-gzip-encoding': true, 'no-traverse': true },
  ...{ 'no-unicode-normalization': true, 'no-update-modtime': false, 'order-by': 'size,mixed,75' },
  ...{ 'refresh-times': true, 'size-only': true, timeout: '10m', tpslimit: 2.5, 'tpslimit-burst': 2 },
  ...{ 'track-renames': true, 'track-renames-strategy': 'modtime,leaf', update: true, 'use-cookies': true },
  ...{ 'use-mmap': true, 'use-server-modtime': true, 'user-agent': 'ISV|me|1.0' },
};

test('there is a sample for each flag of the table', () => {
  expect(Object.keys(samples).sort()).toEqual(Object.keys(rcloneFlags).sort());
  expect(Object.keys(rcloneFlags)).toEqual(Object.keys(rcloneFlags).sort());
});

/** `script/rclone-newest` makes the second. */
const binaries = [binary, resolve('build/rclone-newest/usr/bin/rclone')].filter(
  (path) => path === binary || existsSync(path),
);

describe.each(binaries)('%s', (program) => {
  test.each(Object.keys(samples))('takes %s in the form that it is given', async (name) => {
    await using directory = await temporaryDirectory();
    await directory.write('from/a', '');
    const mode = rcloneFlags[name]?.modes?.[0] ?? 'COPY';
    const flags = parse(
      taskText([`rcloneFlags: { ${name}: ${JSON.stringify(samples[name])} }`, `transferMode: ${mode}`]),
    ).task?.spec.rcloneFlags;
    const parameters = [mode.toLowerCase(), '--use-json-log', ...flagArguments(flags ?? {})];
    const { exit, raw } = await run(program, [...parameters, directory.at('from'), directory.at('to')]);
    expect(Object.keys(flags ?? {})).toEqual([name]);
    expect({ code: exit.exitCode, errors: raw.match(/"level":"(?:error|critical)".*/g) }, raw).toEqual({
      code: 0,
      errors: null,
    });
  });
});

test('values have one form, and flags one order', () => {
  const flags = { timeout: '1m30s', 'buffer-size': '32Mi', 'max-transfer': '1.5G', checksum: false, tpslimit: 0.5 };
  expect(flagsOf(flags)).toEqual({
    ...{ 'buffer-size': '33554432b', checksum: false, 'max-transfer': '1610612736b', timeout: '90s', tpslimit: 0.5 },
  });
  expect(Object.keys(Object(flagsOf(flags)))).toEqual(Object.keys(flags).sort());
  expect(flagsOf({})).toEqual({});
});

describe('values that a flag does not take', () => {
  test.each<[Readonly<Record<string, unknown>>, string]>([
    [{ checksum: 'yes' }, 'spec.rcloneFlags.checksum must be true or false'],
    [{ checkers: 0 }, 'spec.rcloneFlags.checkers must be a whole number from 1 to 256'],
    [{ checkers: 257 }, 'spec.rcloneFlags.checkers must be a whole number from 1 to 256'],
    [{ checkers: 1.5 }, 'spec.rcloneFlags.checkers must be a whole number from 1 to 256'],
    [{ checkers: '8' }, 'spec.rcloneFlags.checkers must be a whole number from 1 to 256'],
    [{ tpslimit: 0 }, 'spec.rcloneFlags.tpslimit must be a number from 0.001 to 10000'],
    [{ 'buffer-size': 16 }, 'spec.rcloneFlags.buffer-size must be a size from 0b to 1024Mi, such as 16Mi'],
    [{ 'buffer-size': '2Gi' }, 'spec.rcloneFlags.buffer-size must be a size from 0b to 1024Mi, such as 16Mi'],
    [{ 'buffer-size': 'off' }, 'spec.rcloneFlags.buffer-size must be a size from 0b to 1024Mi, such as 16Mi'],
    [{ 'max-transfer': '0b' }, 'spec.rcloneFlags.max-transfer must be a size from 1b to 1073741824Mi, such as 16Mi'],
    [{ contimeout: '0s' }, 'spec.rcloneFlags.contimeout must be a duration from 1s to 3600s, such as 30s'],
    [{ contimeout: '2h' }, 'spec.rcloneFlags.contimeout must be a duration from 1s to 3600s, such as 30s'],
    [{ contimeout: 'soon' }, 'spec.rcloneFlags.contimeout must be a duration from 1s to 3600s, such as 30s'],
    [{ 'cutoff-mode': 'HARD' }, 'spec.rcloneFlags.cutoff-mode must be one of hard | soft | cautious'],
    [{ bind: 'localhost' }, 'spec.rcloneFlags.bind must be an IP address of this machine'],
    [{ 'user-agent': 'a\nb' }, 'spec.rcloneFlags.user-agent must be plain text'],
    [
      { 'order-by': 'size,up' },
      'spec.rcloneFlags.order-by must be size, name or modtime, and after a comma ascending, descending or mixed',
    ],
  ])('%j', (flags, message) => {
    expect(flagsOf(flags)).toEqual([`CS036 ${message}`]);
  });

  test('because of the mode', () => {
    expect(flagsOf({ 'track-renames': true }, 'COPY')).toEqual([
      'CS036 spec.rcloneFlags.track-renames works with SYNC only; the task is a COPY',
    ]);
    expect(flagsOf({ 'no-traverse': true }, 'SYNC')).toEqual([
      'CS036 spec.rcloneFlags.no-traverse works with COPY and MOVE only; the task is a SYNC',
    ]);
  });
});

describe('flags that cannot be set', () => {
  const hints = (name: string) => {
    const { problems } = parse(taskText([`rcloneFlags: { "${name}": hunter2 }`]));
    expect(JSON.stringify(problems)).not.toContain('hunter2');
    return problems.map(({ code, message, hint }) => `${code} ${message}; ${hint}`);
  };

  test.each([
    [
      'config',
      'every run has a configuration of its own; use spec.remote.credential, or spec.remote.rcloneRemote for a section of an existing rclone.conf',
    ],
    ['password-command', 'commands are not run for rclone; use a secret reference with fromCommand'],
    ['interactive', 'nobody is there to answer; null'],
    ['rc', 'it opens a port; null'],
    ['rc-addr', 'it opens a port; null'],
    ['filter-from', 'it changes which files count; use spec.exclude and spec.include'],
    ['exclude', 'it changes which files count; use spec.exclude and spec.include'],
    ['exclude-if-present', 'it changes which files count; null'],
    ['min-size', 'it has a field of its own; use spec.minSize, with COPY or MOVE'],
    ['max-age', 'it has a field of its own; use spec.maxAge, with COPY or MOVE'],
    ['delete-excluded', 'it deletes at the destination what a filter protects; null'],
    ['log-file', 'Cloudsync reads what rclone logs; use `cloudsync logs NAME`'],
    ['stats-one-line', 'Cloudsync reads what rclone logs; use `cloudsync logs NAME`'],
    ['dry-run', 'every run of the task would do nothing and be called a success; use `cloudsync run NAME --dry-run`'],
    ['ignore-errors', 'it deletes files although something at the source could not be read; null'],
    ['retries', 'it has a field of its own; use spec.retry.limit'],
    ['links', 'it stores links as files that only rclone can turn back into links; null'],
    ['delete-empty-src-dirs', 'it has a field of its own; use spec.deleteEmptySourceDirectories, with MOVE'],
    ['transfers', 'it has a field of its own; use spec.transfers'],
    ['bwlimit', 'it has a field of its own; use spec.bandwidthLimit'],
    ['s3-chunk-size', 'it has a field of its own; use spec.uploadChunkSize'],
    ['header-upload', 'headers may hold secrets, which do not belong into a manifest or on a command line; null'],
    [
      's3-secret-access-key',
      'it is an option of the remote; docs/manifest.md lists the options of each provider, for spec.options of the CloudCredential and spec.remote.options of a task',
    ],
    ['local-no-check-updated', 'it changes how local files are read; null'],
    ['crypt-filename-encoding', 'it changes what encrypted files look like; use spec.encryption'],
  ])('%s', (name, words) => {
    expect(hints(name)).toEqual([`CS036 the rclone flag "${name}" cannot be set: ${words}`]);
    expect(hints(`--${name}`)).toEqual(hints(name));
  });

  test.each([
    ['cheksum', '"cheksum" is no rclone flag that can be set; did you mean "checksum"?'],
    ['--checkers', '"--checkers" is no rclone flag that can be set; did you mean "checkers"?'],
    [
      'constructor',
      '"constructor" is no rclone flag that can be set; docs/manifest.md lists the flags that can be set',
    ],
  ])('%s', (name, words) => {
    expect(hints(name)).toEqual([`CS036 ${words}`]);
  });

  test('are none of those that can', async () => {
    const refused = Object.keys(samples).filter((name) => hints(name)[0]?.includes('cannot be set') === true);
    expect(refused).toEqual([]);
  });
});

test('no flag that rclone has is overlooked by accident', async () => {
  const { exit } = await run(binary, ['help', 'flags']);
  const [globals = ''] = exit.stdout.split('Backend Flags:');
  const names = [...globals.matchAll(/^ +(?:-\w, )?--([a-z0-9-]+)/gm)].map(([, name]) => name ?? '');
  const unknown = names.filter((name) => {
    const [problem] = parse(taskText([`rcloneFlags: { ${name}: [] }`, 'transferMode: SYNC'])).problems;
    return problem === undefined;
  });
  expect(names.length).toBeGreaterThan(100);
  expect(unknown).toEqual([]);
});
