import { type Condition, type ConditionType, conditionTypes } from '../model/status.ts';
import { timestamp } from './timestamp.ts';

/** A condition before it is known since when it has been so. */
export interface Observation {
  readonly type: ConditionType;
  readonly status: Condition['status'];
  readonly reason: string;
  readonly message: string;
}

/** Conditions in their fixed order; `lastTransitionTime` moves only where the status is not what it was. */
export function settleConditions(
  observations: readonly Observation[],
  previous: readonly Condition[],
  observedGeneration: number,
  now: number,
): readonly Condition[] {
  return [...observations]
    .sort((left, right) => conditionTypes.indexOf(left.type) - conditionTypes.indexOf(right.type))
    .map(({ type, status, reason, message }) => {
      const before = previous.find((condition) => condition.type === type && condition.status === status);
      const lastTransitionTime = before?.lastTransitionTime ?? timestamp(now);
      return { type, status, reason, message, lastTransitionTime, observedGeneration };
    });
}
