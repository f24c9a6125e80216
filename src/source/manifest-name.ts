/** What the name of a file in the tasks directory says about it. */
export type NameVerdict =
  | 'manifest'
  /** Named like a manifest, but for the case of its extension or what follows it. */
  | 'misnamed'
  /** May hold a manifest under a name that says nothing; only its content tells. */
  | 'perhaps'
  /** What an editor or a person kept of a manifest that is not there any more. */
  | 'backup'
  | 'other';

/** `siblings`: the names in its folder. */
export function judgeName(name: string, siblings: ReadonlySet<string>): NameVerdict {
  if (isManifestName(name)) return 'manifest';
  if (name.startsWith('.') || /\.status\.json$|\.tmp$|\.swp$/i.test(name)) return 'other';
  const [, stem, rest = ''] = /^(.+?)\.ya?ml(?![a-z0-9])(.*)$/i.exec(name) ?? [];
  if (stem !== undefined) {
    if (!backupSuffix.test(rest)) return 'misnamed';
    return siblings.has(`${stem}.yaml`) || siblings.has(`${stem}.yml`) ? 'other' : 'backup';
  }
  return /^[^.]+$|\.(json[c5]?|txt|ya\w+l\w*|ym\w+)$/i.test(name) ? 'perhaps' : 'other';
}

const backupSuffix = /^(~|\.~\d+~|\.(bak|backup|orig|old|rej|save)\d*)$/i;

/** `.yaml` or `.yml`, and no dotfile. */
export function isManifestName(name: string): boolean {
  return /\.ya?ml$/.test(name) && !name.startsWith('.');
}
