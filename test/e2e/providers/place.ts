import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { Cloud, CloudKind } from '../../clouds/cloud.ts';
import { type Cloudsync, openCloudsync } from '../../helper/cloudsync.ts';
import { readTree } from '../../helper/file-tree.ts';
import { credentialManifest, taskManifest, type WrittenSpec } from '../../helper/manifest.ts';

type Finished = Awaited<ReturnType<Cloudsync['run']>>;

export interface RunDocument {
  readonly outcome: string;
  readonly dryRun: boolean;
  readonly stats: { readonly transfers: number; readonly errors: number };
  readonly lastError: string | null;
  readonly changes?: readonly { readonly action: string; readonly path: string; readonly size?: number }[];
}

export interface CredentialDocument {
  readonly accepted: boolean;
  readonly message: string;
  readonly places: readonly { readonly reachable: boolean; readonly message: string }[];
}

/** One account, and one task at a time that uses it. */
export interface Place extends AsyncDisposable {
  readonly cloudsync: Cloudsync;
  readonly cloud: Omit<Cloud, typeof Symbol.asyncDispose>;
  /** Writes the manifest of the task `files`; its local path is given from the test's directory. */
  task(path: string, folder: string, spec?: WrittenSpec): Promise<void>;
  run(...parameters: readonly string[]): Promise<Finished & { readonly document: RunDocument }>;
  /** Fails unless the run succeeds. */
  succeed(...parameters: readonly string[]): Promise<RunDocument>;
  verify(): Promise<Finished & { readonly document: CredentialDocument | undefined }>;
  local(path: string): string;
}

export async function openPlace(kind: Pick<CloudKind, 'open'>): Promise<Place> {
  const cloudsync = await openCloudsync();
  const cloud = await kind.open(cloudsync.directory);
  const place = await placeIn(cloudsync, cloud);
  return {
    ...place,
    async [Symbol.asyncDispose]() {
      await cloud[Symbol.asyncDispose]();
      await cloudsync[Symbol.asyncDispose]();
    },
  };
}

/** For an account that is closed by whoever opened it. */
export async function placeIn(
  cloudsync: Cloudsync,
  cloud: Place['cloud'],
): Promise<Omit<Place, keyof AsyncDisposable>> {
  Object.assign(cloudsync.environment, cloud.environment);
  await cloudsync.manifest('far.yaml', credentialManifest('far', cloud.credential));
  const run = (...parameters: readonly string[]) => cloudsync.json<RunDocument>('run', 'files', ...parameters);
  return {
    ...{ cloudsync, cloud, run },
    local: (path) => cloudsync.directory.at('local', path),
    async task(path, folder, { remote, ...spec } = {}) {
      const location = { credential: 'far', folder, ...cloud.remote, ...(remote as object | undefined) };
      const settings = { path: `../local/${path}`, remote: location, ...spec };
      await cloudsync.manifest('files.yaml', taskManifest('files', settings));
    },
    async succeed(...parameters) {
      const { document, stderr, exitCode } = await run(...parameters);
      // With warnings where only sizes are compared, and where a dry run has not shown that the sides are two places.
      expect({ ...document, stderr }).toMatchObject({ outcome: expect.stringMatching(/^Succeeded/), lastError: null });
      expect(exitCode).toBe(0);
      return document;
    },
    async verify() {
      const { document, ...finished } = await cloudsync.json<readonly CredentialDocument[]>('verify', 'far');
      return { ...finished, document: document[0] };
    },
  };
}

/** All that is kept beside the manifests and in the state directory, and what the commands print; without the tokens. */
export async function everythingSeen({ cloudsync }: Pick<Place, 'cloudsync'>): Promise<string> {
  const places = [cloudsync.tasks, cloudsync.state];
  const trees = await Promise.all(places.map((place) => readTree(place, Number.POSITIVE_INFINITY)));
  const kept = trees.flatMap((tree) => Object.entries(tree));
  const printed = await Promise.all(
    [
      ['-o', 'json', 'status'],
      ['-o', 'json', 'history', 'files'],
      ['logs', 'files'],
    ].map((words) => cloudsync.run(...words)),
  );
  return JSON.stringify([kept.filter(([path]) => !path.startsWith('tokens/')), printed]);
}

/** As it is, as a URL carries it, and each way of coding it that a log could hold. */
export function expectNone(text: string, secrets: readonly string[]): void {
  const forms = secrets.flatMap((secret) => [
    ...[secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)],
    Buffer.from(secret).toString('base64'),
  ]);
  expect(forms.filter((form) => text.includes(form))).toEqual([]);
}

/** What rclone was given only obscured, which anybody can undo. */
export function obscuredIn(pid: number): readonly string[] {
  const inherited = readFileSync(`/proc/${pid}/environ`, 'utf8');
  return [...inherited.matchAll(/_(?:PASS|PASSWORD|PASSWORD2)=([^\0]+)/g)].map(([, value = '']) => value);
}
