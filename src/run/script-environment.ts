import { type CredentialSpec, isSecretReference } from '../model/credential.ts';
import type { ResolvedTask } from '../model/desired.ts';
import type { Outcome, RunStats, Trigger } from '../model/run.ts';

/** What a script can know of the run so far; the outcome only once there is one. */
export interface ScriptFacts {
  readonly task: ResolvedTask;
  readonly runId: string;
  readonly trigger: Trigger;
  readonly ending: {
    readonly outcome: Outcome;
    readonly exitCode: number | null;
    readonly stats: RunStats;
    readonly lastError: string | null;
  } | null;
}

/** Everything else of the parent stays outside: it is where secrets are. */
const inherited = ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'HOSTNAME'];

/**
 * The whole environment of a script: `CLOUD_SYNC_*` as TrueNAS names them, without any secret, and ours besides.
 * Booleans are 0 and 1; what there is no value for is left out.
 */
export function scriptEnvironment(facts: ScriptFacts, parent: NodeJS.ProcessEnv): Record<string, string> {
  const kept = inherited.flatMap((name) => {
    const value = parent[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const all = { ...credentialValues(facts.task.credential), ...taskValues(facts), ...endingValues(facts) };
  const ours = Object.entries(all).flatMap(([name, value]) =>
    value === null ? [] : [[`CLOUD_SYNC_${name}`, textOf(value)] as const],
  );
  return Object.fromEntries([...kept, ...ours]);
}

/** TrueNAS counts chunks in its megabytes. */
const bytesPerMegabyte = 1024 ** 2;

type Values = Readonly<Record<string, string | number | boolean | null>>;

/** A reference is left out, even where it stands for something that is no secret. */
function credentialValues(credential: CredentialSpec | null): Values {
  if (credential === null) return {};
  const options = Object.entries(credential.options).flatMap(([name, value]) =>
    isSecretReference(value) ? [] : [[name.toUpperCase(), value] as const],
  );
  return { ...Object.fromEntries(options), PROVIDER: credential.provider };
}

function taskValues({ task: { name, spec }, runId, trigger }: ScriptFacts): Values {
  return {
    ID: name,
    DESCRIPTION: spec.description,
    DIRECTION: spec.direction,
    TRANSFER_MODE: spec.transferMode,
    PATH: spec.paths.join('\n'),
    CREDENTIAL: spec.remote.credential ?? spec.remote.rcloneRemote,
    BUCKET: spec.remote.bucket,
    FOLDER: spec.remote.folder,
    ENCRYPTION: spec.encryption !== null,
    FILENAME_ENCRYPTION: spec.encryption?.filenames ?? false,
    CHUNK_SIZE: spec.uploadChunkSizeBytes === null ? null : spec.uploadChunkSizeBytes / bytesPerMegabyte,
    FAST_LIST: spec.fastList,
    RUN_ID: runId,
    TRIGGER: trigger,
  };
}

function endingValues({ ending }: ScriptFacts): Values {
  if (ending === null) return {};
  const { stats } = ending;
  return {
    OUTCOME: ending.outcome,
    EXIT_CODE: ending.exitCode,
    LAST_ERROR: ending.lastError,
    BYTES: stats.bytes,
    TRANSFERS: stats.transfers,
    CHECKS: stats.checks,
    DELETES: stats.deletes,
    ERRORS: stats.errors,
  };
}

/** A variable ends at a zero, which no value of ours may smuggle in. */
function textOf(value: string | number | boolean): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  return String(value).replaceAll('\0', '');
}
