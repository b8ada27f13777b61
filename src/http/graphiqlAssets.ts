import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** What the page is made of, served by the gateway itself: nothing comes from elsewhere. */
export interface Assets {
  /** the address of each asset by its name; it has the hash of the content, so that browsers keep it for ever */
  urls: Record<AssetName, string>;
  /** the asset at that path, compressed as the browser likes it; null when there is none */
  answer(request: Request, path: string): Promise<Response | null>;
}

type AssetName = 'boot.js' | 'graphiql.js' | 'graphiql.css' | 'editor.js' | 'json.js' | 'graphql.js';
type Encoding = 'br' | 'gzip' | 'identity';

const FOLDER = '/graphql/assets/';
// of the 8.8 MB that the page has, br leaves 2.1 MB and gzip 2.4; quality 5 takes 0.3 s, once, and 11 would take 20
const brotli = (bytes: Buffer) =>
  promisify(brotliCompress)(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
const compress: Record<Encoding, (bytes: Buffer) => Promise<Buffer>> = {
  br: brotli,
  gzip: promisify<Buffer, Buffer>(gzip),
  identity: async (bytes) => bytes,
};

// GraphiQL gives all tabs but the last one a bogus place, and hides that until one has the focus: at the press of a mouse the tab
// jumped away from under it, and was never clicked
const TABS_STAY = '.graphiql-tab{transform:none!important}';

/** Loads the assets of GraphiQL: 9 MB, so only when somebody first asks for the page. */
export async function loadAssets(): Promise<Assets> {
  const packed = await import('@graphql-yoga/render-graphiql/graphiql');
  const texts: Record<AssetName, string> = {
    'boot.js': await readFile(new URL('./graphiqlBoot.js', import.meta.url), 'utf8'),
    'graphiql.js': packed.js,
    'graphiql.css': packed.css + TABS_STAY,
    'editor.js': packed.editorWorkerService,
    'json.js': packed.jsonWorker,
    'graphql.js': packed.graphqlWorker,
  };
  const byPath = new Map<string, Record<Encoding, () => Promise<Buffer>>>();
  const urls = {} as Record<AssetName, string>;
  for (const [name, text] of Object.entries(texts) as [AssetName, string][]) {
    const bytes = Buffer.from(text);
    urls[name] = `${FOLDER}${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}.${name}`;
    byPath.set(urls[name], {
      br: once(() => compress.br(bytes)),
      gzip: once(() => compress.gzip(bytes)),
      identity: async () => bytes,
    });
  }
  return {
    urls,
    async answer(request, path) {
      const encodings = byPath.get(path);
      if (!encodings) return null;
      const encoding = chosen(request.headers.get('accept-encoding') ?? '');
      return new Response((await encodings[encoding]()) as Uint8Array<ArrayBuffer>, {
        headers: {
          'content-type': path.endsWith('.css') ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8',
          ...(encoding !== 'identity' && { 'content-encoding': encoding }),
          vary: 'accept-encoding',
          'cache-control': 'public, max-age=31536000, immutable',
          'x-content-type-options': 'nosniff',
          'cross-origin-resource-policy': 'same-origin',
        },
      });
    },
  };
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let done: Promise<T> | undefined;
  return () => (done ??= work());
}

function chosen(accepted: string): Encoding {
  const names = accepted
    .split(',')
    .filter((part) => !/;\s*q=0(\.0*)?\s*$/.test(part))
    .map((part) => part.split(';')[0]!.trim());
  return names.includes('br') ? 'br' : names.includes('gzip') ? 'gzip' : 'identity';
}
