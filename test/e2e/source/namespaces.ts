import { execFileSync } from 'node:child_process';
import type { DaemonProcess } from '../../helper/daemon-process.ts';

/**
 * Commands that become what follows them. User namespaces need no privilege of ours, and change nothing outside of
 * them: limits, mounts and rights are those of the daemon alone.
 */

/** Files of ours are then what their permission bits say, even for root. */
export const withoutPrivileges = ['unshare', '-U'] as const;

/** With limits of its own, written after `/proc/sys/user/`. */
export function withLimits(limits: Readonly<Record<string, number>>): readonly string[] {
  return within(Object.entries(limits).map(([name, limit]) => `echo ${limit} >/proc/sys/user/${name}`));
}

/** With mounts that nobody else sees, made by these shell commands. */
export function withMounts(...commands: readonly string[]): readonly string[] {
  return within(commands);
}

/** Where the daemon is, to look at what it sees. */
export function beside({ pid }: DaemonProcess): readonly string[] {
  return ['nsenter', '--preserve-credentials', '-U', '-m', '-t', String(pid)];
}

function within(commands: readonly string[]): readonly string[] {
  const script = [...commands, 'exec "$@"'].join(' && ');
  return ['unshare', '-rm', 'sh', '-c', script, 'sh'];
}

/** These tests are not skipped where they cannot be run: they say what is missing. */
export function requireNamespaces(): void {
  try {
    execFileSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'pipe' });
  } catch (error) {
    throw new Error(
      `This machine lets nobody make user namespaces, which these tests need. See sysctl user.max_user_namespaces and kernel.apparmor_restrict_unprivileged_userns.\n${error}`,
    );
  }
}
