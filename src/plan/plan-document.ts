import type { ResolvedTask } from '../model/desired.ts';
import type { Change, Plan } from '../model/plan.ts';
import { type FieldChange, fieldDiff } from './field-diff.ts';
import { type FieldRecord, manifestWords } from './manifest-words.ts';

/** The plan as it is printed and saved as JSON; the shape only ever grows. */
export interface PlanDocument extends Omit<Plan, 'changes'> {
  readonly changes: readonly DocumentChange[];
}

export interface DocumentChange extends Omit<Change, 'before' | 'after'> {
  readonly before: FieldRecord | null;
  readonly after: FieldRecord | null;
  /** Where the two differ. */
  readonly fields: readonly FieldChange[];
}

export function planDocument(plan: Plan): PlanDocument {
  const { formatVersion, hash, revision, summary, changes, problems, comparedWith } = plan;
  return {
    ...{ formatVersion, hash, revision, ...(comparedWith === undefined ? {} : { comparedWith }), summary },
    ...{ changes: changes.map(documentChange), problems },
  };
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
