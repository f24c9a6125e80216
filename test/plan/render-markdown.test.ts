import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isNews } from '../../src/model/plan.ts';
import type { Problem } from '../../src/model/problem.ts';
import { renderProblemMarkdown } from '../../src/plan/problem-markdown.ts';
import { renderMarkdown } from '../../src/plan/render-markdown.ts';
import { activeTask, desired, resolvedTask, taskSpec } from '../helper/build.ts';
import { hostilePlan, hostileProblem, hostileText } from './hostile-plan.ts';
import { judgeMarkdown } from './markdown-judge.ts';
import { invalidManifest, invalidSet, planOf } from './plan-input.ts';
import { blocked, everyKind } from './sample-plans.ts';

const options = { directory: 'tasks.d' };

const problems: readonly Problem[] = [
  {
    ...{ code: 'CS025', severity: 'warning', file: 'tasks.d/music.yaml', line: 12, column: 3 },
    ...{ message: 'spec.bandwidthLimit has one time only', hint: null, frame: null },
  },
  {
    ...{ code: 'CS014', severity: 'error', file: 'tasks.d/books.yaml', line: 9, column: 14 },
    ...{ message: 'spec.direction must be PUSH or PULL; found "UP|DOWN"', frame: '  9 |   direction: UP\n' },
    hint: 'Write PUSH to copy from this machine to the remote.',
  },
];

