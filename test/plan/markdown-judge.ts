import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';

export interface Judgement {
  /** Changes that are shown. */
  readonly shown: number;
  /** Changes that are said to be left out. */
  readonly left: number;
  readonly listed: number;
  readonly faults: readonly string[];
}

const tags = new Set([
  ...['h3', 'p', 'b', 'br', 'strong', 'code', 'pre', 'ul', 'li', 'blockquote', 'details', 'summary'],
  ...['table', 'tr', 'th', 'td'],
]);

/** Reads Markdown as GitHub does, and says what is in it that must not be. */
export function judgeMarkdown(text: string): Judgement {
  const html = micromark(text, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] });
  const outside = unfenced(text);
  const left = /\nLeft out for length: (\d+) of/.exec(text)?.[1];
  return {
    shown: outside.split(/\n<(?:details><summary|p)>(?:⚠️ )?<b>/).length - 1,
    left: Number(left ?? 0),
    listed: outside.split('> <li>').length - 1,
    faults: [
      ...(text.length < 60_000 ? [] : [`${text.length} characters`]),
      ...(/^<!-- cloudsync-[a-z]+:[^ >\n]* -->\n/.test(text) ? [] : ['no marker']),
      ...(html.split('<!--').length === 2 ? [] : ['more than one comment']),
      ...(outside.replace(/^.*\n/, '').includes('@') ? ['a raw @'] : []),
      ...[...outside.matchAll(/<(?!!-- |\/?[a-z0-9]+>)/g)].map(({ index }) => `a raw < at ${index}`),
      ...structureFaults(html),
    ],
  };
}

/** The text without what stands in fences. */
function unfenced(text: string): string {
  let fence: string | null = null;
  const kept: string[] = [];
  for (const line of text.split('\n')) {
    if (fence === null) {
      fence = /^(`{3,})(?:diff|sh)$/.exec(line)?.[1] ?? null;
      kept.push(fence === null ? line : '');
    } else if (line === fence) fence = null;
  }
  return fence === null ? kept.join('\n') : `a fence stays open <${text}`;
}

/** Tags that do not belong there or do not match, and text outside of code that mentions somebody. */
function structureFaults(html: string): readonly string[] {
  const faults: string[] = [];
  const open: string[] = [];
  for (const [, comment, closing, name = '', attributes = '', text = ''] of html.matchAll(
    /(<!--.*?-->)|<(\/?)([a-z0-9]+)([^>]*)>|([^<]+)/gs,
  )) {
    if (comment !== undefined) continue;
    if (name === '') {
      if (!open.includes('code') && /@|&#64;|https?:|www\./.test(text)) faults.push(`outside of code: ${text}`);
    } else if (!tags.has(name) || !/^(?: class="language-[a-z]+")?$/.test(attributes)) {
      faults.push(`tag ${name}${attributes}`);
    } else if (name === 'br') {
    } else if (closing === '') open.push(name);
    else if (open.pop() !== name) faults.push(`unbalanced ${name}`);
  }
  return open.length === 0 ? faults : [...faults, `open: ${open.join(' ')}`];
}
