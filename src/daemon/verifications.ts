import type { Clock } from '../model/clock.ts';
import { isSuccess, type RunRecord } from '../model/run.ts';
import type { CredentialReport, Verification } from '../model/verification.ts';

/** What is known of each credential's acceptance, from being asked and from runs that used it. */
export interface Verifications {
  of(credential: string): Verification | null;
  /** Somebody asked. */
  reported(report: CredentialReport): void;
  /** A run that used the credential is over. */
  used(credential: string, record: RunRecord): void;
}

interface VerificationsOptions {
  readonly known: Map<string, Verification>;
  readonly clock: Clock;
  /** Called when what is known of a credential has changed. */
  readonly onChange: (credential: string) => void;
}

/** A run a minute need not be noted each time that it was accepted once more. */
const renewalMs = 3_600_000;

export function createVerifications({ known, clock, onChange }: VerificationsOptions): Verifications {
  function note(credential: string, outcome: Verification['outcome'], message: string): void {
    const at = clock.now();
    const before = known.get(credential);
    const acceptedAt = outcome === 'Accepted' ? at : (before?.acceptedAt ?? null);
    const same = before?.outcome === outcome && before.message === message;
    if (same && at - before.at < renewalMs) return;
    known.set(credential, { outcome, at, acceptedAt, message });
    onChange(credential);
  }

  return {
    of: (credential) => known.get(credential) ?? null,
    reported: ({ credential, accepted, message }) => note(credential, accepted ? 'Accepted' : 'Failed', message),
    used(credential, { outcome, lastError }) {
      if (isSuccess(outcome)) note(credential, 'Accepted', 'the remote accepts the credential');
      // Any other failure may have nothing to do with the credential.
      if (outcome === 'AuthExpired') note(credential, 'AuthExpired', lastError ?? 'the authorisation has expired');
    },
  };
}
