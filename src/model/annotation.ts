/** The annotations of a task that mean something to Cloudsync; all others are its owner's. */
export const annotationNames = ['cloudsync/prune', 'cloudsync/run-at', 'cloudsync/reconcile-at'] as const;

export type Annotations = Readonly<Record<string, string>>;

/** Names that begin like this are ours, so that one with a slip in it is not taken for its owner's. */
export const annotationPrefix = 'cloudsync/';

/** Whether the task goes on when its manifest is gone, until somebody approves its end. */
export function keepsSchedule(annotations: Annotations): boolean {
  return annotations['cloudsync/prune'] === 'disabled';
}

/** A token, such as a time: where a commit changes it, the task runs once. `null`: none. */
export function runToken(annotations: Annotations): string | null {
  return annotations['cloudsync/run-at'] ?? null;
}

/** A token that the status repeats once the manifest that carries it is in force. `null`: none. */
export function reconcileToken(annotations: Annotations): string | null {
  return annotations['cloudsync/reconcile-at'] ?? null;
}
