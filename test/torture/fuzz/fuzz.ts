import type { ManifestContext } from '../../../src/manifest/context.ts';
import { parseManifest } from '../../../src/manifest/parse-manifest.ts';
import { maxManifestBytes } from '../../../src/model/snapshot.ts';
import { checkChunkSize } from '../../../src/provider/chunk-size.ts';
import { providers } from '../../../src/provider/registry.ts';
import { checkSchedule } from '../../../src/schedule/times.ts';
import { randomNumbers } from '../fault.ts';
import { bomb } from './bombs.ts';
import { mutateBytes, oneOf, type Random } from './bytes.ts';
import { canary, readSamples } from './samples.ts';
import { mutateStructure } from './structure.ts';

export interface FuzzReport {
  readonly tried: number;
  /** Texts that were valid all the same, and all problems that were reported. */
  readonly valid: number;
  readonly problems: number;
  readonly thrown: number;
  /** Problems without a line and column from 1. */
  readonly misplaced: number;
  /** Problems that show a secret. */
  readonly shown: number;
  /** Texts that took more than a second of processor time: on a busy machine, a clock says more of the machine. */
  readonly slow: number;
  readonly slowestMs: number;
  /** The first of what is wrong, in words, with the text. */
  readonly details: readonly string[];
}

interface FuzzOptions {
  readonly count: number;
  readonly seed: number;
  readonly onText?: (done: number) => void;
}

const slowMs = 1000;
const detailsKept = 20;

/** Parses `count` texts that are manifests no more, or hardly, as the daemon would. */
export function fuzzManifests({ count, seed, onText }: FuzzOptions): FuzzReport {
  const random = randomNumbers(seed);
  const samples = readSamples();
  const details: string[] = [];
  const counts = { valid: 0, problems: 0, thrown: 0, misplaced: 0, shown: 0, slow: 0 };
  let slowestMs = 0;

  function note(what: 'thrown' | 'misplaced' | 'shown' | 'slow', text: string, detail: string): void {
    counts[what] += 1;
    if (details.length < detailsKept) details.push(`${what}: ${detail} by ${JSON.stringify(text.slice(0, 1500))}`);
  }

  for (let index = 0; index < count; index += 1) {
    const text = mutant(samples, random);
    const before = process.cpuUsage();
    const problems = parse(text, (error) => note('thrown', text, error));
    const tookMs = cpuMs(before);
    slowestMs = Math.max(slowestMs, tookMs);
    if (tookMs > slowMs) note('slow', text, `${Math.round(tookMs)} ms`);
    if (problems?.length === 0) counts.valid += 1;
    for (const problem of problems ?? []) {
      counts.problems += 1;
      const { line, column, message, hint, frame } = problem;
      if (!isPlace(line) || !isPlace(column)) note('misplaced', text, `${line}:${column} ${message}`);
      const told = [message, hint, frame].join('\n');
      if (told.includes(canary)) note('shown', text, told);
    }
    onText?.(index + 1);
  }
  return { tried: count, ...counts, slowestMs: Math.round(slowestMs), details };
}

function cpuMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

function mutant(samples: readonly string[], random: Random): string {
  if (random() < 0.05) return readable(bomb(random));
  let text = oneOf(random, samples);
  if (random() < 0.5) text = mutateStructure(text, random);
  else for (let left = 1 + random() * 4; left > 0; left -= 1) text = mutateBytes(text, random, oneOf(random, samples));
  return withoutStray(readable(text));
}

/** What is larger, or no UTF-8, is refused before it is parsed. */
function readable(text: string): string {
  return Buffer.from(text).subarray(0, maxManifestBytes).toString('utf8');
}

/**
 * A secret is what stands where a secret belongs. Moved to the place of a name, or into a comment, nobody could tell it
 * from any other word.
 */
function withoutStray(text: string): string {
  const placed = /(?:key|pass|password|salt|access_token)["']?\s*:\s*(?:\|\s*)?[[{]?\s*["']?$/;
  return text.replaceAll(canary, (found, at: number) => (placed.test(text.slice(0, at)) ? found : 'stray'));
}

const context: ManifestContext = {
  ...{ directory: 'tasks.d', baseDirectory: '/srv/tasks.d', pathRoots: [], commands: true },
  ...{ providers, checkChunkSize, checkSchedule },
  stateDirectory: null,
  localPlace: () => null,
  farPlaces: () => [],
};

function parse(text: string, onThrow: (error: string) => void) {
  try {
    const file = { state: 'readable', path: 'mutant.yaml', sha256: '', text } as const;
    return parseManifest(file, context).problems;
  } catch (error) {
    onThrow(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
    return null;
  }
}

function isPlace(number: number): boolean {
  return Number.isInteger(number) && number >= 1;
}
