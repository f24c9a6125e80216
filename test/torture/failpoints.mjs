/**
 * Kills the process that it is loaded into (`node --import`) at a chosen call, so that the program itself need not know
 * of tests. SIGKILL to oneself does not return: what follows the call has not begun.
 *
 * CLOUDSYNC_FAILPOINT is JSON: `phase` (before | after), `operation` (sync | datasync | rename | spawn), `target` (see
 * `targetOf` and `purposeOf`), `count` (the how manieth such call) and `armed` (start | signal: after SIGUSR2).
 */
import childProcess from 'node:child_process';
import { writeSync } from 'node:fs';
import filePromises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { basename, dirname } from 'node:path';
import process from 'node:process';

const wanted = JSON.parse(process.env.CLOUDSYNC_FAILPOINT ?? '{}');
let isArmed = wanted.armed === 'start';
let calls = 0;
process.on('SIGUSR2', () => {
  isArmed = true;
});

/** Whether this call is the one to die at. */
function isReached(operation, target) {
  if (!isArmed || operation !== wanted.operation || target !== wanted.target) return false;
  calls += 1;
  return calls === wanted.count;
}

function die() {
  // Standard output is not used by a daemon; it tells who waits that the point was reached.
  writeSync(1, 'reached\n');
  process.kill(process.pid, 'SIGKILL');
}

/** Calls `original`, and dies before it or once it is done, if this is the call. */
function passing(operation, target, original) {
  const isIt = isReached(operation, target);
  if (isIt && wanted.phase === 'before') die();
  const result = original();
  if (!isIt) return result;
  if (typeof result?.then !== 'function') return die();
  return result.then(die);
}

/** What a path is to the state directory. */
function targetOf(path, isReplacing) {
  const name = basename(path);
  const folder = basename(dirname(path));
  if (name.includes('.status.json')) return 'status';
  // Where it is written anew, it is first written beside itself.
  if (name.includes('journal.ndjson')) return isReplacing ? 'new journal' : 'journal';
  if (name.includes('active.ndjson')) return isReplacing ? 'new active' : 'active';
  if (name.includes('verifications.json')) return 'verification';
  if (name === 'history') return 'history folder';
  if (folder === 'history' || folder === 'memory') return folder;
  return name === 'state' ? 'state folder' : 'other';
}

/** What a process is started for. */
function purposeOf(command, parameters) {
  if (basename(command) === 'bash') return 'script';
  return ['copy', 'sync', 'move'].includes(parameters[0]) && !parameters.includes('--dry-run')
    ? 'transfer'
    : 'question';
}

const { open, rename } = filePromises;
const { spawn } = childProcess;
const paths = new WeakMap();

filePromises.open = async (path, ...others) => {
  const handle = await open(path, ...others);
  paths.set(handle, String(path));
  return handle;
};
filePromises.rename = (from, to) => passing('rename', targetOf(to, true), () => rename(from, to));
childProcess.spawn = (command, parameters, options) =>
  passing('spawn', purposeOf(command, parameters), () => spawn(command, parameters, options));

const probe = await open('/dev/null');
const handlePrototype = Object.getPrototypeOf(probe);
await probe.close();
for (const operation of ['sync', 'datasync']) {
  const original = handlePrototype[operation];
  handlePrototype[operation] = function flush() {
    return passing(operation, targetOf(paths.get(this) ?? '', operation === 'sync'), () => original.call(this));
  };
}
syncBuiltinESMExports();
