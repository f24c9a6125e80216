interface PatternFault {
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly hint: string | null;
}

/** What rclone refuses in a pattern, and what it accepts but surely is not meant. */
export function checkFilterPattern(pattern: string): readonly PatternFault[] {
  if (/[\r\n]/.test(pattern))
    return [error('a pattern is one line', 'write each pattern as its own entry of the list')];
  const broken = syntaxFault(pattern);
  return broken === null ? lints(pattern) : [broken];
}

function error(message: string, hint: string): PatternFault {
  return { severity: 'error', message, hint };
}

function warning(message: string, hint: string): PatternFault {
  return { severity: 'warning', message, hint };
}

/** One walk over the pattern, with the brackets that are open; `{{…}}` holds a regular expression, which is not looked into. */
function syntaxFault(pattern: string): PatternFault | null {
  const glob = pattern.replaceAll(/\{\{.*?\}\}/g, '');
  let open: '[' | '{' | null = null;
  for (const [token] of glob.matchAll(/\\.?|\*{3,}|[[\]{}]/g)) {
    if (token === '\\') return error('the pattern ends in a backslash', 'write \\\\ for a backslash itself');
    if (token.startsWith('***'))
      return error('*** is not a wildcard', 'write ** to match across folders, * within one');
    if (token === '{' && open === '{') return error('braces inside braces are not accepted by rclone', advice);
    if (token === '}' && open === null) return error('the pattern closes a { that is not open', advice);
    if (token === ']' && open === null) return error('the pattern closes a [ that is not open', advice);
    if (open === null && (token === '[' || token === '{')) open = token;
    else if ((open === '[' && token === ']') || (open === '{' && token === '}')) open = null;
  }
  return open === null ? null : error(`the pattern opens a ${open} and does not close it`, advice);
}

const advice = 'write \\[ \\] \\{ \\} for these characters themselves';

function lints(pattern: string): readonly PatternFault[] {
  const faults: PatternFault[] = [];
  if (pattern !== pattern.trim()) {
    faults.push(warning('the blanks around the pattern are part of the name that it matches', 'leave them out'));
  }
  if (/^[+-] /.test(pattern)) {
    faults.push(warning('the sign is read as part of the name', 'exclude and include take patterns without + and -'));
  }
  if (/^[#;]/.test(pattern)) {
    const meaning = 'this is a pattern, and not a comment';
    faults.push(
      warning(`${meaning}: it matches names that begin with ${pattern[0]}`, 'begin a YAML comment outside the quotes'),
    );
  }
  const [words] = [...pattern.matchAll(/\\.|\[[^\]]*\]/gs)].flatMap(([token]) => (isWords(token) ? [token] : []));
  if (words !== undefined) {
    const hint = `write "\\${words.slice(0, -1)}\\]" for a name with brackets`;
    faults.push(warning(`${words} in a pattern stands for one character out of these`, hint));
  }
  if (isBareWord(pattern)) {
    const hint = `write "${pattern}/" for the folder and all in it, or "${pattern}*" for names that begin so`;
    faults.push(warning(`"${pattern}" matches only files of exactly that name, and no folder`, hint));
  }
  return faults;
}

/** A character class does not say a character twice, and seldom has a space. */
function isWords(token: string): boolean {
  const characters = token.slice(1, -1);
  return token.startsWith('[') && (/\s/.test(characters) || new Set(characters).size < characters.length);
}

/** A word without slash, wildcard or dot is more often meant to be a folder than a file. */
function isBareWord(pattern: string): boolean {
  return /^[^/*?[{\\.]+$/.test(pattern) || ['.git', '.svn', '.cache', '.zfs', '.snapshots'].includes(pattern);
}
