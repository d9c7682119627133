import { describe, expect, it } from 'vitest';
import { graphOf } from '../graph/fixture';
import { readColour } from './colour';
import { quoted, toDot } from './dot';
import { parseDot } from './dot-parser';
import { escaped, type Picture, toSvg, type Words } from './picture';
import { type Drawn, pictureOf, rounded } from './walk';

const HOSTILE = [
  '<img src=x onerror=alert(1)>',
  '</text><script>alert(1)</script>',
  '"]; evil -> node; "',
  'ends with a backslash\\',
  '\\N \\G \\l',
  '\u202egnp.exe',
  'nul\u0000byte',
  'line\r\nbreak',
  '\ud800 alone',
  '&amp; <![CDATA[ ]]> %s $x',
  'x'.repeat(10_000),
];

const INK = { hex: '#112233', alpha: 1 };
const words = (text: string): Omit<Words, 'kind'> => ({
  ...{ text, matrix: [1, 0, 0, 1, 3, 4], size: 12, weight: 400, mono: false, anchor: 'start', fill: INK },
});
const drawn = (more: Partial<Drawn> = {}): Drawn => ({
  box: { x: 0, y: 0, width: 10, height: 10 },
  scale: 1,
  visible: true,
  opacity: 1,
  layer: null,
  card: null,
  path: null,
  words: [],
  children: [],
  ...more,
});
const card = { fill: INK, border: null, width: 0, dashed: false, radius: 0 };
const take = (of: Drawn): Picture => pictureOf(of, 'Title', { hex: '#ffffff', alpha: 1 });

describe('SVG', () => {
  it.each(HOSTILE.map((text, at) => [at, text] as const))('says name %i as text', (_, text) => {
    const svg = toSvg(take(drawn({ words: [words(text)] })));
    const said = /<text[^>]*>([^<]*)<\/text>/.exec(svg)?.[1];
    const back = (said ?? '')
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&quot;/g, '"')
      .replace(/&#39;/g, "'")
      .replace(/&amp;/g, '&');
    expect(back).toBe(text.replace(/\0|\ud800/g, '\ufffd'));
    expect(svg.match(/<(?!\/?(svg|title|rect|text)\b)/g)).toBeNull();
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what XML forbids is looked for
    expect(svg).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/);
  });

  it('escapes the title and paths too', () => {
    const path = { matrix: [1, 0, 0, 1, 0, 0] as const, hatched: true, stroke: INK, width: 1, round: true };
    const svg = toSvg({
      ...take(drawn({ path: { ...path, d: 'M0 0"<x>', fill: INK, dash: [6, 4] } })),
      title: '</title><script>',
    });
    expect(svg).toContain('<title>&lt;/title&gt;&lt;script&gt;</title>');
    expect(svg).toContain('d="M0 0&quot;&lt;x&gt;"');
    expect(svg).toContain('fill="url(#hatch-112233)"');
    expect(svg).toContain('stroke-dasharray="6 4"');
  });

  it('keeps what XML can say', () => {
    expect(escaped('äöü \u{1f600} \t')).toBe('äöü \u{1f600} \t');
  });
});

