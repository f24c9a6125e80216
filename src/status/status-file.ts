import { isRecord, jsonIn } from '../model/json-text.ts';
import { healthStates, type StatusFile, syncStates } from '../model/status.ts';

type Check = (value: unknown) => boolean;

/**
 * Reads what is in a status file; `null` when it is not one of ours or not whole, which is the same as lost. Fields
 * that this version does not know are let through.
 */
export function parseStatusFile(text: string): StatusFile | null {
  const value = jsonIn(text);
  return isStatusFile(value) ? value : null;
}

function isStatusFile(value: unknown): value is StatusFile {
  if (!isRecord(value) || !file(value)) return false;
  const { kind } = value;
  return kind === 'CloudCredentialStatus' ? credential(value) : task(value);
}

const time: Check = (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value));

const appliedState = fields({ generation: number, specHash: string, revision: nullOr(string), at: time });

const condition = fields({ type: string, status: string, reason: string, message: string, lastTransitionTime: time });

const problem = fields({ code: string, severity: string, line: number, column: number, message: string });

const stats = fields({ bytes: number, transfers: number, checks: number, deletes: number, errors: number });

const progress = fields({
  bytes: number,
  totalBytes: number,
  transfers: number,
  totalTransfers: number,
  checks: number,
  deletes: number,
  errors: number,
  speed: number,
  etaSeconds: nullOr(number),
});

const run = fields({
  id: string,
  trigger: string,
  attempt: number,
  outcome: string,
  startedAt: time,
  finishedAt: time,
  exitCode: nullOr(number),
  stats,
  lastError: nullOr(string),
  warnings: listOf(string),
  log: nullOr(string),
});

const file = fields({
  apiVersion: oneOf(['cloudsync/v1']),
  kind: oneOf(['CloudSyncTaskStatus', 'CloudCredentialStatus', 'ManifestStatus']),
  metadata: fields({ name: nullOr(string), manifest: string }),
  status: fields({
    sync: oneOf(syncStates),
    health: oneOf(healthStates),
    conditions: listOf(condition),
    problems: listOf(problem),
    writer: fields({ version: string }),
  }),
});

const credential = fields({ status: fields({ verifiedAt: nullOr(time) }) });

const task = fields({
  status: fields({
    observed: nullOr(appliedState),
    applied: nullOr(appliedState),
    schedule: fields({ next: nullOr(time), last: nullOr(time), missed: number }),
    activeRun: nullOr(
      fields({ id: string, trigger: string, startedAt: time, specHash: string, progress: nullOr(progress) }),
    ),
    lastRun: nullOr(run),
    lastSuccess: nullOr(fields({ id: string, finishedAt: time })),
    consecutiveFailures: number,
    history: listOf(run),
  }),
});

function fields(checks: Readonly<Record<string, Check>>): Check {
  const entries = Object.entries(checks);
  return (value) => isRecord(value) && entries.every(([key, check]) => check(value[key]));
}

function listOf(check: Check): Check {
  return (value) => Array.isArray(value) && value.every(check);
}

function nullOr(check: Check): Check {
  return (value) => value === null || check(value);
}

function oneOf(allowed: readonly string[]): Check {
  return (value) => typeof value === 'string' && allowed.includes(value);
}

function string(value: unknown): boolean {
  return typeof value === 'string';
}

function number(value: unknown): boolean {
  return typeof value === 'number';
}