describe('renderMarkdown', () => {
  test('every kind of change', async () => {
    const plan = { ...everyKind(), problems };
    await expect(renderMarkdown(plan, options)).toMatchFileSnapshot('../golden/plan-every-kind.md');
  });

  test('blocked deletes, with the command that lets them pass', async () => {
    await expect(renderMarkdown(blocked(), options)).toMatchFileSnapshot('../golden/plan-blocked.md');
  });

  test('nothing to do', () => {
    expect(renderMarkdown(planOf(desired([resolvedTask()]), [activeTask()]), options)).toBe(
      '<!-- cloudsync-plan:tasks.d -->\n<h3>Cloudsync plan for <code>tasks.d</code></h3>\n\n**No changes**: 1 unchanged\n',
    );
  });

  test('a manifest without a name holds deletes back', () => {
    const plan = planOf(desired([], { files: 1, invalid: invalidSet([invalidManifest('broken.yaml')]) }), [
      activeTask(),
    ]);
    const text = renderMarkdown(plan, options);
    expect(text).toContain('<p><b>invalid</b> <code>(no name)</code> <code>broken.yaml</code>: not valid</p>');
    expect(text).toContain('<p>🛑 <code>Kept: no name can be read in broken.yaml');
    expect(text).not.toContain('```');
  });

  test('what is not there before or after has one line, and a script that changes in two places two parts', () => {
    const script = (first: string, last: string) => [first, ...Array(9).fill('true'), last].join('\n');
    const before = taskSpec({ timeoutMs: 60_000, preScript: script('a', 'b') });
    const after = taskSpec({ transfers: 4, preScript: script('c', 'd') });
    const plan = planOf(desired([resolvedTask('photos', { spec: after })]), [activeTask('photos', { spec: before })]);
    const text = renderMarkdown(plan, options);
    expect(text).toContain('+   c\n    true\n    true\n  …\n    true\n    true\n-   b\n');
    expect(text).toContain('\n- spec.timeout: 1m\n+ spec.transfers: 4\n');
  });

  test('what is kept although its manifest is gone is told', () => {
    const kept = activeTask('photos', { annotations: { 'cloudsync/prune': 'disabled' } });
    const text = renderMarkdown(planOf(desired([resolvedTask('music')]), [kept, activeTask('music')]), options);
    expect(text).toContain('**No changes**: 2 unchanged');
    expect(text).toContain('<b>unchanged</b> <code>photos</code> <code>photos.yaml</code>: kept</summary>');
    expect(text).not.toContain('music');
  });

  test('says with what it compares', () => {
    const comparedWith = { kind: 'state', file: '@team</code>.json' } as const;
    const text = renderMarkdown({ ...blocked(), comparedWith }, options);
    expect(text).toContain('<p><code>Compared with the exported state &#64;team&lt;/code&gt;.json, not with');
    expect(judgeMarkdown(text).faults).toEqual([]);
  });

  test('a marker cannot be left, and two long directories have two', () => {
    const markerOf = (directory: string) => renderMarkdown(blocked(), { directory }).split('\n')[0] ?? '';
    expect(markerOf('a --> @team\n')).toBe('<!-- cloudsync-plan:a%20--%3E%20%40team%0A -->');
    expect(markerOf(`${'a'.repeat(500)}b`)).not.toBe(markerOf(`${'a'.repeat(500)}c`));
    expect(markerOf('a'.repeat(500)).length).toBeLessThan(260);
  });

  test('as many whole tasks as there is room for, and dangers before all', () => {
    const names = Array.from({ length: 2000 }, (_, index) => `task-${index}`);
    const tasks = names.map((name, index) =>
      resolvedTask(name, { spec: taskSpec({ transferMode: index % 100 === 99 ? 'SYNC' : 'COPY' }) }),
    );
    const text = renderMarkdown(planOf(desired(tasks), []), options);
    const { shown } = judgeMarkdown(text);
    expect(shown).toBeGreaterThan(100);
    expect(text).toContain(
      `\nLeft out for length: ${2000 - shown} of 2000 changes; \`cloudsync plan\` shows them all.\n`,
    );
    expect(text.endsWith('shows them all.\n')).toBe(true);
    expect(text.length).toBeGreaterThan(55_000);
    expect(text.length).toBeLessThan(60_000);
    for (const name of ['task-99', 'task-1999']) {
      expect(text).toContain(`> <li><code>${name}</code>: <code>SYNC: files`);
      expect(text).toContain(`<b>create</b> <code>${name}</code>`);
    }
  });

  test('more dangers than there is room for are counted', () => {
    const tasks = Array.from({ length: 2000 }, (_, index) =>
      resolvedTask(`task-${index}`, { spec: taskSpec({ transferMode: 'MOVE' }) }),
    );
    const text = renderMarkdown(planOf(desired(tasks), []), options);
    const { listed } = judgeMarkdown(text);
    expect(text).toContain(`> <li>… and ${2000 - listed + 1} more; <code>cloudsync plan</code> shows them all</li>`);
    expect(text.length).toBeLessThan(60_000);
  });

  test('a script as long as a file is cut to its first lines', () => {
    const preScript = Array.from({ length: 200 }, (_, index) => `echo ${index}`).join('\n');
    const plan = planOf(desired([resolvedTask('photos', { spec: taskSpec({ preScript }) })]), [activeTask()]);
    expect(renderMarkdown(plan, options)).toMatch(/\n\+ {3}echo 58\n {2}… and 141 more\n```\n/);
  });

  test('a fence is longer than any run of backticks in it', () => {
    const preScript = 'echo `````\n````\n';
    const plan = planOf(desired([resolvedTask('photos', { spec: taskSpec({ preScript }) })]), [activeTask()]);
    expect(renderMarkdown(plan, options)).toContain(
      '``````diff\n  spec.preScript:\n+   echo `````\n+   ````\n``````\n',
    );
  });

  test('whatever a manifest says stays where it belongs', () => {
    fc.assert(
      fc.property(hostilePlan, hostileText, (plan, directory) => {
        const text = renderMarkdown(plan, { directory });
        const { shown, left, faults } = judgeMarkdown(text);
        expect(faults).toEqual([]);
        expect(shown + left).toBe(plan.changes.filter(isNews).length);
      }),
      { numRuns: 300 },
    );
  });
});

describe('renderProblemMarkdown', () => {
  test('a table of what is wrong, errors first', async () => {
    const text = renderProblemMarkdown(problems, { ...options, summary: '1 error, 1 warning in 12 files' });
    await expect(text).toMatchFileSnapshot('../golden/validate-problems.md');
  });

  test('nothing wrong', () => {
    expect(renderProblemMarkdown([], { ...options, summary: 'No problems in 12 files' })).toBe(
      '<!-- cloudsync-validate:tasks.d -->\n<h3>Cloudsync manifests in <code>tasks.d</code></h3>\n\n✅ No problems in 12 files\n',
    );
  });

  test('as many as there is room for, errors before warnings', () => {
    const [warning, error] = problems;
    if (warning === undefined || error === undefined) throw new Error('two problems are expected');
    const many = [...Array.from({ length: 900 }, () => warning), error];
    const text = renderProblemMarkdown(many, { ...options, summary: '1 error, 900 warnings in 12 files' });
    expect(judgeMarkdown(text).faults).toEqual([]);
    expect(text).toContain('CS014');
    expect(text).toMatch(/\n… and \d+ more; `cloudsync validate` shows them all\.\n$/);
  });

  test('whatever a manifest says stays where it belongs', () => {
    fc.assert(
      fc.property(fc.array(hostileProblem, { maxLength: 30 }), hostileText, (some, directory) => {
        const text = renderProblemMarkdown(some, { directory, summary: '30 errors in 12 files' });
        expect(judgeMarkdown(text).faults).toEqual([]);
      }),
    );
  });
});
