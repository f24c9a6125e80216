/** `docs/manifest.md`: every field of both kinds from the schemas, and the flags for rclone from their table. */
export function manifestReference(taskSchema, credentialSchema, tables) {
  const { rcloneFlags, flagVerdicts, trueNasFields, trueNasProviders } = tables;
  const labels = new Map(trueNasFields.filter(({ label }) => label !== '').map(({ field, label }) => [field, label]));
  return `${[
    '# Manifest reference',
    'This file is generated from `schema/` by `npm run generate`; change the schemas, not this file.',
    'A manifest is one YAML file (`.yaml` or `.yml`) with exactly one document, anywhere below the tasks directory. Two kinds exist: a `CloudSyncTask` says what to transfer and when, a `CloudCredential` says how to reach a provider. A file may hold at most 64 KiB. Anchors, aliases, merge keys and tags of your own are not accepted, and an unknown key is an error.',
    'Durations are whole numbers with a unit, `90s`, `10m`, `6h` or `7d`, and sums of these such as `1h30m`. Sizes are written as rclone reads them: `96Mi`, `512k`, `1.5G`; a number without a unit counts KiB.',
    kindSection(taskSchema, labels),
    '## Flags for rclone',
    'What `spec.rcloneFlags` may hold. Every other flag is refused: what it does has a field of its own, or is not for a manifest to decide.',
    flagTable(rcloneFlags, flagVerdicts),
    kindSection(credentialSchema, new Map()),
    '## Options of each provider',
    'Each option may also be given as a reference, `{ fromEnv: NAME }`, `{ fromFile: PATH }`, `{ fromCommand: [PROGRAM, ARGUMENT] }` or `{ age: ARMOURED TEXT }`. An option that is a secret must be.',
    ...credentialSchema.properties.spec.oneOf
      .filter(({ properties }) => 'const' in properties.provider)
      .map(providerSection),
    '### Any other backend of rclone',
    'Its name is the provider, as `rclone config providers` gives it, and its options are those that the installed rclone has. What is a password, a token or a key must be a reference here too. A bucket is the first part of `spec.remote.folder`.',
    '## TrueNAS → Cloudsync',
    'What the fields of a Cloud Sync Task are called on the screen of TrueNAS and in its API, and what they are here.',
    trueNasTable(trueNasFields),
    `Providers have the same names in small letters, with hyphens (\`GOOGLE_PHOTOS\` is \`google-photos\`), but for ${Object.entries(
      trueNasProviders,
    )
      .map(([name, here]) => `\`${name}\`, which is \`${here}\``)
      .join(', and ')}. Options have the names of rclone.`,
  ].join('\n\n')}\n`;
}

function trueNasTable(fields) {
  const rows = fields.map(({ label, name, field, remark }) => {
    return `| ${label} | \`${name}\` | ${field === null ? '–' : code(field)} | ${cell(remark ?? '')} |`;
  });
  return ['| on the screen | in the API | here | remark |', '|---|---|---|---|', ...rows].join('\n');
}

function kindSection(schema, labels) {
  const fields = fieldsOf(schema, '').map((field) => fieldSection(field, labels.get(field.path)));
  return [`## ${schema.title}`, schema.description, ...fields].join('\n\n');
}

function fieldsOf(schema, prefix) {
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]) => {
    const path = `${prefix}${key}`;
    const required = (schema.required ?? []).includes(key);
    return [{ path, property, required }, ...fieldsOf(property, `${path}.`)];
  });
}

function fieldSection({ path, property, required }, label) {
  const facts = [`- type: ${typeOf(property)}`];
  if (label !== undefined) facts.push(`- in TrueNAS: **${label}**`);
  if (required) facts.push('- required');
  if (property.default !== undefined) facts.push(`- default: ${code(property.default)}`);
  if (property.minimum !== undefined) facts.push(`- from ${property.minimum} to ${property.maximum}`);
  facts.push(`- example: ${property.examples.map(code).join(' or ')}`);
  return `### \`${path}\`\n\n${property.description}\n\n${facts.join('\n')}`;
}

function providerSection(branch) {
  const { provider, options } = branch.properties;
  const rows = Object.entries(options.properties).map(([name, option]) => {
    const required = (options.required ?? []).includes(name) ? 'yes' : '';
    const literal = option.anyOf.find((each) => !('$ref' in each));
    const type = literal === undefined ? 'secret reference' : typeOf(literal);
    return `| \`${name}\` | ${type} | ${required} | ${cell(option.description)} | ${cell(option.examples.map(code).join(', '))} |`;
  });
  const table = ['| option | type | required | description | examples |', '|---|---|---|---|---|', ...rows].join('\n');
  return `### \`${provider.const}\`: ${branch.title}\n\n${branch.description}\n\n${table}`;
}

/** Where each flag is refused; one that depends on the value is told in its message. */
function flagTable(flags, verdicts) {
  const rows = Object.entries(flags).map(([name, { description, type, modes }]) => {
    const refused = Object.entries(verdicts[name]).filter(([, verdict]) => verdict?.severity === 'error');
    const only = modes === undefined ? '' : ` Only with ${modes.join(' and ')}.`;
    const where = refused.length === 0 ? only : `${only} Not with ${refused.map(([place]) => place).join(' or ')}.`;
    return `| \`${name}\` | ${cell(flagType(type))} | ${cell(description + where)} |`;
  });
  return ['| flag | value | what it does |', '|---|---|---|', ...rows].join('\n');
}

function flagType(type) {
  switch (type.kind) {
    case 'boolean':
      return names.boolean;
    case 'enum':
      return type.values.map(code).join(', ');
    case 'text':
      return type.wanted;
    case 'size':
    case 'duration':
      return `${type.kind}, such as ${code(type.kind === 'size' ? '16Mi' : '30s')}`;
    default:
      return `${names[type.kind]} from ${type.least} to ${type.most}`;
  }
}

function typeOf(property) {
  const values = property.enum ?? (property.const === undefined ? null : [property.const]);
  if (values !== null) return values.map(code).join(', ');
  const types = Array.isArray(property.type) ? property.type : [property.type];
  return types.map((type) => names[type]).join(' or ');
}

const names = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'true or false',
  array: 'list',
  object: 'map',
};

function code(value) {
  return `\`${typeof value === 'string' && value !== '' ? value : JSON.stringify(value)}\``;
}

function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
