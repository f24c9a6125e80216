import fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';
import { renderJunit } from '../../src/report/junit.ts';
import { annotation, hostileAnnotations, sampleAnnotations } from './annotations.ts';

const name = { name: 'cloudsync validate' };

interface Suite {
  readonly tests: string;
  readonly failures: string;
  readonly testcase?: readonly {
    readonly classname: string;
    readonly name: string;
    readonly file: string;
    readonly failure?: { readonly type: string; readonly message: string; readonly '#text': string };
    readonly 'system-out'?: string;
  }[];
}

function suiteOf(text: string): Suite {
  expect(XMLValidator.validate(text)).toBe(true);
  // What XML 1.0 cannot hold, whatever a parser lets pass.
  expect(text).not.toMatch(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
  const parser = new XMLParser({
    ...{ ignoreAttributes: false, attributeNamePrefix: '', parseAttributeValue: false, parseTagValue: false },
    ...{ trimValues: false, isArray: (tag) => tag === 'testcase' },
  });
  return parser.parse(text).testsuites.testsuite;
}

describe('renderJunit', () => {
  test('has a test for each manifest', async () => {
    const files = ['infra/tasks.d/home/mail.yaml', 'infra/tasks.d/photos.yaml', 'top.yaml'];
    const text = renderJunit(files, sampleAnnotations, name);
    await expect(`${text}\n`).toMatchFileSnapshot('../golden/report-junit.xml');
    const { tests, failures, testcase = [] } = suiteOf(text);
    expect({ tests, failures }).toEqual({ tests: '5', failures: '2' });
    expect(testcase.map((each) => [each.classname, each.name, each.failure?.type ?? null])).toEqual([
      ['/elsewhere', 'ä b.yaml', null],
      ['infra/tasks.d/home', 'mail.yaml', null],
      ['infra/tasks.d', 'photos.yaml', 'CS014'],
      ['tasks.d', 'a,b: 100 %.yaml', 'CS030'],
      ['.', 'top.yaml', null],
    ]);
  });

  test('a failure says all that is wrong with its manifest, and warnings are apart', () => {
    const text = renderJunit(
      [],
      [annotation(), annotation({ code: 'CS012', line: 3, hint: 'left out?' }), annotation({ severity: 'warning' })],
      name,
    );
    const [only] = suiteOf(text).testcase ?? [];
    expect(only?.failure?.['#text'].split('\n')).toEqual([
      expect.stringContaining('photos.yaml:9:14 error CS014'),
      expect.stringContaining('photos.yaml:3:14 error CS012'),
      '  hint: left out?',
    ]);
    expect(only?.['system-out']).toContain('photos.yaml:9:14 warning CS014');
  });

  test('whatever a manifest says, it is XML, and says it', () => {
    fc.assert(
      fc.property(hostileAnnotations, (annotations) => {
        const { tests, failures, testcase = [] } = suiteOf(renderJunit(['a.yaml'], annotations, name));
        const files = new Set(['a.yaml', ...annotations.map(({ file }) => file)]);
        expect(Number(tests)).toBe(files.size);
        expect(testcase).toHaveLength(files.size);
        expect(testcase.filter(({ failure }) => failure !== undefined)).toHaveLength(Number(failures));
      }),
    );
  });
});
