import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Cloud } from '../clouds/cloud.ts';
import { cloudKinds } from '../clouds/registry.ts';
import { type Cloudsync, openCloudsync } from '../helper/cloudsync.ts';
import { readTree } from '../helper/file-tree.ts';
import { credentialManifest, taskManifest, type WrittenSpec } from '../helper/manifest.ts';
import { commandLineOf, isAlive } from '../helper/process-tree.ts';
import { addTask, rclonePid } from '../helper/task.ts';

const withSecrets = cloudKinds.filter(({ name }) => name !== 'local');

/** As it is, as a URL carries it, and each way of coding it that a log could hold. */
function forms(secret: string): readonly string[] {
  return [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64'), JSON.stringify(secret)];
}

/** Everything that is kept or printed, in one text. */
async function everything(cloudsync: Cloudsync): Promise<string> {
  const places = [cloudsync.tasks, cloudsync.state];
  const kept = await Promise.all(places.map((place) => readTree(place, Number.POSITIVE_INFINITY)));
  const printed = await Promise.all(
    [
      ['status'],
      ['-o', 'json', 'status'],
      ['-o', 'json', 'plan', '--verbose'],
      ['-o', 'json', 'history', 'files'],
      ['logs', 'files'],
      ['-o', 'json', 'logs', 'files'],
      ['validate'],
    ].map((words) => cloudsync.run(...words)),
  );
  return JSON.stringify([kept, printed]);
}

function expectNone(text: string, secrets: readonly string[]): void {
  for (const form of secrets.flatMap(forms)) expect(text.includes(form)).toBe(false);
}

test.concurrent.for(withSecrets)('$name: no secret is seen anywhere', async (kind) => {
  await using cloudsync = await openCloudsync();
  await using cloud = await kind.open(cloudsync.directory);
  Object.assign(cloudsync.environment, cloud.environment);
  await cloudsync.manifest('far.yaml', credentialManifest('far', cloud.credential));
  const spec = { remote: { credential: 'far', folder: 'files', ...cloud.remote }, bandwidthLimit: '40k' };
  await addTask(cloudsync, 'files', spec, { 'large.bin': 'x'.repeat(60_000) });
  const daemon = await cloudsync.daemon();

  const running = cloudsync.start(['run', 'files']);
  const rclone = await rclonePid(cloudsync);
  const words = commandLineOf(rclone);
  const inherited = readFileSync(`/proc/${rclone}/environ`, 'utf8');
  expect(isAlive(rclone)).toBe(true);
  expect(words).toContain('copy');
  // What rclone is given is only obscured, which anybody can undo, so that form counts as well.
  const given = [...inherited.matchAll(/_(?:PASS|KEY_PEM|SECRET_ACCESS_KEY)=([^\0]+)/g)].map(([, value = '']) => value);
  expect(given).toHaveLength(1);
  const finished = await running.finished;
  expect(finished).toMatchObject({ exitCode: 0 });

  await cloud[Symbol.asyncDispose]();
  // rclone would go on trying for minutes.
  await addTask(cloudsync, 'files', { ...spec, timeout: '3s' });
  await cloudsync.run('apply');
  const down = await cloudsync.run('run', 'files');
  expect([1, 124]).toContain(down.exitCode);
  const dry = await cloudsync.run('run', 'files', '--dry-run');
  await daemon.stop();
  const seen = JSON.stringify([words, finished, down, dry, daemon.lines]) + (await everything(cloudsync));
  expect(seen).toContain('large.bin');
  expectNone(seen, [...cloud.secrets, ...given]);
});

test.concurrent.for(withSecrets)('$name: a wrong secret is refused, and not shown', async (kind) => {
  await using cloudsync = await openCloudsync();
  await using cloud = await kind.open(cloudsync.directory);
  const wrong = 'CANARY-wrong/secret+value';
  Object.assign(cloudsync.environment, cloud.environment, { WRONG: wrong });
  await cloudsync.manifest('far.yaml', credentialManifest('far', wronged(cloud.credential)));
  await cloudsync.manifest(
    'files.yaml',
    taskManifest('files', { direction: 'PULL', remote: { credential: 'far', folder: 'files', ...cloud.remote } }),
  );

  const finished = await cloudsync.json<{ readonly lastError: string }>('run', 'files');

  expect(finished.exitCode).toBe(1);
  expect(finished.document.lastError).toMatch(/refused|unable|private key|key_pem/i);
  expectNone(JSON.stringify(finished) + (await everything(cloudsync)), [wrong, ...cloud.secrets]);
});

/** Every secret is replaced: s3rver looks at the name of a key only, and not at what it signs. */
function wronged({ provider, options }: Cloud['credential']): WrittenSpec {
  const changed = Object.entries(options).map(([name, value]) => {
    return [name, typeof value === 'object' ? { fromEnv: 'WRONG' } : value] as const;
  });
  return { provider, options: Object.fromEntries(changed) };
}
