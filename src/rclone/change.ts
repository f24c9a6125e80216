import type { FileChange } from '../model/run.ts';

type ChangeAction = FileChange['action'];

/** What rclone says after it has changed a file, by the start of the message (1.60 to 1.75). */
const done: readonly (readonly [RegExp, ChangeAction])[] = [
  [/^(?:Multi-thread )?Copied \(/, 'copy'],
  [/^Moved \(server-side\)/, 'move'],
  [/^Renamed from /, 'move'],
  [/^Deleted/, 'delete'],
  [/^Moved into backup dir/, 'delete'],
  [/^Updated modification time/, 'update'],
  [/^Making directory/, 'mkdir'],
  [/^Removing directory/, 'rmdir'],
];

/** That a change is a step of another, or was made within the remote. */
export type ChangeStep = 'copiedThere' | 'copiedToName' | 'movedThere' | 'movedToName' | 'setAside';

const steps: readonly (readonly [RegExp, ChangeStep])[] = [
  [/^Copied \(server-side copy\) to: /, 'copiedToName'],
  [/^Copied \(server-side copy\)/, 'copiedThere'],
  [/^Moved \(server-side\) to: /, 'movedToName'],
  [/^Moved \(server-side\)/, 'movedThere'],
  [/^Moved into backup dir/, 'setAside'],
];

/** `null`: a message says by itself what was done. */
export function stepOfMessage(text: string): ChangeStep | null {
  return steps.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}

/** The word under `skipped` that a dry run gives in place of each act. */
const simulated: readonly (readonly [RegExp, ChangeAction])[] = [
  [/^copy$/, 'copy'],
  [/^move into backup dir$/, 'delete'],
  [/^(?:move|rename|dirMove|server-side directory move)\b/, 'move'],
  [/^delete$/, 'delete'],
  [/^(?:update modification time|touch)$/, 'update'],
  [/^make directory$/, 'mkdir'],
  [/^(?:remove|purge) directory$/, 'rmdir'],
];

/** What a message says was done; `null` for messages about anything else. */
export function actionOfMessage(text: string): ChangeAction | null {
  return actionOf(done, text);
}

/** What a dry run left undone; `null` for directory times and the like, which say nothing about files. */
export function actionOfSkipped(skipped: string): ChangeAction | null {
  return actionOf(simulated, skipped);
}

function actionOf(table: readonly (readonly [RegExp, ChangeAction])[], text: string): ChangeAction | null {
  return table.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}
