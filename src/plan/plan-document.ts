import type { ResolvedTask } from '../model/desired.ts';
import type { Change, Plan } from '../model/plan.ts';
import { canonicalJson, digest } from '../model/spec-hash.ts';
import { type FieldChange, fieldDiff } from './field-diff.ts';
import { type FieldRecord, manifestWords } from './manifest-words.ts';

/** The plan as it is printed and saved as JSON; the shape only ever grows. */
export interface PlanDocument extends Omit<Plan, 'changes'> {
  /** Over all that is shown of the changes, so that a saved plan that was edited is known as such. */
  readonly contentHash: string;
  readonly changes: readonly DocumentChange[];
}

export interface DocumentChange extends Omit<Change, 'before' | 'after'> {
  readonly before: FieldRecord | null;
  readonly after: FieldRecord | null;
  /** Where the two differ. */
  readonly fields: readonly FieldChange[];
}

export function planDocument(plan: Plan): PlanDocument {
  const { formatVersion, hash, revision, summary, problems, comparedWith } = plan;
  const changes = plan.changes.map(documentChange);
  return {
    ...{
      formatVersion,
      hash,
      contentHash: contentHash(changes),
      revision,
      ...(comparedWith === undefined ? {} : { comparedWith }),
      summary,
    },
    changes,
    problems,
  };
}

/** Of changes as they stand in a document. */
export function contentHash(changes: readonly unknown[]): string {
  return digest(canonicalJson(changes));
}

function documentChange(change: Change): DocumentChange {
  const { name, path, action, reason, before, after, effects, transfers } = change;
  const fields = before === null || after === null || action !== 'update' ? [] : fieldDiff(before, after);
  return {
    ...{ name, path, action, reason, before: side(before), after: side(after), effects },
    ...(transfers === undefined ? {} : { transfers }),
    fields,
  };
}

function side(task: ResolvedTask | null): FieldRecord | null {
  return task === null ? null : { path: task.path, specHash: task.specHash, ...manifestWords(task) };
}
