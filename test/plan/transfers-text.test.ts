import { describe, expect, test } from 'vitest';
import type { Plan, Transfers } from '../../src/model/plan.ts';
import { planDocument } from '../../src/plan/plan-document.ts';
import { renderMarkdown } from '../../src/plan/render-markdown.ts';
import { renderPlan } from '../../src/plan/render-plan.ts';
import { transferLines, transfersText } from '../../src/plan/transfers-text.ts';
import { desired, resolvedTask } from '../helper/build.ts';
import { planOf } from './plan-input.ts';

function transfers(part: Partial<Transfers> = {}): Transfers {
  return {
    ...{ outcome: 'Succeeded', lastError: null, warnings: [], copies: 0, moves: 0, deletes: 0, bytes: 0 },
    first: { copy: [], move: [], delete: [] },
    ...part,
  };
}

describe('what a run would do', () => {
  test.each([
    [{}, 'a run would change no file'],
    [{ copies: 1, bytes: 5 }, 'a run would copy 1 file; 5 B to transfer'],
    [
      { copies: 12, moves: 2, deletes: 3, bytes: 3 * 1024 ** 2 },
      'a run would copy 12 files, move 2 files, delete 3 files; 3.0 MiB to transfer',
    ],
    [{ deletes: 1 }, 'a run would delete 1 file'],
    [{ copies: 1, bytes: 2 ** 70 }, 'a run would copy 1 file; 1048576.0 PiB to transfer'],
    [{ outcome: 'SucceededWithWarnings', moves: 1 }, 'a run would move 1 file'],
    [{ outcome: 'Blocked', lastError: 'the source is empty' }, 'a run would end as Blocked: the source is empty'],
    [{ outcome: 'Aborted' }, 'a run would end as Aborted: for a reason that is not known'],
  ] as const)('%j', (part, text) => {
    expect(transfersText(transfers(part))).toBe(text);
  });

  test('names the first of each kind, what is deleted before all else', () => {
    const some = transfers({
      ...{ copies: 7, moves: 1, deletes: 1, warnings: ['a real run would be refused'] },
      first: { copy: ['a', 'b'], move: ['m'], delete: ['old'] },
    });
    expect(transferLines(some)).toEqual([
      ...['! a real run would be refused', '- old', '> m', '+ a', '+ b', '+ … and 5 more'],
    ]);
  });

  test('stands in the text, the comment and the document of a plan, and not in its hash', () => {
    const plan = planOf(desired([resolvedTask()]), []);
    const found = transfers({ copies: 1, bytes: 5, first: { copy: ['a\u001b[2K.jpg'], move: [], delete: [] } });
    const shown: Plan = { ...plan, changes: plan.changes.map((change) => ({ ...change, transfers: found })) };
    const text = renderPlan(shown, { color: false, verbose: false });
    expect(text).toContain('    a run would copy 1 file; 5 B to transfer\n      + a\\u001b[2K.jpg\n');
    const markdown = renderMarkdown(shown, { directory: 'tasks.d' });
    expect(markdown).toContain('a run would copy 1 file');
    expect(markdown).not.toContain('\u001b');
    expect(planDocument(shown).changes[0]).toMatchObject({ transfers: found });
    expect(planDocument(plan).changes[0]).not.toHaveProperty('transfers');
  });
});
