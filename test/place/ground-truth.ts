import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPlaces } from '../../src/place/disk/read-place.ts';
import { relationOfLocal } from '../../src/place/local-place.ts';
import type { Step } from './scenario.ts';

/**
 * Runs in a mount namespace of its own: makes each tree, asks how two names in it relate, and finds out by files that
 * are written through one name and looked for through the other. Prints what differs, a line of JSON each.
 */
interface Scenario {
  readonly steps: readonly Step[];
  readonly pairs: readonly (readonly [string, string])[];
}

const scenarios = JSON.parse(readFileSync(0, 'utf8')) as readonly Scenario[];
const counted: Record<string, number> = {};
let serial = 0;
for (const scenario of scenarios) await judge(scenario);
process.stdout.write(`${JSON.stringify({ counted })}\n`);

async function judge({ steps, pairs }: Scenario): Promise<void> {
  const base = mkdtempSync(join(tmpdir(), 'cloudsync-places-'));
  execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', base]);
  for (const step of steps) attempt(() => take(step, base));
  for (const [one, other] of pairs) {
    const [left, right] = [join(base, one), join(base, other)];
    const [first, second] = await readPlaces([left, right]);
    if (first?.ok !== true || second?.ok !== true) continue;
    const found = relationOfLocal(first.value, second.value);
    const made = [left, right].every((path) => attempt(() => mkdirSync(path, { recursive: true })));
    if (!made) continue;
    const truth = truthOf(left, right);
    counted[truth] = (counted[truth] ?? 0) + 1;
    if (found !== truth) process.stdout.write(`${JSON.stringify({ steps, pair: [one, other], found, truth })}\n`);
  }
  execFileSync('umount', ['-l', base]);
}

function take(step: Step, base: string): void {
  const at = join(base, step.at);
  switch (step.kind) {
    case 'folder':
      mkdirSync(at, { recursive: true });
      return;
    case 'link':
      symlinkSync(step.absolute ? join(base, step.to) : step.to, at);
      return;
    case 'bind':
      execFileSync('mount', [step.recursive ? '--rbind' : '--bind', join(base, step.to), at], { stdio: 'ignore' });
      return;
    case 'tmpfs':
      execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', at], { stdio: 'ignore' });
      return;
  }
}

function truthOf(left: string, right: string): string {
  const isIn = (outer: string, folder: string) => {
    serial += 1;
    const name = `probe-${serial}`;
    writeFileSync(join(folder, name), '');
    const seen = filesBelow(outer).has(name);
    rmSync(join(folder, name));
    return seen;
  };
  const contains = isIn(left, right);
  const inside = isIn(right, left);
  if (contains && inside) return 'same';
  if (contains || inside) return contains ? 'contains' : 'inside';
  return foldersBelow(left).some((folder) => isIn(right, folder)) ? 'crosses' : 'apart';
}

function filesBelow(folder: string): ReadonlySet<string> {
  return new Set(
    [folder, ...foldersBelow(folder)].flatMap((each) => readdirSync(each).filter((name) => name.startsWith('probe-'))),
  );
}

function foldersBelow(folder: string): readonly string[] {
  const found = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return found.flatMap(({ name }) => [join(folder, name), ...foldersBelow(join(folder, name))]);
}

function attempt(act: () => void): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}
