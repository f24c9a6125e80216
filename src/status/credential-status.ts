import { isError, type Problem } from '../model/problem.ts';
import type { CredentialStatus, HealthState } from '../model/status.ts';
import type { Verification } from '../model/verification.ts';
import { type Observation, settleConditions } from './condition.ts';
import { statusProblems, validObservation } from './status-problem.ts';
import { timestamp } from './timestamp.ts';

export interface CredentialFacts {
  readonly problems: readonly Problem[];
  /** What the remote said last, to `verify` or to a run; `null`: it was not asked yet. */
  readonly verification: Verification | null;
  readonly writerVersion: string;
}

/** Credentials are not numbered: each is part of the generation of the tasks that use it. */
const generation = 0;

/** The status of a credential, from the facts alone; `previous` only tells since when. */
export function credentialStatus(
  facts: CredentialFacts,
  previous: CredentialStatus | null,
  now: number,
): CredentialStatus {
  const observations = [ready(facts), validObservation(facts.problems), ...stalled(facts)];
  const acceptedAt = facts.verification?.acceptedAt ?? null;
  return {
    sync: facts.problems.some(isError) ? 'Invalid' : 'Synced',
    health: healthState(facts),
    verifiedAt: acceptedAt === null ? null : timestamp(acceptedAt),
    conditions: settleConditions(observations, previous?.conditions ?? [], generation, now),
    problems: statusProblems(facts.problems),
    writer: { version: facts.writerVersion },
  };
}

function healthState({ problems, verification }: CredentialFacts): HealthState {
  if (problems.some(isError)) return 'Degraded';
  if (verification === null) return 'Unknown';
  return verification.outcome === 'Accepted' ? 'Healthy' : 'Degraded';
}

function ready({ problems, verification }: CredentialFacts): Observation {
  const type = 'Ready';
  if (problems.some(isError)) {
    return { type, status: 'False', reason: 'InvalidManifest', message: 'The manifest is not valid' };
  }
  if (verification === null) {
    const message = 'The remote has not been asked yet; "cloudsync verify" asks it';
    return { type, status: 'Unknown', reason: 'NotVerified', message };
  }
  const { outcome, message } = verification;
  if (outcome === 'Accepted') return { type, status: 'True', reason: 'Verified', message };
  return { type, status: 'False', reason: outcome === 'AuthExpired' ? 'AuthExpired' : 'VerificationFailed', message };
}

function stalled({ problems, verification }: CredentialFacts): readonly Observation[] {
  const type = 'Stalled';
  if (problems.some(isError)) {
    return [{ type, status: 'True', reason: 'InvalidManifest', message: validObservation(problems).message }];
  }
  if (verification?.outcome !== 'AuthExpired') return [];
  return [{ type, status: 'True', reason: 'AuthExpired', message: verification.message }];
}
