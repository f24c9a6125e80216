import fc from 'fast-check';
import type { Annotation } from '../../src/report/annotation.ts';
import { hostileProblem } from '../plan/hostile-plan.ts';

export function annotation(part: Partial<Annotation> = {}): Annotation {
  return {
    ...{ code: 'CS014', severity: 'error', file: 'infra/tasks.d/photos.yaml', line: 9, column: 14 },
    ...{ message: 'spec.direction must be PUSH or PULL; found "UP"', hint: null },
    ...part,
  };
}

export const sampleAnnotations: readonly Annotation[] = [
  annotation({ hint: 'Write PUSH to copy from this machine to the remote.' }),
  annotation({ code: 'CS030', file: 'tasks.d/a,b: 100 %.yaml', message: 'used twice & <again>\n::error::x\u001b[2K' }),
  annotation({ code: 'CS025', severity: 'warning', file: '/elsewhere/ä b.yaml', message: 'has one time only' }),
  annotation({ code: 'DeletesAtDestination', severity: 'warning', line: 1, column: 1, message: 'photos: SYNC: files' }),
];

export const hostileAnnotations: fc.Arbitrary<readonly Annotation[]> = fc
  .array(hostileProblem, { maxLength: 25 })
  .map((problems) => problems.map(({ frame: _, ...rest }) => rest));
