import type { Desired, ResolvedTask, ValidCredential } from '../model/desired.ts';
import { err, ok, type Result } from '../model/result.ts';
import type { CredentialReport } from '../model/verification.ts';
import type { Entry } from '../rclone/entries.ts';
import { browse } from '../run/browse.ts';
import { tokenClaim } from '../run/claims.ts';
import type { Locks } from '../run/locks.ts';
import { type VerifyTools, verifyCredential } from '../run/verify.ts';

/** Asks remotes about credentials and folders, as the manifests name them now. */
export interface Inspector {
  /** `null`: all of them. The error names credentials that there are none of. */
  verify(names: readonly string[] | null): Promise<Result<readonly CredentialReport[], string>>;
  /** A folder, from the root of a credential or from the place of a task, whose encryption then applies. */
  list(place: ListedPlace): Promise<Result<readonly Entry[], string>>;
}

export interface ListedPlace {
  readonly credential: string;
  readonly task: string | null;
  readonly folder: string;
}

interface InspectorOptions {
  readonly tools: VerifyTools;
  readonly locks: Locks;
  /** The latest reading; `null`: none yet. */
  readonly desired: () => Desired | null;
  readonly onReport: (report: CredentialReport) => void;
}

/** A run that holds the token may take hours; who asks is told so instead. */
const tokenWaitMs = 10_000;

export function createInspector({ tools, locks, desired, onReport }: InspectorOptions): Inspector {
  /** A token that is renewed may be used by one process at a time. */
  async function withToken<T>(name: string, provider: string, act: () => Promise<T>): Promise<T | null> {
    const found = await tools.findProvider(provider);
    const claims = tokenClaim(name, found.ok ? found.value : null);
    const release = await locks.acquire('an inspection', claims, AbortSignal.timeout(tokenWaitMs), () => {});
    if (release === null) return null;
    try {
      return await act();
    } finally {
      release();
    }
  }

  async function verifyOne({ credential }: ValidCredential, tasks: readonly ResolvedTask[]): Promise<CredentialReport> {
    const { name, spec } = credential;
    const report = await withToken(name, spec.provider, () => verifyCredential(credential, tasks, tools));
    if (report === null)
      return { credential: name, provider: spec.provider, accepted: true, message: inUse, places: [] };
    onReport(report);
    return report;
  }

  return {
    async verify(names) {
      const { credentials = new Map<string, ValidCredential>(), tasks = new Map<string, ResolvedTask>() } =
        desired() ?? {};
      const unknown = (names ?? []).filter((name) => !credentials.has(name));
      if (unknown.length > 0) return err(`there is no valid credential ${unknown.join(', ')}`);
      const chosen = [...credentials.values()].filter(({ credential }) => names?.includes(credential.name) ?? true);
      const usersOf = (name: string) => [...tasks.values()].filter(({ spec }) => spec.remote.credential === name);
      return ok(await Promise.all(chosen.map((each) => verifyOne(each, usersOf(each.credential.name)))));
    },

    async list({ credential: name, task: taskName, folder }) {
      const found = desired()?.credentials.get(name)?.credential;
      if (found === undefined) return err(`there is no valid credential ${name}`);
      const task = taskName === null ? null : desired()?.tasks.get(taskName);
      if (task === undefined) return err(`there is no valid task ${taskName}`);
      if (task !== null && task.spec.remote.credential !== name) return err(`task ${taskName} uses another credential`);
      const [bucket = '', ...rest] = folder.split('/').filter((part) => part !== '');
      const provider = await tools.findProvider(found.spec.provider);
      const buckets = provider.ok && provider.value.buckets;
      const location = task?.spec.remote ?? {
        ...{ credential: name, rcloneRemote: null },
        ...(buckets ? { bucket, folder: rest.join('/') } : { bucket: null, folder }),
      };
      const target = {
        ...{ location, credential: found.spec, uploadChunkSizeBytes: null },
        encryption: task?.spec.encryption ?? null,
      };
      const listed = await withToken(name, found.spec.provider, () =>
        browse(target, task === null ? '' : folder, tools),
      );
      return listed ?? err(inUse);
    },
  };
}

const inUse = 'a run uses the token of this credential now; ask again when it has ended';
