import fc from 'fast-check';
import type { Change, Plan, Transfers } from '../../src/model/plan.ts';
import { problemCodes } from '../../src/model/problem.ts';
import { activeTask, credentialSpec, desired, remoteLocation, resolvedTask, taskSpec } from '../helper/build.ts';
import { invalidManifest, invalidSet, planOf } from './plan-input.ts';

/** What breaks out of Markdown, HTML, XML or a workflow command where it is not escaped. */
const pieces = [
  ...[
    '`',
    '```',
    '\n```\n',
    '~~~',
    '````diff',
    '<',
    '>',
    '&',
    '&lt;',
    '</details>',
    '</code>',
    '<img src=x>',
    '<!--',
    '-->',
  ],
  ...[']]>', '<![CDATA[', '"', "'", '@team', '@org/team', 'a@example.org', '|', '\\|', '\\', '*', '__', '~~', '$x$'],
  ...['[a](https://example.org)', 'https://example.org', 'www.example.org', '#1', 'org/repo#1', '> [!NOTE]', '# title'],
  ...[
    '::error::x',
    '::stop-commands::x',
    '\r::set-output name=a::b',
    '##[error]',
    '%0A::error::',
    '%',
    ':',
    ',',
    '\n',
    '\n\n',
  ],
  ...[
    '\r',
    '\t',
    '\0',
    '\u001b[31m',
    '\u0085',
    '\u2028',
    '\u202e',
    '\ufffe',
    '\ud800',
    '\udfff',
    '😀',
    'ä',
    ' ',
    'photos',
  ],
];

export const hostileText = fc
  .array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...pieces) }, fc.string({ unit: 'binary', maxLength: 8 })), {
    maxLength: 12,
  })
  .map((parts) => parts.join(''));

const longText = fc
  .tuple(hostileText, fc.integer({ min: 1, max: 400 }))
  .map(([text, times]) => text.repeat(times).slice(0, 60_000));

const text = fc.oneof({ weight: 5, arbitrary: hostileText }, longText);

export const hostileProblem = fc.record({
  code: fc.constantFrom(...(Object.keys(problemCodes) as (keyof typeof problemCodes)[])),
  severity: fc.constantFrom('error' as const, 'warning' as const),
  file: text,
  line: fc.integer({ min: 1, max: 9999 }),
  column: fc.integer({ min: 1, max: 9999 }),
  message: text,
  hint: fc.option(text),
  frame: fc.option(text),
});

const names = fc.array(text, { maxLength: 3 });

const hostileTransfers: fc.Arbitrary<Transfers> = fc.record({
  ...{ outcome: fc.constantFrom('Succeeded', 'Failed'), lastError: fc.option(text), warnings: names },
  ...{ copies: fc.nat(), moves: fc.nat(), deletes: fc.nat(), bytes: fc.nat() },
  first: fc.record({ copy: names, move: names, delete: names }),
});

/** Any text in any field; each kind of change may come. */
export const hostilePlan: fc.Arbitrary<Plan> = fc
  .record({
    tasks: fc.array(hostileTask(), { maxLength: 12 }),
    active: fc.array(hostileTask(), { maxLength: 12 }),
    broken: fc.array(text, { maxLength: 3 }),
    problems: fc.array(hostileProblem, { maxLength: 20 }),
    transfers: fc.option(hostileTransfers),
  })
  .map(({ tasks, active, broken, problems, transfers }) => {
    const plan = planOf(
      desired(
        tasks.map(({ name, ...part }) => resolvedTask(name, part)),
        { files: 1, problems, invalid: invalidSet(broken.map((path) => invalidManifest(path, { name: path }))) },
      ),
      active.map(({ name, ...part }) => activeTask(name, part)),
    );
    if (transfers === null) return plan;
    const isNew = ({ action }: Change) => action === 'create' || action === 'update';
    return { ...plan, changes: plan.changes.map((change) => (isNew(change) ? { ...change, transfers } : change)) };
  });

function hostileTask() {
  return fc
    .record({
      ...{ name: fc.oneof(fc.constantFrom('photos', 'music', 'mail'), text), path: text, label: text, line: text },
      ...{ script: text, folder: text, root: text, mode: fc.constantFrom('COPY', 'SYNC', 'MOVE') },
      filters: fc.array(text, { maxLength: 3 }),
    })
    .map(({ name, path, label, line, script, folder, root, mode, filters }) => ({
      ...{ name, path, labels: { [label]: label } },
      credential: credentialSpec({ options: { root } }),
      spec: taskSpec({
        ...{ description: line, preScript: script, exclude: filters, transferMode: mode, paths: [`/${folder}`] },
        remote: remoteLocation({ folder }),
      }),
    }));
}
