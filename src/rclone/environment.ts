import { obscure } from './obscure.ts';

/** A remote that exists only for one process, by its environment. */
export interface RemoteDefinition {
  /** Lower-case letters, digits and underscores, starting with a letter: rclone finds no other name. */
  readonly name: string;
  /** The backend's name in rclone. */
  readonly type: string;
  readonly options: Readonly<Record<string, string>>;
  /** Options that are to be obscured here. */
  readonly obscured: readonly string[];
}

/**
 * Everything else stays outside: each `RCLONE_*` variable is a flag (`RCLONE_DRY_RUN` makes a backup do nothing), and
 * `AWS_CA_BUNDLE` breaks all of S3 in 1.60.
 */
const inherited = [
  ...['PATH', 'HOME', 'TMPDIR', 'LANG', 'LC_ALL', 'TZ', 'SSL_CERT_FILE', 'SSL_CERT_DIR'],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'no_proxy', 'all_proxy'],
];

/** The whole environment of an rclone process. It holds secrets: nothing of it may be logged. */
export function rcloneEnvironment(input: {
  readonly remotes: readonly RemoteDefinition[];
  readonly parent: NodeJS.ProcessEnv;
  /** IANA name, for the times of a bandwidth limit; `null`: as the parent. */
  readonly timeZone: string | null;
  /** `null`, or left out: a configuration in memory. */
  readonly configFile?: string | null;
}): Record<string, string> {
  const parent = inherited.flatMap((name) => {
    const value = input.parent[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(parent),
    ...(input.timeZone === null ? {} : { TZ: input.timeZone }),
    // Empty means a configuration in memory, without a file and without a notice about one.
    RCLONE_CONFIG: input.configFile ?? '',
    ...Object.fromEntries(input.remotes.flatMap(remoteVariables)),
  };
}

function remoteVariables(remote: RemoteDefinition): readonly (readonly [string, string])[] {
  if (!/^[a-z][a-z0-9_]*$/.test(remote.name)) throw new Error(`Internal error: rclone remote name ${remote.name}`);
  const prefix = `RCLONE_CONFIG_${remote.name.toUpperCase()}_`;
  const options = Object.entries(remote.options)
    .filter(([, value]) => value !== '')
    .map(([option, value]) => {
      const variable = prefix + option.toUpperCase().replaceAll('-', '_');
      return [variable, remote.obscured.includes(option) ? obscure(value) : value] as const;
    });
  return [[`${prefix}TYPE`, remote.type], ...options];
}
