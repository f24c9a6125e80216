#!/usr/bin/env node
// Measures Cloudsync beside its peers and prints what it found; docs/benchmarks.md says how to read it.
import { parseArgs } from 'node:util';
import { prepare } from '../bench/prepare.mjs';
import { renderJson, renderTable } from '../bench/report.mjs';
import { suites } from '../bench/suites.mjs';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string', default: Object.keys(suites).join(',') },
    rounds: { type: 'string', default: '9' },
  },
});
const names = values.only.split(',');
const unknown = names.filter((name) => !(name in suites));
const rounds = Number(values.rounds);
if (unknown.length > 0)
  fail(`There is no benchmark ${unknown.join(', ')}; expected some of ${Object.keys(suites).join(', ')}.`);
if (!Number.isInteger(rounds) || rounds < 1) fail(`--rounds must be a whole number from 1, not ${values.rounds}.`);

prepare();
const rows = [];
for (const name of names) {
  console.error(`Measuring ${name}`);
  const { measure } = await suites[name]();
  rows.push(...(await measure({ rounds })));
}
console.log(values.json ? renderJson(rows, rounds) : renderTable(rows));

function fail(message) {
  console.error(message);
  process.exit(64);
}
