import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import type { FakeCloud } from '../../clouds/fakes/fake-cloud.ts';
import type { RcloneClient } from '../../clouds/fakes/rclone-client.ts';
import { temporaryDirectory } from '../../helper/temporary-directory.ts';

export interface Chunks {
  /** Flags under which a file of `bytes` is sent in several parts. */
  readonly flags: readonly string[];
  readonly bytes: number;
  /** What must then be among the requests, as often as there are parts. */
  readonly request: RegExp;
  readonly parts: number;
}

export interface RoundTrip {
  readonly base?: string;
  readonly chunks?: Chunks | null;
  /** Whether the cloud knows a hash of every file. */
  readonly hashes?: boolean;
}

/** What every cloud must be able to do, by the real rclone; `base` is a bucket, or empty. */
export async function roundTrip(
  cloud: FakeCloud,
  { run, attempt }: RcloneClient,
  { base = '', chunks = null, hashes = true }: RoundTrip = {},
): Promise<void> {
  await using local = await temporaryDirectory();
  const remote = (path: string) => `cloud:${base}${path}`;
  const stored = (path: string) => cloud.files().get(`${base}${path}`)?.toString();
  const texts = {
    'a.txt': 'first',
    'deep/er/b.txt': 'second',
    'Ünïcode & 写真/c d+e%20.txt': 'third',
    'empty.txt': '',
  };
  for (const [name, text] of Object.entries(texts)) await local.write(`source/${name}`, text);

  const upload = ['copy', local.at('source'), remote('dir')];
  await run(...upload);
  for (const [name, text] of Object.entries(texts)) expect(stored(`dir/${name}`)).toBe(text);
  expect(await listed(run, remote('dir'))).toEqual(Object.keys(texts).sort());
  const check = await attempt('check', local.at('source'), remote('dir'));
  expect([check.code, check.errors.includes('hashes could not be checked')]).toEqual([0, !hashes]);

  // The same again moves nothing: sizes, times and hashes are kept.
  expect((await attempt(...upload, '-v')).errors).toMatch(/nothing to transfer/);
  await local.write('source/a.txt', 'fourth');
  await run(...upload);
  expect(stored('dir/a.txt')).toBe('fourth');

  cloud.put(`${base}dir/other/client.txt`, 'theirs');
  await run('copy', remote('dir'), local.at('back'));
  expect(await readFile(local.at('back/other/client.txt'), 'utf8')).toBe('theirs');
  expect(await readFile(local.at('back/Ünïcode & 写真/c d+e%20.txt'), 'utf8')).toBe('third');

  await run('moveto', remote('dir/a.txt'), remote('dir/deep/renamed.txt'));
  expect([stored('dir/a.txt'), stored('dir/deep/renamed.txt')]).toEqual([undefined, 'fourth']);
  await run('mkdir', remote('made'));
  await run('sync', local.at('back'), remote('dir'));
  expect([stored('dir/a.txt'), stored('dir/deep/renamed.txt')]).toEqual(['fourth', undefined]);

  if (chunks !== null) {
    const large = Buffer.alloc(chunks.bytes, 'chunked ');
    await local.write('large/file.bin', large);
    const before = cloud.requests.length;
    await run('copy', local.at('large'), remote('large'), ...chunks.flags);
    const sent = cloud.requests.slice(before).map(({ method, url }) => `${method} ${url}`);
    expect(sent.filter((line) => chunks.request.test(line))).toHaveLength(chunks.parts);
    expect(cloud.files().get(`${base}large/file.bin`)?.equals(large)).toBe(true);
    await run('check', '--download', local.at('large'), remote('large'));
  }

  await run('deletefile', remote('dir/empty.txt'));
  await run('purge', remote('dir'));
  expect([...cloud.files().keys()].filter((path) => path.startsWith(`${base}dir/`))).toEqual([]);
  // In a bucket a folder without files does not differ from none.
  expect((await attempt('lsf', remote('nowhere/at/all'))).code).toBe(base === '' ? 3 : 0);
}

async function listed(run: RcloneClient['run'], path: string): Promise<readonly string[]> {
  return (await run('lsf', '--recursive', '--files-only', path)).trim().split('\n').sort();
}
