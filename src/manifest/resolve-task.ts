import type { ActiveTask } from '../model/active.ts';
import type { CredentialSpec } from '../model/credential.ts';
import type { ParsedManifest, PlaceName, ResolvedTask, ValidCredential } from '../model/desired.ts';
import type { ProblemCode } from '../model/problem.ts';
import { specHash } from '../model/spec-hash.ts';
import type { Task, TaskSpec } from '../model/task.ts';
import type { InForce, ManifestContext } from './context.ts';
import { credentialIdentity } from './credential-identity.ts';
import { type CrossProblem, placeText } from './cross-problem.ts';
import { providerProblems } from './provider-problem.ts';
import { suggestion } from './suggestion.ts';

interface Resolution {
  /** `null` when a problem is an error. */
  readonly task: ResolvedTask | null;
  readonly problems: readonly CrossProblem[];
}

/** What is around a task. */
interface Surroundings {
  readonly credentials: ReadonlyMap<string, ValidCredential>;
  readonly manifests: readonly ParsedManifest[];
  readonly active: InForce;
  readonly context: ManifestContext;
}

/** Joins a task with its credential, and checks the one against the other. `null` for what is not a task. */
export function resolveTask(
  manifest: ParsedManifest,
  { credentials, manifests, active, context }: Surroundings,
): Resolution | null {
  const { task } = manifest;
  if (task === null) return null;
  const wanted = task.spec.remote.credential;
  if (wanted === null) return existingRemote(manifest, task, active);
  const credential = credentials.get(wanted)?.credential.spec;
  if (credential === undefined) return { task: null, problems: [noCredential(manifest, wanted, manifests, context)] };
  const provider = context.providers.get(credential.provider);
  const problems = provider === undefined ? [] : providerProblems(manifest, task.spec, provider, context);
  if (problems.some(({ severity }) => severity === 'error')) return { task: null, problems };
  return { task: joined(manifest, task, credential, active), problems };
}

/** Of a section of rclone.conf nothing is known here, not even which provider it is. */
function existingRemote(manifest: ParsedManifest, task: Task, active: InForce): Resolution {
  if (task.spec.uploadChunkSizeBytes === null) return { task: joined(manifest, task, null, active), problems: [] };
  const message = 'spec.uploadChunkSize needs a credential: how a section of rclone.conf calls it is not known here';
  const hint = 'set chunk_size in that section, or use a CloudCredential';
  return { task: null, problems: [error(manifest, 'CS035', 'spec.uploadChunkSize', message, hint)] };
}

/** The last result for each task: of ten thousand, most are as they were when the directory is read again. */
const known = new WeakMap<Task, ResolvedTask>();

function joined(
  { path }: ParsedManifest,
  task: Task,
  credential: CredentialSpec | null,
  active: InForce,
): ResolvedTask {
  const last = known.get(task);
  if (last !== undefined && last.credential === credential && last.path === path) return last;
  const { name, labels, annotations, spec } = task;
  const hash = knownHash(spec, credential, active.get(name)) ?? specHash(spec, credential);
  const resolved = { name, path, labels, annotations, spec, credential, specHash: hash };
  known.set(task, resolved);
  return resolved;
}

/** A spec that is the active one has its hash from there; to compute it takes longer than all the rest. */
function knownHash(spec: TaskSpec, credential: CredentialSpec | null, active: ActiveTask | undefined): string | null {
  if (active?.spec !== spec) return null;
  const isSame =
    active.credential === null || credential === null
      ? active.credential === credential
      : credentialIdentity(active.credential) === credentialIdentity(credential);
  return isSame ? active.specHash : null;
}

function noCredential(
  manifest: ParsedManifest,
  wanted: string,
  manifests: readonly ParsedManifest[],
  context: ManifestContext,
): CrossProblem {
  const declared = manifests.filter(({ kind }) => kind === 'CloudCredential');
  const broken = declared.find(({ name }) => name === wanted);
  if (broken !== undefined) {
    const message = `the credential "${wanted}" in ${placeText(broken, 'metadata.name', context)} is not valid`;
    return error(manifest, 'CS032', 'spec.remote.credential', message, 'correct that file first');
  }
  const meant = suggestion(
    wanted,
    declared.flatMap(({ name }) => name ?? []),
  );
  const hint =
    meant === null ? 'add a CloudCredential of that name to the tasks directory' : `did you mean "${meant}"?`;
  return error(manifest, 'CS031', 'spec.remote.credential', `there is no credential "${wanted}"`, hint);
}

function error(
  manifest: ParsedManifest,
  code: ProblemCode,
  place: PlaceName,
  message: string,
  hint: string | null,
): CrossProblem {
  return { manifest, code, severity: 'error', place, message, hint };
}