describe('the walk', () => {
  const box = (x: number) => ({ x, y: 0, width: 10, height: 10 });
  const named = (text: string, layer: number | null, children: Drawn[] = []) =>
    drawn({ layer, words: [words(text)], children });
  const texts = (picture: Picture) =>
    picture.shapes.map((shape) => (shape.kind === 'words' ? shape.text : shape.kind));

  it('paints in the order of the document, and layers from the lowest up', () => {
    const tree = drawn({
      children: [named('a', 3, [named('inside', -1)]), named('b', null), named('c', 1)],
    });
    expect(texts(take(tree))).toEqual(['b', 'c', 'inside', 'a']);
  });

  it('leaves out what cannot be seen, and takes the opacity of who holds it', () => {
    const tree = drawn({
      opacity: 0.5,
      children: [
        drawn({ visible: false, words: [words('hidden')] }),
        drawn({ opacity: 0, children: [drawn({ words: [words('gone')] })] }),
        drawn({ opacity: 0.5, words: [words('seen')] }),
      ],
    });
    const { shapes } = take(tree);
    expect(shapes).toHaveLength(1);
    expect(shapes[0]?.fill).toEqual({ hex: '#112233', alpha: 0.25 });
  });

  it('is as large as all that is in it, on or off the screen', () => {
    const picture = take(
      drawn({
        box: box(0),
        children: [drawn({ box: box(-100), card }), drawn({ box: box(200), card }), drawn({ box: box(900) })],
      }),
    );
    expect([picture.x, picture.width]).toEqual([-124, 110 + 200 + 48]);
    expect(take(drawn()).width).toBe(48);
  });

  it('draws cards with round corners within their box', () => {
    expect(rounded({ x: 0, y: 0, width: 20, height: 10 }, 0, 0)).toBe('M0 0h20v10h-20v-10Z');
    expect(rounded({ x: 0, y: 0, width: 20, height: 10 }, 0, 99)).toContain('a5 5 0 0 1');
  });
});

it('reads the colours that browsers compute', () => {
  expect(readColour('rgb(13, 17, 23)')).toEqual({ hex: '#0d1117', alpha: 1 });
  expect(readColour('rgba(13, 17, 23, 0.5)')).toEqual({ hex: '#0d1117', alpha: 0.5 });
  expect(readColour('color(srgb 1 0.5 0 / 0.25)')).toEqual({ hex: '#ff8000', alpha: 0.25 });
  expect(readColour('#D2F05A')).toEqual({ hex: '#d2f05a', alpha: 1 });
  expect(readColour('rgba(0, 0, 0, 0)')).toBeNull();
  expect(readColour('none')).toBeNull();
});

describe('DOT', () => {
  it('has every node and edge with what they count', () => {
    const graph = graphOf(['pub>web', 'web~db', 'db!pub'], {
      web: ['WORKLOAD', 'shop'],
      db: ['WORKLOAD', 'data'],
      pub: ['NETWORK'],
    });
    const told = parseDot(toDot(graph, 'Service graph'));
    expect(told.name).toBe('Service graph');
    expect(told.attributes).toMatchObject({ range_from: graph.from, range_to: graph.to });
    expect([...told.nodes.values()].map(({ label }) => label).sort()).toEqual([
      'Public network',
      'db',
      'web',
    ]);
    expect(told.subgraphs).toEqual(['shop', 'data']);
    const edges = told.edges.map(({ from, to, attributes }) => [
      told.nodes.get(from)?.label,
      told.nodes.get(to)?.label,
      attributes.verdict,
      attributes.allowed_bytes,
      attributes.denied_connections,
    ]);
    expect(edges).toEqual([
      ['Public network', 'web', 'allowed', '100000', undefined],
      ['web', 'db', 'mixed', '100000', '7'],
      ['db', 'Public network', 'denied', undefined, '7'],
    ]);
  });

  it.each(
    HOSTILE.map((text, at) => [at, text] as const),
  )('says name %i and nothing else by it', (_, text) => {
    const graph = graphOf(['a>b'], { a: ['WORKLOAD', 'home'], b: ['FQDN'] });
    const [a, b] = [graph.nodes.get('a'), graph.nodes.get('b')];
    if (!a || !b) throw new Error('the fixture has two nodes');
    const nodes = new Map([
      ['a', { ...a, name: text, namespace: text }],
      ['b', { ...b, name: text }],
    ]);
    const told = parseDot(toDot({ ...graph, nodes }, text));
    expect(told.nodes.size).toBe(2);
    expect(told.edges).toHaveLength(1);
    expect(told.subgraphs).toHaveLength(1);
    expect(parseDot(`digraph ${quoted(text)} {}`).name).toBe(told.name);
    expect(told.name).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});
