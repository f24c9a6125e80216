import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { startDrive } from '../../clouds/fakes/drive.ts';
import { startDropbox } from '../../clouds/fakes/dropbox.ts';
import type { OAuthCloud, OAuthSettings } from '../../clouds/fakes/fake-cloud.ts';
import { startNetwork } from '../../clouds/fakes/network.ts';
import { startOneDrive } from '../../clouds/fakes/onedrive.ts';
import { startPcloud } from '../../clouds/fakes/pcloud.ts';
import { rcloneClient } from '../../clouds/fakes/rclone-client.ts';
import { temporaryDirectory } from '../../helper/temporary-directory.ts';

const starts: Readonly<Record<string, (settings: OAuthSettings) => Promise<OAuthCloud>>> = {
  dropbox: startDropbox,
  drive: startDrive,
  onedrive: startOneDrive,
  pcloud: startPcloud,
};

describe.concurrent.each(Object.entries(starts))('tokens of %s', (_name, start) => {
  test('each run renews a token that has run out, and keeps the new one in its file', async () => {
    // Shorter than the margin with which rclone renews: every token has run out.
    await using cloud = await start({ lifetimeSeconds: 1 });
    await using local = await temporaryDirectory();
    const file = await local.write('token.conf', `[cloud]\ntoken = ${cloud.tokens.json({ expired: true })}\n`);
    cloud.put('dir/a.txt', 'first');
    const { run } = rcloneClient(cloud, file);

    expect(await run('cat', 'cloud:dir/a.txt')).toBe('first');
    const after = cloud.tokens.refreshes;
    expect(after).toBeGreaterThan(0);
    expect(await readFile(file, 'utf8')).toContain(`"refresh-${after}"`);
    expect(await run('cat', 'cloud:dir/a.txt')).toBe('first');
    expect(cloud.tokens.refreshes).toBeGreaterThan(after);
  });

  test('an account that was revoked is refused with 401', async () => {
    await using cloud = await start({});
    cloud.tokens.revoke();
    const { code } = await rcloneClient(cloud).attempt('lsf', 'cloud:', '--low-level-retries', '1');
    expect(code).not.toBe(0);
    expect(new Set(cloud.requests.map(({ status }) => status))).toEqual(new Set([401]));
  });
});

test.concurrent('a refresh token is good for one use', async () => {
  await using cloud = await startOneDrive();
  await using local = await temporaryDirectory();
  const used = `[cloud]\ntoken = ${cloud.tokens.json({ expired: true })}\n`;
  const client = rcloneClient(cloud, await local.write('token.conf', used));
  await client.run('lsf', 'cloud:');
  await local.write('token.conf', used);
  const { code, errors } = await client.attempt('lsf', 'cloud:', '--low-level-retries', '1');
  expect([code, errors]).toEqual([1, expect.stringContaining('invalid_grant')]);
});

// A 500 of Dropbox is final for rclone.
test.concurrent.each([
  ['dropbox', 429, startDropbox],
  ['drive', 429, startDrive],
  ['drive', 500, startDrive],
  ['onedrive', 429, startOneDrive],
  ['onedrive', 500, startOneDrive],
  ['pcloud', 429, startPcloud],
  ['pcloud', 500, startPcloud],
] as const)('%s: a passing %i is tried again, a lasting one is not hidden', async (_name, status, start) => {
  await using cloud = await start({ rotates: false });
  cloud.put('a.txt', 'first');
  cloud.fail({ match: /./, status, times: 1 });
  const { run, attempt } = rcloneClient(cloud);
  expect(await run('lsf', 'cloud:')).toBe('a.txt\n');
  expect(cloud.requests[0]?.status).toBe(status);
  cloud.fail({ match: /./, status, times: Number.POSITIVE_INFINITY });
  expect((await attempt('lsf', 'cloud:', '--low-level-retries', '1')).code).not.toBe(0);
});

test('a held request waits until it is released', async () => {
  await using cloud = await startDropbox();
  await using local = await temporaryDirectory();
  await local.write('source/a.txt', 'first');
  const hold = cloud.hold(/finish_batch/);
  const copy = rcloneClient(cloud).run('copy', local.at('source'), 'cloud:dir');
  await hold.arrived;
  expect(cloud.files().size).toBe(0);
  hold.release();
  await copy;
  expect([...cloud.files().keys()]).toEqual(['dir/a.txt']);
});

test('several clouds share one network, and an unknown host is nowhere', async () => {
  await using network = await startNetwork();
  const dropbox = await startDropbox({ network });
  const drive = await startDrive({ network });
  expect(drive.environment()).toEqual(dropbox.environment());
  dropbox.put('a.txt', 'first');
  await dropbox.close();
  expect(await rcloneClient(dropbox).run('cat', 'cloud:a.txt')).toBe('first');
  const nowhere = rcloneClient({ ...drive, type: 'webdav', tokens: null, options: { url: 'https://nowhere.example' } });
  expect((await nowhere.attempt('lsf', 'cloud:')).errors).toMatch(/No fake serves nowhere\.example|421/);
  expect(await rcloneClient(drive).run('lsf', 'cloud:')).toBe('');
});
