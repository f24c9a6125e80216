// Prints "N passed, N failed" (", N skipped" if any) from vitest's JSON report, and fails where nothing ran.
import { readFileSync } from 'node:fs';

const report = readReport(process.argv[2]);
const passed = report?.numPassedTests ?? 0;
const skipped = (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0);
// A file that cannot be loaded has no tests to count, and is a failure all the same.
const brokenFiles = (report?.testResults ?? []).filter(
  (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
).length;
const failed = (report?.numFailedTests ?? 0) + brokenFiles;

if (passed + failed === 0) console.log('No test ran.');
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}
