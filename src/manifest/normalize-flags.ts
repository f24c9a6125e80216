import { err, ok, type Result } from '../model/result.ts';
import type { TaskSpec, TransferMode } from '../model/task.ts';
import { errorAt, errorAtKey, type Finding, warningAt } from './finding.ts';
import { quoted } from './found-value.ts';
import { parseDuration, parseSize } from './quantity.ts';
import { type FlagType, type QuantityType, rcloneFlags } from './rclone-flag.ts';
import { flagRefusal } from './rclone-flag-refusal.ts';
import { flagVerdicts, isWideWindow, longestWindowSeconds } from './rclone-flag-verdict.ts';
import { suggestion } from './suggestion.ts';

type FlagValue = string | number | boolean;

export interface FlagContext {
  readonly mode: TransferMode;
  readonly encrypted: boolean;
  /** Whether the task keeps what it replaces and deletes. */
  readonly keepsBackups: boolean;
}

/** Further flags, each in the one form that rclone is given: sizes in bytes, durations in seconds. */
export function normalizeFlags(
  written: Readonly<Record<string, FlagValue>>,
  context: FlagContext,
  findings: Finding[],
): TaskSpec['rcloneFlags'] {
  const { mode } = context;
  const accepted = Object.entries(written).flatMap(([name, value]): readonly (readonly [string, FlagValue])[] => {
    const path = ['spec', 'rcloneFlags', name];
    const flag = Object.hasOwn(rcloneFlags, name) ? rcloneFlags[name] : undefined;
    if (flag === undefined) {
      findings.push(refusal(name));
      return [];
    }
    if (flag.modes?.includes(mode) === false) {
      const message = `spec.rcloneFlags.${name} works with ${flag.modes.join(' and ')} only; the task is a ${mode}`;
      findings.push(errorAtKey('CS036', path, message, 'leave it out'));
    }
    const parsed = parseFlag(flag.type, value);
    if (parsed.ok) {
      findings.push(...objections(name, parsed.value, context));
      return [[name, parsed.value]];
    }
    findings.push(errorAt('CS036', path, `spec.rcloneFlags.${name} must be ${parsed.error}`));
    return [];
  });
  const flags = Object.fromEntries(accepted.sort(([left], [right]) => (left < right ? -1 : 1)));
  findings.push(...renameFindings(flags, context));
  return flags;
}

/** What stands against a flag in this task. */
function objections(name: string, value: FlagValue, context: FlagContext): readonly Finding[] {
  if (value === false) return [];
  const verdicts = flagVerdicts()[name];
  if (verdicts === undefined) return [];
  const places = [
    [verdicts[context.mode], context.mode],
    ...(context.encrypted ? [[verdicts.encryption, 'encryption'] as const] : []),
    ...(context.keepsBackups ? [[verdicts.backupFolder, 'safety.backupFolder'] as const] : []),
  ] as const;
  return places.flatMap(([verdict, place]) => {
    const objection = typeof verdict === 'function' ? verdict(value) : verdict;
    if (objection === null) return [];
    const { severity, reason, hint } = objection;
    const path = ['spec', 'rcloneFlags', name];
    return severity === 'error'
      ? [errorAtKey('CS036', path, `spec.rcloneFlags.${name} cannot be set with ${place}: ${reason}`, hint)]
      : [warningAt('CS036', path, `spec.rcloneFlags.${name}: ${reason}`, hint)];
  });
}

/** Where rclone would take other files for renamed ones, or ignore that it is to track renames and say so in its log only. */
function renameFindings(flags: TaskSpec['rcloneFlags'], { encrypted }: FlagContext): readonly Finding[] {
  const strategy = flags['track-renames-strategy'];
  if (flags['track-renames'] !== true) {
    if (strategy === undefined) return [];
    const message = 'spec.rcloneFlags.track-renames-strategy has no effect without track-renames';
    return [warningAt('CS036', ['spec', 'rcloneFlags', 'track-renames-strategy'], message, 'set track-renames: true')];
  }
  const comparesHashes = String(strategy ?? 'hash').includes('hash');
  if (!comparesHashes && isWideWindow(flags['modify-window'])) {
    const reason =
      `with more than ${longestWindowSeconds}s, files of one size and other times would be taken for one, and the content ` +
      'of one be put under the name of the other';
    const message = `spec.rcloneFlags.modify-window cannot be set with track-renames-strategy ${strategy}: ${reason}`;
    const hint = `write ${longestWindowSeconds}s or less, or track-renames-strategy: hash`;
    return [errorAtKey('CS036', ['spec', 'rcloneFlags', 'modify-window'], message, hint)];
  }
  if (!encrypted || !comparesHashes) return [];
  const message =
    'spec.rcloneFlags.track-renames has no effect with encryption: it compares checksums, and an encrypted remote has none';
  return [warningAt('CS036', ['spec', 'rcloneFlags', 'track-renames'], message, 'leave it out')];
}

/** Never shows the value, which may be a secret in the wrong place. */
function refusal(name: string): Finding {
  const path = ['spec', 'rcloneFlags', name];
  const plain = name.replace(/^-+/, '').toLowerCase();
  const known = flagRefusal(plain);
  if (known !== null) {
    return errorAtKey('CS036', path, `the rclone flag ${quoted(plain)} cannot be set: ${known.reason}`, known.hint);
  }
  const meant = suggestion(plain, Object.keys(rcloneFlags));
  const hint = meant === null ? 'docs/manifest.md lists the flags that can be set' : `did you mean "${meant}"?`;
  return errorAtKey('CS036', path, `${quoted(name)} is no rclone flag that can be set`, hint);
}

/** The error is what was wanted. */
function parseFlag(type: FlagType, value: FlagValue): Result<FlagValue, string> {
  if (type.kind === 'boolean') return typeof value === 'boolean' ? ok(value) : err('true or false');
  if (type.kind === 'enum') {
    return type.values.includes(String(value)) ? ok(value) : err(`one of ${type.values.join(' | ')}`);
  }
  if (type.kind === 'text') {
    return new RegExp(`^(?:${type.pattern.source})$`).test(String(value)) ? ok(String(value)) : err(type.wanted);
  }
  return quantities[type.kind](type, value);
}

const quantities: Readonly<
  Record<QuantityType['kind'], (type: QuantityType, value: FlagValue) => Result<FlagValue, string>>
> = {
  number({ least, most }, value) {
    const fits = typeof value === 'number' && value >= least && value <= most;
    return fits ? ok(value) : err(`a number from ${least} to ${most}`);
  },

  integer({ least, most }, value) {
    const fits = typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
    return fits ? ok(value) : err(`a whole number from ${least} to ${most}`);
  },

  /** A number without a unit would be KiB here and something else to the next reader. */
  size({ least, most }, value) {
    const size = parseSize(typeof value === 'string' ? value : '');
    if (size.ok && size.value >= least && size.value <= most) return ok(`${size.value}b`);
    return err(`a size from ${least}b to ${most / 1024 ** 2}Mi, such as 16Mi`);
  },

  duration({ least, most }, value) {
    const time = parseDuration(String(value));
    if (time.ok && time.value >= least * 1000 && time.value <= most * 1000) return ok(`${time.value / 1000}s`);
    return err(`a duration from ${least}s to ${most}s, such as 30s`);
  },
};
