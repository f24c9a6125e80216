import type { Provider, UploadChunk } from '../model/provider.ts';
import { gibi, kibi, mebi } from './size.ts';

/** From what size on rclone uploads in chunks by default, wherever a provider has a `cutoffOption`. */
const usualCutoffBytes = 200 * mebi;

/** `null` when the provider takes chunks of this size; otherwise a sentence with the sizes that it does take. */
export function checkChunkSize(provider: Provider, bytes: number): string | null {
  const chunk = provider.uploadChunk;
  if (chunk === null) {
    return `Provider ${provider.name} has no chunks whose size could be chosen. Leave uploadChunkSize out.`;
  }
  const nearest = nearestSizes(chunk, bytes);
  if (nearest.includes(bytes)) return null;
  const values = nearest.map(sizeText).join(' and ');
  return `Expected ${wanted(chunk)} for provider ${provider.name}, found ${sizeText(bytes)}. The nearest allowed ${nearest.length > 1 ? 'sizes are' : 'size is'} ${values}.`;
}

/** What rclone is told of the chunk size; `bytes` has passed `checkChunkSize`. Empty without a size to choose. */
export function chunkOptions({ uploadChunk }: Provider, bytes: number): Record<string, string> {
  if (uploadChunk === null) return {};
  const { option, cutoffOption } = uploadChunk;
  const raised = cutoffOption !== null && bytes > usualCutoffBytes;
  return { [option]: sizeText(bytes), ...(raised ? { [cutoffOption]: sizeText(bytes) } : {}) };
}

function wanted({ rule, minimumBytes, maximumBytes }: UploadChunk): string {
  const upper = maximumBytes === null ? '' : ` and at most ${sizeText(maximumBytes)}`;
  return `${ruleText(rule)} of at least ${sizeText(minimumBytes)}${upper}`;
}

function ruleText(rule: UploadChunk['rule']): string {
  if (rule === 'any') return 'a size';
  return rule === 'powerOfTwo' ? 'a power of two' : `a multiple of ${sizeText(rule.multipleOfBytes)}`;
}

/** The limits themselves keep the rule, so what lies between them can be rounded to it without leaving them. */
function nearestSizes({ rule, minimumBytes, maximumBytes }: UploadChunk, bytes: number): readonly number[] {
  const within = Math.max(minimumBytes, Math.min(maximumBytes ?? Number.MAX_SAFE_INTEGER, bytes));
  if (rule === 'any') return [within];
  const below = rule === 'powerOfTwo' ? powerUpTo(within) : within - (within % rule.multipleOfBytes);
  const above = rule === 'powerOfTwo' ? below * 2 : below + rule.multipleOfBytes;
  return below === within ? [below] : [below, above];
}

function powerUpTo(bytes: number): number {
  let power = 1;
  while (power * 2 <= bytes) power *= 2;
  return power;
}

/** As rclone reads sizes: exact, in the largest unit that allows it. */
function sizeText(bytes: number): string {
  const units = [[gibi, 'Gi'] as const, [mebi, 'Mi'] as const, [kibi, 'Ki'] as const];
  const [size, unit] = units.find(([each]) => bytes > 0 && bytes % each === 0) ?? [1, 'b'];
  return `${bytes / size}${unit}`;
}
