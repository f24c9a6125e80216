import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Finds the test files that import a module, themselves or through other files of the tests; sorted. */
export function testsThatImport(module: string, root: string): readonly string[] {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.includes('node_modules'))
    .map((name) => join(root, name));
  const imports = new Map(files.map((file) => [file, importsOf(file)]));
  const found = new Set([module]);
  for (let size = 0; size < found.size; ) {
    size = found.size;
    for (const [file, modules] of imports) if (modules.some((each) => found.has(each))) found.add(file);
  }
  return [...found].filter((file) => file.endsWith('.test.ts')).sort();
}

function importsOf(file: string): readonly string[] {
  const statements = readFileSync(file, 'utf8').matchAll(
    /^(?:(?:import|export|\}) (?!type).*from|import) '(\.[^']+)';$/gm,
  );
  return [...statements].map(([, path = '']) => join(dirname(file), path));
}
