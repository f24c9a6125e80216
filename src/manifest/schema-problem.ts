import { type DocumentPath, errorAt, errorAtKey, type Finding, pathText } from './finding.ts';
import { formatHint } from './format-hint.ts';
import { exampleHint, found, quoted } from './found-value.ts';
import { placeOfKey } from './misplaced-key.ts';
import { retiredValue } from './retired-value.ts';
import { referenceHint } from './secret-reference.ts';
import { suggestion } from './suggestion.ts';
import { trueNasHint } from './truenas-name.ts';
import { isSecretPlace, typeFinding } from './type-problem.ts';
import type { Expectation, SchemaError, SchemaErrorParameters, Shape } from './validators.ts';

/** What schema errors mean, in words, at their places in the document. */
export function schemaFindings(value: unknown, shape: Shape): readonly Finding[] {
  const groups = new Map<string, SchemaError[]>();
  for (const error of shape.errors(value)) {
    const group = groups.get(error.instancePath);
    if (group === undefined) groups.set(error.instancePath, [error]);
    else group.push(error);
  }
  return [...groups].flatMap(([pointer, errors]) => placeFindings(pathOf(pointer, value), errors, value, shape));
}

/** All that is wrong with one value. */
function placeFindings(
  path: DocumentPath,
  errors: readonly SchemaError[],
  value: unknown,
  shape: Shape,
): readonly Finding[] {
  const missing = errors.flatMap(({ params }) => params.missingProperty ?? []);
  // More are not shown, and to look for what each was meant to be takes longer than everything else.
  const unknown = errors.filter(({ params }) => params.additionalProperty !== undefined).slice(0, mostSuggestions);
  const misspelt = new Map(unknown.map((error) => [error, misspeltKey(error, missing, expectationOf(error, shape))]));
  const meant = new Set(misspelt.values());
  const hasValues = errors.some(({ keyword }) => keyword === 'const' || keyword === 'enum');
  // A misspelt key explains the missing one, and a list of the allowed values makes the type needless.
  return errors
    .filter(({ keyword, params }) => !meant.has(params.missingProperty ?? '') && !(hasValues && keyword === 'type'))
    .map((error) => finding({ ...error, path }, value, misspelt.get(error) ?? null, shape));
}

const mostSuggestions = 25;

interface PlacedError extends SchemaError {
  readonly path: DocumentPath;
}

function pathOf(pointer: string, value: unknown): DocumentPath {
  let current: unknown = value;
  return pointer
    .split('/')
    .slice(1)
    .map((part) => {
      const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
      const step = Array.isArray(current) ? Number(key) : key;
      current = childOf(current, step);
      return step;
    });
}

function childOf(value: unknown, step: string | number): unknown {
  return Object(value)[step];
}

function valueAt(value: unknown, path: DocumentPath): unknown {
  return path.reduce(childOf, value);
}

function expectationOf(error: SchemaError, shape: Shape): Expectation {
  return (
    shape.expectations[error.schemaPath.slice(0, error.schemaPath.lastIndexOf('/'))] ?? { keys: [], example: null }
  );
}

/** The key that an unknown one was meant to be. A required key that is missing is the likeliest. */
function misspeltKey(error: SchemaError, missing: readonly string[], expectation: Expectation): string | null {
  const written = error.params.additionalProperty;
  return written === undefined ? null : (suggestion(written, missing) ?? suggestion(written, expectation.keys));
}

function finding(error: PlacedError, value: unknown, meant: string | null, shape: Shape): Finding {
  const { path, keyword, params } = error;
  const expectation = expectationOf(error, shape);
  const name = pathText(path);
  switch (keyword) {
    case 'required':
      return missingKey(path, String(params.missingProperty), expectation);
    case 'additionalProperties':
      return unknownKey(path, String(params.additionalProperty), meant, shape, expectation);
    case 'type':
      return typeFinding(path, params.type, valueAt(value, path), expectation);
    case 'const':
    case 'enum':
      return notAllowed(path, params, valueAt(value, path));
    case 'pattern':
      return errorAt(
        'CS016',
        path,
        `${name} has the wrong format; found ${found(path, valueAt(value, path))}`,
        formatHint(path, valueAt(value, path)) ?? exampleHint(path, expectation),
      );
    default:
      return errorAt(
        'CS015',
        path,
        `${name} ${limits[keyword]} ${String(params.limit)}`,
        exampleHint(path, expectation),
      );
  }
}

const limits: Readonly<Record<string, string>> = {
  minimum: 'must be at least',
  maximum: 'must be at most',
  minLength: 'must have a length of at least',
  maxLength: 'must have a length of at most',
  minItems: 'must have a number of entries of at least',
  maxItems: 'must have a number of entries of at most',
  minProperties: 'must have a number of keys of at least',
  maxProperties: 'must have a number of keys of at most',
};

function missingKey(path: DocumentPath, key: string, expectation: Expectation): Finding {
  const where = path.length === 0 ? 'the manifest' : pathText(path);
  const example = Object(expectation.example)[key];
  const hint = example === undefined ? null : `for example ${key}: ${JSON.stringify(example)}`;
  return errorAtKey('CS011', path, `${where} needs the key "${key}"`, hint);
}

function unknownKey(
  path: DocumentPath,
  key: string,
  meant: string | null,
  shape: Shape,
  expectation: Expectation,
): Finding {
  const at = [...path, key];
  const where = path.length === 0 ? 'a manifest' : pathText(path);
  if (isSecretPlace(path)) {
    const hint = meant === null ? referenceHint : `did you mean "${meant}"?`;
    return errorAtKey('CS012', at, `${where} must be a reference by ${expectation.keys.join(', ')}`, hint);
  }
  if (key === '<<') return errorAtKey('CS007', at, 'merge keys are not accepted', 'write the keys out');
  if (key === 'sops') {
    const hint =
      'decrypt the file before Cloudsync reads it, or keep secrets elsewhere and refer to them by fromEnv or fromFile';
    return errorAtKey('CS012', at, 'the file is encrypted by SOPS, which is not read', hint);
  }
  const known = path[0] === 'spec' || path.length === 0 ? trueNasHint(key) : null;
  const place = meant === null ? placeOfKey(key, path, shape) : null;
  const hint =
    known ??
    (meant !== null
      ? `did you mean "${meant}"?`
      : place !== null
        ? `${key} belongs into ${place}; indent it below that`
        : `the keys are ${expectation.keys.join(', ')}`);
  return errorAtKey('CS012', at, `${where} has no key ${quoted(key)}`, hint);
}

function notAllowed(path: DocumentPath, params: SchemaErrorParameters, value: unknown): Finding {
  const allowed = params.allowedValues ?? [String(params.allowedValue)];
  const meant = typeof value === 'string' ? suggestion(value, allowed) : null;
  const code = path[0] === 'apiVersion' ? 'CS010' : 'CS014';
  const retired = retiredValue(path, value);
  if (retired !== null) return errorAt(code, path, `${pathText(path)}: ${retired.message}`, retired.hint);
  const message = `${pathText(path)} must be ${allowed.join(' or ')}; found ${found(path, value)}`;
  return errorAt(code, path, message, meant === null ? null : `did you mean ${meant}?`);
}
