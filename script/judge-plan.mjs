#!/usr/bin/env node
// The last step of action.yml: tells what was found as outputs of the action, and whether the job fails.
import { appendFileSync, readFileSync } from 'node:fs';

/** What fails at each level, each with the one before. */
const levels = ['never', 'invalid', 'danger', 'changes'];
const { VALID, PLAN_JSON = '', PLAN_MARKDOWN = '', FAIL_ON = '', GITHUB_OUTPUT } = process.env;
const level = levels.indexOf(FAIL_ON);
const plan = PLAN_JSON === '' ? null : JSON.parse(readFileSync(PLAN_JSON, 'utf8'));
const found = { valid: VALID === 'true', ...(plan === null ? {} : factsOf(plan)) };
const lines = Object.entries(found).map(([name, value]) => `${name}=${value}\n`);
appendFileSync(GITHUB_OUTPUT, lines.join(''));

const reasons = [
  ...(level === -1 ? [`fail-on must be one of ${levels.join(', ')}, not ${FAIL_ON}`] : []),
  ...(level >= 1 && !found.valid ? ['manifests are not valid'] : []),
  ...(level >= 2 && found['has-danger'] ? ['the plan has dangerous changes, or deletions that would be refused'] : []),
  ...(level >= 3 && found['has-changes'] ? ['there are changes'] : []),
];
for (const reason of reasons) console.log(`::error title=cloudsync::${reason}`);
process.exitCode = reasons.length > 0 ? 1 : 0;

function factsOf({ summary, changes }) {
  const { create, update, delete: deletes, adopt, blocked } = summary;
  return {
    'has-changes': create + update + deletes + adopt + blocked > 0,
    'has-danger': blocked > 0 || changes.some(({ effects }) => effects.some(({ danger }) => danger)),
    ...{ creates: create, updates: update, deletes },
    ...{ 'plan-json': PLAN_JSON, 'plan-markdown': PLAN_MARKDOWN },
  };
}
