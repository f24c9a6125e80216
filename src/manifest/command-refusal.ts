import { errorAt, type Finding, pathText } from './finding.ts';

/** For a path below `spec` that would have a command run where none may. */
export function commandRefused(path: readonly string[]): Finding {
  const whole = ['spec', ...path];
  const hint = 'leave it out, or start Cloudsync without --no-scripts';
  return errorAt('CS045', whole, `${pathText(whole)} runs a command, which --no-scripts forbids`, hint);
}
