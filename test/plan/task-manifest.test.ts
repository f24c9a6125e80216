import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { assembleDesired } from '../../src/manifest/assemble-desired.ts';
import type { Desired, ResolvedTask } from '../../src/model/desired.ts';
import { everything } from '../../src/model/selection.ts';
import { credentialManifest, taskManifest } from '../../src/plan/task-manifest.ts';
import { providers } from '../../src/provider/registry.ts';
import { context, credentialText, parse, taskText } from '../manifest/manifest-builder.ts';

const world = { providers, checkChunkSize: () => null };

function read(texts: Readonly<Record<string, string>>): Desired {
  return assembleDesired({
    snapshot: { revision: null, allowEmpty: false },
    manifests: Object.entries(texts).map(([path, text]) => parse(text, path, world)),
    ...{ active: new Map(), selection: everything, context: context(world) },
  });
}

function taskOf(texts: Readonly<Record<string, string>>): ResolvedTask {
  const desired = read(texts);
  expect(desired.problems).toEqual([]);
  const [task] = desired.tasks.values();
  if (task === undefined) throw new Error('There is no task');
  return task;
}

/** What the task is after it was written down and read again, from another folder. */
function again(task: ResolvedTask): ResolvedTask {
  const { credential } = task.spec.remote;
  const texts = { 'elsewhere/task.yaml': stringify(taskManifest(task)) };
  if (credential === null || task.credential === null) return taskOf(texts);
  return taskOf({ ...texts, 'c.yaml': stringify(credentialManifest(credential, task.credential)) });
}

const here = credentialText(['root: /remote']);
const s3 = credentialText(
  ['provider: AWS', 'access_key_id: { fromEnv: ID }', 'secret_access_key: { fromEnv: KEY }'],
  'here',
  's3',
);
const armour = '-----BEGIN AGE ENCRYPTED FILE-----\\nYWdl\\n-----END AGE ENCRYPTED FILE-----\\n';

describe('a manifest made of a task means the same task', () => {
  test.each<[string, readonly string[], string]>([
    ['as little as can be', [], here],
    ['a schedule', ['schedule: "@daily"'], here],
    [
      'times and limits',
      [
        'schedule: { cron: "0 2 * * *", timeZone: Europe/Berlin, jitter: 90s, missedRuns: Skip, deadline: 7d }',
        'verify: { schedule: weekly, sample: 20 }',
        'bandwidthLimit: "mon-08:00,512 12:00,10M:1G 23:00,off"',
        'timeout: 90m',
        'retry: { limit: 0, backoff: 45s }',
        'history: { successful: 1, failed: 2 }',
      ],
      here,
    ],
    ['one limit', ['bandwidthLimit: 1.5M'], here],
    [
      'filters, scripts and switches',
      [
        ...['exclude: ["*.tmp", "/cache/**"]', 'include: ["*.jpg"]', 'followSymlinks: true', 'enabled: false'],
        ...['preScript: "#!/bin/sh\\nexit 0\\n"', 'postScript: echo', 'finallyScript: echo', 'description: "a: b"'],
        ...['transfers: 8', 'createEmptySourceDirectories: true', 'concurrency: Queue'],
      ],
      here,
    ],
    ['a list of paths', ['path: [a, b]'], here],
    [
      'guards',
      [
        'transferMode: SYNC',
        'safety: { maxDelete: 20%, allowEmptySource: true, backupFolder: .trash, requireMarker: .m }',
      ],
      here,
    ],
    ['a count of deletions', ['transferMode: SYNC', 'safety: { maxDelete: 100, preflight: never }'], here],
    [
      'a bucket, chunks and flags',
      [
        'remote: { credential: here, bucket: b, folder: "a b/c" }',
        'uploadChunkSize: 96Mi',
        'fastList: true',
        'rcloneFlags: { checkers: 16, checksum: true, buffer-size: 32Mi, contimeout: 30s }',
      ],
      s3,
    ],
    ['encryption', ['encryption: { password: { fromEnv: P }, salt: { fromFile: /s }, filenames: true }'], here],
    ['encryption with a text of age', [`encryption: { password: { age: "${armour}" } }`], here],
    ['a command that prints a secret', ['encryption: { password: { fromCommand: [pass, show, x] } }'], here],
  ])('%s', (_, lines, credential) => {
    const task = taskOf({ 'photos.yaml': taskText(lines), 'here.yaml': credential });
    expect(again(task).specHash).toBe(task.specHash);
  });

  test('a section of rclone.conf', () => {
    const task = taskOf({ 'photos.yaml': taskText(['remote: { rcloneRemote: gdrive, folder: x }']) });
    expect(again(task)).toMatchObject({ specHash: task.specHash, credential: null });
  });

  test('labels and annotations', () => {
    const marked = taskText().replace('name: photos', 'name: photos\n  labels: { a: b }\n  annotations: { c: d }');
    const task = taskOf({ 'photos.yaml': marked, 'here.yaml': here });
    expect(again(task)).toMatchObject({ labels: { a: 'b' }, annotations: { c: 'd' } });
  });
});
