import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
} from 'yaml';
import { type DocumentPath, errorAtOffset, type Finding } from './finding.ts';
import { foreignText } from './foreign-text.ts';
import { tooDeepAt, tooManyAt } from './nesting.ts';
import { syntaxFindings } from './yaml-syntax.ts';

export interface YamlDocument {
  /** Plain data. After a syntax error it is what could be made out, and `null` stands for the rest. */
  readonly value: unknown;
  readonly findings: readonly Finding[];
  /** Offset of a key or value; of the nearest thing above it where it is not there. */
  offsetOf(path: DocumentPath, part: 'key' | 'value'): number;
}

const coreTags = ['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map((tag) => `tag:yaml.org,2002:${tag}`);

/** The same for what others have written, which may be made to keep the reader busy. */
export function readBoundedYaml(text: string): YamlDocument {
  const foreign = foreignText(text);
  if (foreign !== null) return { value: null, findings: [foreign], offsetOf: () => 0 };
  const fullAt = tooManyAt(text);
  return fullAt === null || tooDeepAt(text) !== null ? readYaml(text) : unread(fullAt, tooMany);
}

/** Reads YAML 1.2 without the features that make a manifest hard to review: anchors, aliases, tags, directives. */
export function readYaml(text: string): YamlDocument {
  const deepAt = tooDeepAt(text);
  if (deepAt !== null) return unread(deepAt, tooDeep);
  const lineCounter = new LineCounter();
  // The library's own search for duplicate keys takes quadratic time, and its messages quote the text.
  const document = parseDocument(text, {
    version: '1.2',
    uniqueKeys: false,
    stringKeys: true,
    prettyErrors: false,
    lineCounter,
  });
  const findings = [...syntaxFindings(text, document.errors)];
  if (document.directives?.yaml.explicit === true) {
    findings.push(
      errorAtOffset(
        'CS007',
        Math.max(0, text.search(/^%YAML\b/m)),
        'a %YAML directive is not accepted',
        'delete the line; files are read as YAML 1.2',
      ),
    );
  }
  const reported = new Set(findings.map(({ spot }) => ('offset' in spot ? lineStart(text, spot.offset) : -1)));
  const walked = walk(document.contents, text, lineCounter);
  findings.push(
    ...walked.findings.filter(({ spot }) => !('offset' in spot && reported.has(lineStart(text, spot.offset)))),
  );
  return { value: walked.value, findings, offsetOf: (path, part) => offsetOf(document, path, part) };
}

function unread(offset: number, words: Pick<Finding, 'message' | 'hint'>): YamlDocument {
  const finding: Finding = { code: 'CS004', severity: 'error', spot: { offset }, ...words };
  return { value: null, findings: [finding], offsetOf: () => 0 };
}

const tooMany = {
  message: 'the document holds more keys and entries than are read: about 1,600 keys, or 2,000 entries of a list',
  hint: 'use patterns in place of long lists, such as "*.tmp"',
};
const tooDeep = { message: 'the document is nested too deeply', hint: 'a manifest has a handful of levels' };

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1);
}

interface Walked {
  readonly value: unknown;
  readonly findings: readonly Finding[];
}

/** Turns nodes into data, and collects on the way what is not accepted. */
function walk(contents: unknown, text: string, lineCounter: LineCounter): Walked {
  const findings: Finding[] = [];
  const hasAnchors = text.includes('&');
  const refuse = (code: 'CS006' | 'CS007' | 'CS008', offset: number, message: string, hint: string) =>
    findings.push({ code, severity: 'error', spot: { offset }, message, hint });
  return { value: plain(contents), findings };

  function plain(node: unknown): unknown {
    if (isAlias(node)) {
      refuseAlias(startOf(node));
      return null;
    }
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return null;
    refuseFeatures(node);
    if (isScalar(node)) return node.value;
    if (isSeq(node)) return node.items.map(plain);
    return plainMap(node.items);
  }

  function plainMap(pairs: readonly Pair[]): Record<string, unknown> {
    const entries = new Map<string, unknown>();
    const firsts = new Map<string, unknown>();
    for (const pair of pairs) {
      const key = String(plain(pair.key));
      const value = plain(pair.value);
      if (firsts.has(key)) refuseTwice(startOf(firsts.get(key)), startOf(pair.key));
      else {
        firsts.set(key, pair.key);
        entries.set(key, value);
      }
    }
    return Object.fromEntries(entries);
  }

  function refuseTwice(first: number, second: number): void {
    const { line } = lineCounter.linePos(first);
    refuse('CS006', second, `the key is written twice, first in line ${line}`, 'keep one of the two');
  }

  function refuseFeatures(node: Node): void {
    const offset = startOf(node);
    if ('anchor' in node && node.anchor !== undefined) {
      refuse(
        'CS007',
        offset,
        'an anchor is not accepted',
        'write the value out where it is used, or quote it if & is part of it',
      );
    }
    if (node.tag !== undefined && !coreTags.includes(node.tag)) {
      refuse(
        'CS007',
        offset,
        'a tag is not accepted',
        'write the value without the tag, or quote it if ! is part of it',
      );
    }
  }

  /** `*.tmp` is an alias to YAML, and a pattern to the one who wrote it. */
  function refuseAlias(offset: number): void {
    const name = text
      .slice(offset + 1, offset + 100)
      .split(/[\s,[\]{}]/, 1)
      .join('');
    if (hasAnchors && text.includes(`&${name}`)) {
      refuse('CS007', offset, 'an alias is not accepted', 'write the value out');
    } else {
      refuse('CS008', offset, 'a value that begins with * must be quoted', 'put it in double quotes, as in "*.tmp"');
    }
  }
}

function startOf(node: unknown): number {
  return isNode(node) ? Number(node.range?.[0]) : 0;
}

function offsetOf(document: Document.Parsed, path: DocumentPath, part: 'key' | 'value'): number {
  let node: unknown = document.contents;
  let keyOffset = startOf(node);
  for (const step of path) {
    let next: unknown;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && key.value === step);
      if (pair === undefined) return keyOffset;
      keyOffset = startOf(pair.key);
      next = pair.value;
    } else if (isSeq(node) && typeof step === 'number') {
      next = node.items[step];
      if (isScalar(next) || isMap(next) || isSeq(next)) keyOffset = startOf(next);
    }
    if (next === undefined) return keyOffset;
    node = next;
  }
  const isEmpty = isScalar(node) && node.range?.[0] === node.range?.[1];
  return part === 'key' || isEmpty ? keyOffset : startOf(node);
}
