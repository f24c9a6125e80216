import { expectations, validateCredential, validateTask } from './generated/validators.ts';

/** An error as ajv reports it. */
export interface SchemaError {
  /** JSON pointer into the document. */
  readonly instancePath: string;
  /** JSON pointer into the schema; its last part is the keyword. */
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: SchemaErrorParameters;
}

/** Each keyword sets its own. */
export interface SchemaErrorParameters {
  readonly missingProperty?: string;
  readonly additionalProperty?: string;
  readonly type?: string | readonly string[];
  readonly allowedValues?: readonly string[];
  readonly allowedValue?: string;
  readonly limit?: number;
}

/** What the schema has to say at one place, for messages. */
export interface Expectation {
  readonly keys: readonly string[];
  readonly example: unknown;
}

export interface Shape {
  errors(value: unknown): readonly SchemaError[];
  /** By JSON pointer into the schema. */
  readonly expectations: Readonly<Record<string, Expectation>>;
}

/** Compiled ahead of time by `npm run generate`; a validator keeps the errors of its last call. */
interface CompiledValidator {
  (value: unknown): boolean;
  errors?: readonly SchemaError[] | null;
}

export const taskShape = shapeOf(validateTask, expectations.task);
export const credentialShape = shapeOf(validateCredential, expectations.credential);

function shapeOf(validate: CompiledValidator, expectationsByPointer: Readonly<Record<string, Expectation>>): Shape {
  return {
    errors(value) {
      validate(value);
      return validate.errors ?? [];
    },
    expectations: expectationsByPointer,
  };
}
