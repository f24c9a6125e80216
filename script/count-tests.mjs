// Prints "N passed, N failed" (", N skipped" if any): count-tests.mjs FAILED_CHECKS REPORT=EXIT_CODE…, with vitest's JSON
// reports. Fails where anything failed, and where a suite ran nothing.
import { readFileSync } from 'node:fs';

const [failedChecks, ...reports] = process.argv.slice(2);
const counts = reports.map(countTests);
const sum = (name) => counts.reduce((total, count) => total + count[name], 0);
const failed = sum('failed') + Number(failedChecks);
const skipped = sum('skipped');

console.log(`${sum('passed')} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed > 0 || counts.length === 0 ? 1 : 0;

function countTests(argument) {
  const [, path, code] = /^(.*)=(\d+)$/.exec(argument);
  const report = readReport(path);
  const passed = report?.numPassedTests ?? 0;
  // A file that cannot be loaded has no tests to count, and is a failure all the same; so is a suite without any test.
  const broken = (report?.testResults ?? []).filter(
    (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
  ).length;
  const failed = (report?.numFailedTests ?? 0) + broken;
  if (passed + failed === 0) console.log(`No test ran: ${path}`);
  // Vitest also fails where coverage is too low, or the tests left something behind.
  const isElse = failed === 0 && (code !== '0' || passed === 0);
  return {
    passed,
    failed: failed + (isElse ? 1 : 0),
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
