import type { TaskSpec } from '../model/task.ts';

/** How rclone connects and what it uses; other flags say what a run of the task transfers, and how it compares. */
const passing: readonly string[] = [
  ...['bind', 'contimeout', 'disable-http-keep-alives', 'disable-http2', 'expect-continue-timeout', 'timeout'],
  ...['low-level-retries', 'no-gzip-encoding', 'tpslimit', 'tpslimit-burst', 'use-cookies', 'user-agent'],
  ...['buffer-size', 'checkers', 'max-backlog', 'multi-thread-cutoff', 'multi-thread-streams', 'use-mmap'],
  ...['ignore-case-sync', 'metadata', 'no-unicode-normalization', 'order-by'],
];

/** Those of a task's flags that hold for a restore and for a check as well: neither may stop early or skip a file. */
export function passingFlags(flags: TaskSpec['rcloneFlags']): TaskSpec['rcloneFlags'] {
  return Object.fromEntries(Object.entries(flags).filter(([name]) => passing.includes(name)));
}
