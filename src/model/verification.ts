/** What a remote said last to a credential, when it was asked or when a run used it. */
export interface Verification {
  readonly outcome: 'Accepted' | 'AuthExpired' | 'Failed';
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** When the remote last accepted the credential; `null`: never. */
  readonly acceptedAt: number | null;
  /** One sentence; never holds a secret. */
  readonly message: string;
}

/** The answer to "does this credential work?", for itself and for each task that uses it. */
export interface CredentialReport {
  readonly credential: string;
  readonly provider: string;
  readonly accepted: boolean;
  /** One sentence; says why not, if not. */
  readonly message: string;
  readonly places: readonly PlaceReport[];
}

export interface PlaceReport {
  readonly task: string;
  /** Bucket and folder. */
  readonly place: string;
  readonly reachable: boolean;
  readonly message: string;
}
