import { err, ok, type Result } from '../model/result.ts';
import type { TaskSpec, TransferMode } from '../model/task.ts';
import { errorAt, errorAtKey, type Finding } from './finding.ts';
import { quoted } from './found-value.ts';
import { parseDuration, parseSize } from './quantity.ts';
import { type FlagType, type QuantityType, rcloneFlags } from './rclone-flag.ts';
import { flagRefusal } from './rclone-flag-refusal.ts';
import { suggestion } from './suggestion.ts';

type FlagValue = string | number | boolean;

/** Further flags, each in the one form that rclone is given: sizes in bytes, durations in seconds. */
export function normalizeFlags(
  written: Readonly<Record<string, FlagValue>>,
  mode: TransferMode,
  findings: Finding[],
): TaskSpec['rcloneFlags'] {
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
    if (parsed.ok) return [[name, parsed.value]];
    findings.push(errorAt('CS036', path, `spec.rcloneFlags.${name} must be ${parsed.error}`));
    return [];
  });
  return Object.fromEntries(accepted.sort(([left], [right]) => (left < right ? -1 : 1)));
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
