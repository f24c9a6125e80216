/** The sections of an rclone.conf by name. `null`: the text cannot be read, as where it is encrypted. */
export function parseSections(text: string): ReadonlyMap<string, Readonly<Record<string, string>>> | null {
  if (/^\s*RCLONE_ENCRYPT_V\d+:/m.test(text)) return null;
  const sections = new Map<string, Record<string, string>>();
  let section: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const [, name] = /^\s*\[(.+)\]\s*$/.exec(line) ?? [];
    if (name !== undefined) {
      section = {};
      sections.set(name, section);
      continue;
    }
    const [, key, value] = /^\s*([^#;=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) section[key] = value;
  }
  return sections;
}
