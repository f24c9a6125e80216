import { describe, expect, test } from 'vitest';
import { assembleDesired } from '../../src/manifest/assemble-desired.ts';
import type { ManifestContext } from '../../src/manifest/context.ts';
import type { OptionIssue, Provider } from '../../src/model/provider.ts';
import { everything } from '../../src/model/selection.ts';
import { context, credentialText, messages, parse, taskText } from './manifest-builder.ts';

const issue: OptionIssue = {
  ...{ severity: 'error', code: 'CS042', option: null },
  ...{ message: 'provider http needs a way to log in', hint: 'for example pass: { fromEnv: NAME }' },
};

/** The provider http of the tests, with rules of its own. */
function withRules(part: Pick<Provider, 'check' | 'checkTask'>): Partial<ManifestContext> {
  const { providers } = context();
  const provider = providers.get('http');
  if (provider === undefined) throw new Error('There is no provider http.');
  return { providers: new Map([...providers, ['http', { ...provider, directions: ['PUSH', 'PULL'], ...part }]]) };
}

describe('rules between the options of a credential', () => {
  const rules = withRules({
    check: ({ url }) => (url === 'https://good' ? [] : [issue, { ...issue, option: 'url', code: 'CS044' }]),
  });

  test('see what is written, and speak of the options or of one of them', () => {
    expect(parse(credentialText(['url: https://good'], 'here', 'http'), 'here.yaml', rules).problems).toEqual([]);
    const { problems } = parse(credentialText(['url: https://bad'], 'here', 'http'), 'here.yaml', rules);
    expect(problems).toMatchObject([
      { code: 'CS042', severity: 'error', line: 7, column: 3, message: issue.message, hint: issue.hint },
      { code: 'CS044', severity: 'error', line: 8, column: 10 },
    ]);
  });

  test('are asked too when an option is missing, and not when one was refused', () => {
    expect(messages(parse(credentialText([], 'here', 'http'), 'here.yaml', rules).problems)).toEqual([
      'CS042 provider http needs the option "url"',
      'CS042 provider http needs a way to log in',
      'CS044 provider http needs a way to log in',
    ]);
    expect(messages(parse(credentialText(['url: 1'], 'here', 'http'), 'here.yaml', rules).problems)).toEqual([
      'CS044 option "url" must be text; put it in double quotes',
    ]);
  });

  test('may only warn', () => {
    const warning = withRules({ check: () => [{ ...issue, severity: 'warning' }] });
    const { credential, problems } = parse(credentialText(['url: u'], 'here', 'http'), 'here.yaml', warning);
    expect(problems).toMatchObject([{ severity: 'warning' }]);
    expect(credential?.spec.options).toEqual({ url: 'u' });
  });
});

describe('what a provider cannot do for a task', () => {
  const rules = withRules({
    checkTask: ({ direction, transferMode, folder }) =>
      folder === 'photos' ? null : `provider http cannot ${direction} ${transferMode} ${folder}`,
  });

  test.each([
    ['photos', []],
    ['other', ['CS035 provider http cannot PUSH COPY other']],
  ])('in the folder %s', (folder, expected) => {
    const task = taskText([`remote: { credential: here, folder: ${folder} }`]);
    const credential = credentialText(['url: u'], 'here', 'http');
    const desired = assembleDesired({
      snapshot: { revision: null, allowEmpty: false },
      manifests: [parse(task, 'task.yaml', rules), parse(credential, 'here.yaml', rules)],
      ...{ active: new Map(), selection: everything, context: context(rules) },
    });
    expect(messages(desired.problems)).toEqual(expected);
    expect(desired.tasks.size).toBe(expected.length === 0 ? 1 : 0);
  });
});
