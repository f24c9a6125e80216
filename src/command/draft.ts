import { join, resolve } from 'node:path';
import { createManifestReader } from '../daemon/manifest-reader.ts';
import { createProviderSearch, type ProviderSearch } from '../daemon/provider-search.ts';
import { type Reading, readOnce } from '../daemon/read-once.ts';
import type { Settings } from '../daemon/settings.ts';
import { newCredential, newTask } from '../manifest/scaffold.ts';
import { isError } from '../model/problem.ts';
import type { Provider } from '../model/provider.ts';
import { err, ok, type Result } from '../model/result.ts';
import type { Snapshot, SourceFile } from '../model/snapshot.ts';
import type { Direction, TransferMode } from '../model/task.ts';
import { renderProblems } from '../report/problems.ts';
import { schemaFor } from './schema-place.ts';
import type { Shell } from './shell.ts';

/** A new credential of a provider; or a new task, with a credential that is there or a new one named like its provider. */
export type DraftOrder = { readonly name: string } & (
  | { readonly kind: 'credential'; readonly provider: string }
  | ({ readonly kind: 'task' } & TaskWishes & ({ readonly provider: string } | { readonly credential: string }))
);

export interface TaskWishes {
  readonly direction: Direction | null;
  readonly transferMode: TransferMode;
  readonly path: string | null;
  readonly bucket: string | null;
  readonly folder: string | null;
  readonly schedule: string | null;
}

/** A manifest that is not written yet. */
export interface Draft {
  readonly kind: DraftOrder['kind'];
  readonly name: string;
  /** Relative to the tasks directory. */
  readonly path: string;
  readonly text: string;
}

export interface Drafts {
  readonly provider: Provider;
  /** The credential first. */
  readonly manifests: readonly Draft[];
}

/** `toStay`: it must fit those that are there. Fails with a sentence, or with the problems that it would have. */
export async function draftManifests(
  order: DraftOrder,
  toStay: boolean,
  settings: Settings,
  shell: Shell,
): Promise<Result<Drafts, string>> {
  const search = createProviderSearch(settings, shell.environment);
  const reading = await readOnce(settings, search);
  if (!reading.ok && (toStay || 'credential' in order)) {
    const { reason, message } = reading.error;
    return err(reason === 'Missing' ? `${message} \`cloudsync init\` makes one.` : message);
  }
  const read = reading.ok ? reading.value : null;
  const provider = await providerOf(order, read, search);
  if (!provider.ok) return provider;
  const manifests = write(order, provider.value, settings, shell);
  const snapshot = read?.snapshot ?? emptySnapshot(settings);
  const taken = manifests.find(({ path }) => toStay && snapshot.files.some((file) => file.path === path));
  if (taken !== undefined) return err(`${join(settings.tasksName, taken.path)} exists already, and was left as it is`);
  const beside = snapshot.files.filter(({ path }) => toStay || path === credentialPath(order, read));
  const problems = await problemsOf(manifests, { ...snapshot, files: beside }, settings, search);
  return problems === null ? ok({ provider: provider.value, manifests }) : err(problems);
}

async function providerOf(
  order: DraftOrder,
  read: Reading | null,
  search: ProviderSearch,
): Promise<Result<Provider, string>> {
  if ('provider' in order) {
    const found = await search.find(order.provider);
    return found.ok ? found : err(`provider ${order.provider}: ${found.error}`);
  }
  const credentials = read?.desired.credentials ?? new Map();
  const credential = read?.desired.credentials.get(order.credential);
  if (credential !== undefined) return search.find(credential.credential.spec.provider);
  const names = [...credentials.keys()].join(', ');
  return err(`there is no valid credential ${order.credential}; there is ${names === '' ? 'none' : names}`);
}

function credentialPath(order: DraftOrder, read: Reading | null): string | undefined {
  return 'credential' in order ? read?.desired.credentials.get(order.credential)?.path : undefined;
}

function write(
  order: DraftOrder,
  provider: Provider,
  { tasksDirectory }: Settings,
  { workingDirectory }: Shell,
): readonly Draft[] {
  const credential = 'credential' in order ? order.credential : order.kind === 'task' ? provider.name : order.name;
  const ofCredential = newCredential({ name: credential, provider, schema: schemaFor('credential', tasksDirectory) });
  const drafts = 'credential' in order ? [] : [draft('credential', credential, ofCredential)];
  if (order.kind === 'credential') return drafts;
  const { name, path, direction, transferMode, bucket, folder, schedule } = order;
  const ofTask = newTask({
    ...{
      name,
      schema: schemaFor('task', tasksDirectory),
      credential,
      provider,
      transferMode,
      bucket,
      folder,
      schedule,
    },
    direction: direction ?? provider.directions[0] ?? 'PUSH',
    path: path === null ? null : resolve(workingDirectory, path),
  });
  return [...drafts, draft('task', name, ofTask)];
}

function draft(kind: Draft['kind'], name: string, text: string): Draft {
  return { kind, name, path: `${name}.yaml`, text };
}

function emptySnapshot({ tasksName, tasksDirectory }: Settings): Snapshot {
  return {
    directory: tasksName,
    baseDirectory: tasksDirectory,
    realDirectory: tasksDirectory,
    files: [],
    unread: [],
    revision: null,
    allowEmpty: false,
  };
}

async function problemsOf(
  manifests: readonly Draft[],
  snapshot: Snapshot,
  settings: Settings,
  search: ProviderSearch,
): Promise<string | null> {
  const added = manifests.map(({ path, text }): SourceFile => ({ state: 'readable', path, sha256: '', text }));
  const read = createManifestReader({ settings, search });
  const { problems } = await read({ ...snapshot, files: [...snapshot.files, ...added] }, new Map());
  const files = manifests.map(({ path }) => join(snapshot.directory, path));
  const faults = problems.filter((problem) => isError(problem) && files.includes(problem.file));
  if (faults.length === 0) return null;
  return `this would not be valid, so nothing was written:\n${renderProblems(faults, { color: false })}`;
}
