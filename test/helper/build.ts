import type { ActiveTask } from '../../src/model/active.ts';
import type { CredentialSpec } from '../../src/model/credential.ts';
import type { Desired, ResolvedTask } from '../../src/model/desired.ts';
import type { Problem } from '../../src/model/problem.ts';
import { noStats, type RunRecord } from '../../src/model/run.ts';
import { specHash } from '../../src/model/spec-hash.ts';
import type { RemoteLocation, Schedule, TaskSpec } from '../../src/model/task.ts';

/** Builders for the pure core: each gives a valid whole, and takes the parts that a test is about. */
export function remoteLocation(part: Partial<RemoteLocation> = {}): RemoteLocation {
  return { credential: 'here', rcloneRemote: null, bucket: null, folder: 'photos', ...part };
}

export function schedule(part: Partial<Schedule> = {}): Schedule {
  return {
    cron: '0 2 * * *',
    timeZone: 'Europe/Berlin',
    jitterMs: 0,
    missedRuns: 'RunOnce',
    deadlineMs: 6 * 3_600_000,
    ...part,
  };
}

export function taskSpec(part: Partial<TaskSpec> = {}): TaskSpec {
  return {
    description: '',
    direction: 'PUSH',
    transferMode: 'COPY',
    paths: ['/data/photos'],
    remote: remoteLocation(),
    schedule: schedule(),
    verify: null,
    enabled: true,
    followSymlinks: false,
    preScript: '',
    postScript: '',
    finallyScript: '',
    exclude: [],
    include: [],
    minAgeMs: null,
    maxAgeMs: null,
    minSizeBytes: null,
    maxSizeBytes: null,
    uploadChunkSizeBytes: null,
    encryption: null,
    transfers: null,
    bandwidthLimit: [],
    createEmptySourceDirectories: false,
    deleteEmptySourceDirectories: false,
    fastList: false,
    safety: {
      maxDelete: { kind: 'percentage', percentage: 50 },
      allowEmptySource: false,
      preflight: 'always',
      backupFolder: null,
      backupRetentionMs: null,
      requireMarker: null,
      requireDestinationMarker: false,
    },
    retry: { limit: 3, backoffMs: 30_000 },
    timeoutMs: null,
    concurrency: 'Forbid',
    history: { successful: 10, failed: 20 },
    rcloneFlags: {},
    ...part,
  };
}

export function credentialSpec(part: Partial<CredentialSpec> = {}): CredentialSpec {
  return { provider: 'local', options: { root: '/remote' }, ...part };
}

export function resolvedTask(name = 'photos', part: Partial<Omit<ResolvedTask, 'specHash'>> = {}): ResolvedTask {
  const spec = part.spec ?? taskSpec();
  const credential = part.credential === undefined ? credentialSpec() : part.credential;
  return {
    name,
    path: `${name}.yaml`,
    labels: {},
    annotations: {},
    ...part,
    spec,
    credential,
    specHash: specHash(spec, credential),
  };
}

export function activeTask(name = 'photos', part: Partial<Omit<ActiveTask, 'specHash'>> = {}): ActiveTask {
  const at = Date.UTC(2026, 0, 1);
  return {
    ...resolvedTask(name, part),
    generation: 1,
    revision: null,
    appliedAt: at,
    scheduledSince: at,
    runTokens: { handled: null, pending: null },
    ...part,
  };
}

export function desired(tasks: readonly ResolvedTask[], part: Partial<Desired> = {}): Desired {
  return {
    tasks: new Map(tasks.map((task) => [task.name, task])),
    credentials: new Map(),
    invalid: new Map(),
    unselected: new Map(),
    unread: [],
    takeovers: { tasks: new Set(), credentials: new Set() },
    rejected: new Set(),
    problems: [],
    revision: null,
    files: tasks.length,
    allowEmpty: false,
    ...part,
  };
}

export function runRecord(part: Partial<RunRecord> = {}): RunRecord {
  return {
    id: 'photos-20260102T030405Z',
    task: 'photos',
    specHash: 'sha256:0',
    trigger: 'schedule',
    attempt: 1,
    dryRun: false,
    outcome: 'Succeeded',
    scheduledFor: Date.UTC(2026, 0, 2, 3, 4, 5),
    token: null,
    startedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
    finishedAt: Date.UTC(2026, 0, 2, 3, 5, 5),
    exitCode: 0,
    stats: noStats,
    lastError: null,
    warnings: [],
    sourceFiles: null,
    log: null,
    ...part,
  };
}

export function problem(part: Partial<Problem> = {}): Problem {
  return {
    code: 'CS014',
    severity: 'error',
    file: 'tasks.d/photos.yaml',
    line: 9,
    column: 3,
    message: 'direction is "UP", expected PUSH or PULL',
    hint: 'Write PUSH to copy from this machine to the remote.',
    frame: '   8 | spec:\n   9 |   direction: UP\n     |              ^^\n',
    ...part,
  };
}
