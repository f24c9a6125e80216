// Writes docs/providers.md from what the end-to-end tests saw (build/evidence/VERSION/*.json, of two versions of
// rclone); with --check it fails where the file says something else.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { providers } from '../build/js/provider/registry.js';
import { fakeCoverage } from './lib/fake-coverage.mjs';

const directory = 'build/evidence';
const document = 'docs/providers.md';
const hubic = { name: 'hubic', title: 'Hubic' };

const versions = readdirSync(directory).sort((left, right) => left.localeCompare(right, 'en', { numeric: true }));
if (versions.length !== 2) {
  console.error(`Expected the evidence of two versions of rclone in ${directory}, found: ${versions.join(', ')}.`);
  process.exit(1);
}
const evidence = versions.flatMap(evidenceOf);
const coverage = fakeCoverage('test/clouds/fakes');
const text = render();

if (process.argv[2] !== '--check') writeFileSync(document, text);
else if (withoutVersions(readFileSync(document, 'utf8')) !== withoutVersions(text)) {
  writeFileSync('build/providers.md', text);
  console.error(
    `${document} is not what the tests saw. Compare it with build/providers.md, and copy that if it is right.`,
  );
  process.exit(1);
}

function evidenceOf(version) {
  const files = readdirSync(`${directory}/${version}`);
  return files.flatMap((file) => JSON.parse(readFileSync(`${directory}/${version}/${file}`, 'utf8')));
}

/** The newest rclone and the servers of a distribution change from week to week. */
function withoutVersions(markdown) {
  return markdown.replace(/\d+(?:\.\d+)+(?:p\d+)?/g, 'N');
}

function render() {
  const known = [...providers.values(), hubic].sort((left, right) => (left.name < right.name ? -1 : 1));
  return `# Providers, and what was seen of each

This page is written by \`script/provider-evidence.mjs\` from what the end-to-end tests saw: the built program, with the
real rclone, against the servers named here. "Debian's" is the rclone of Debian 12, ${versions[0]}; "newest" is that of
Debian's unstable release, ${versions[1]}. A dash means that it was not tried.

A *fake* is a server of ours that speaks the API of a cloud as its documentation has it, in front of which rclone sends
the requests that it would send to the cloud, by TLS and with the cloud's own host names. It shows that Cloudsync and
rclone do the right thing with that API. It does not show how the cloud itself behaves beyond that: its limits, its
speed, its outages. What each fake answers, and what not, is at the end of its section.

| provider | title | server | ${versions[0]} | ${versions[1]} |
|---|---|---|---|---|
${known.map(overview).join('\n')}

${known.map(section).join('\n')}`;
}

function overview({ name, title }) {
  const mine = evidence.filter(({ provider }) => provider === name);
  const counts = versions.map((version) => counted(mine.filter(({ rclone }) => rclone === version)));
  return `| [${name}](#${name}) | ${title} | ${servers(mine).join('<br>')} | ${counts.join(' | ')} |`;
}

function counted(entries) {
  const works = unique(entries.filter(({ result }) => !isRefusal(result)).map(identity)).length;
  const refused = unique(entries.filter(({ result }) => isRefusal(result)).map(identity)).length;
  return (
    [works > 0 ? `${works} work` : '', refused > 0 ? `${refused} refused` : '']
      .filter((part) => part !== '')
      .join(', ') || '–'
  );
}

function isRefusal(result) {
  return /^(?:refused|AuthExpired)/.test(result);
}

function section({ name, title, directions = [] }) {
  const mine = evidence.filter(({ provider }) => provider === name);
  const rows = unique(mine.map(identity)).sort();
  const fakes = unique(mine.flatMap(({ server }) => /fakes\/(.+)\.ts$/.exec(server.name)?.[1] ?? [])).sort();
  return `## ${name}

${title}${directions.length === 0 ? '' : `; ${directions.join(' and ')}`}.

| seen | with | ${versions[0]} | ${versions[1]} |
|---|---|---|---|
${rows.map((row) => line(row, mine)).join('\n')}
${fakes.map(covered).join('')}`;
}

function line(row, entries) {
  const [what, server] = row.split('\t');
  const results = versions.map((version) => {
    const seen = entries.filter((entry) => entry.rclone === version && identity(entry) === row);
    return (
      unique(seen.map(({ result }) => result))
        .sort()
        .map(cell)
        .join('<br>') || '–'
    );
  });
  return `| ${cell(what)} | ${cell(server)} | ${results.join(' | ')} |`;
}

function identity({ what, server }) {
  return `${what}\t${serverText(server)}`;
}

/** Servers that come with rclone have its version, which the column tells already. */
function serverText({ name, version }) {
  return version === null || versions.includes(version) ? name : `${name} ${version}`;
}

function servers(entries) {
  return unique(entries.map(({ server }) => serverText(server))).sort();
}

function covered(fake) {
  const found = coverage.get(fake);
  if (found === undefined) return '';
  return `
The fake \`test/clouds/fakes/${fake}.ts\`: ${found.text}

- It answers: ${found.answered}.
- It does not answer: ${found.unanswered}.
`;
}

function cell(text) {
  return text.replaceAll('|', '\\|');
}

function unique(values) {
  return [...new Set(values)];
}
