// Prints "N passed, N failed" (", N skipped" if any) from vitest's JSON reports, and fails where a suite ran nothing.
import { readFileSync } from 'node:fs';

const counts = process.argv.slice(2).map(countTests);
const sum = (name) => counts.reduce((total, count) => total + count[name], 0);
const skipped = sum('skipped');

console.log(`${sum('passed')} passed, ${sum('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = sum('failed') > 0 || counts.length === 0 ? 1 : 0;

function countTests(path) {
  const report = readReport(path);
  const passed = report?.numPassedTests ?? 0;
  // A file that cannot be loaded has no tests to count, and is a failure all the same; so is a suite without any test.
  const broken = (report?.testResults ?? []).filter(
    (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
  ).length;
  const failed = (report?.numFailedTests ?? 0) + broken;
  if (passed + failed === 0) console.log(`No test ran: ${path}`);
  return {
    passed,
    failed: passed + failed === 0 ? 1 : failed,
    skipped: (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0),
  };
}

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}
