import { type Assets, loadAssets } from './graphiqlAssets.ts';

/** A tab that is open when the page is first shown. Its title is the name of its operation. */
export interface Tab {
  query: string;
  variables?: object;
  headers?: Record<string, string>;
}

/** What the page shows, worked out anew each time it is asked for. */
export interface Page {
  /** names the data that the tabs are about; when it changes, the tabs that a browser has kept are thrown away */
  world: string;
  tabs: Tab[];
  /** tokens that take the place of older ones of the same people in tabs that a browser has kept */
  tokens: string[];
}

const json = (value: object) => JSON.stringify(value, null, 2);

// everything from here, and nothing from elsewhere; the editor sets styles as it goes, and its fonts and icons stand in the style sheet
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  'font-src data:',
  'img-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  // it may have tokens in it
  'cache-control': 'no-store',
};

const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#1f4e79"/><path d="M6 10h20v13H6z" fill="none" stroke="#fff" stroke-width="2"/><path d="m6 10 10 8 10-8" fill="none" stroke="#fff" stroke-width="2"/></svg>';

/** GraphiQL at /graphql for browsers, who are sent there from /, with its assets; `pageOf` says what it shows. */
export function createGraphiql(pageOf: (request: Request) => Promise<Page>) {
  let loading: Promise<Assets> | undefined;
  return async (request: Request, path: string): Promise<Response | null> => {
    const isBrowser = request.headers.get('accept')?.includes('text/html');
    // whoever opens the address of the host alone is looking for the page
    if (isBrowser && path === '/') return new Response(null, { status: 302, headers: { location: '/graphql' } });
    const isPage = isBrowser && path === '/graphql';
    if (!isPage && !path.startsWith('/graphql/assets/')) return null;
    loading ??= loadAssets();
    const assets = await loading;
    if (!isPage) return assets.answer(request, path);
    return new Response(render(assets.urls, await pageOf(request)), { headers: HEADERS });
  };
}

function render(urls: Assets['urls'], { world, tabs, tokens }: Page): string {
  const settings = {
    world,
    tokens,
    workers: { editorWorkerService: urls['editor.js'], json: urls['json.js'], graphql: urls['graphql.js'] },
    options: {
      title: '',
      logo: ICON,
      endpoint: '/graphql',
      // tokens that somebody has pasted are for as long as the page is open; those of the demo are no secret
      shouldPersistHeaders: tokens.length > 0,
      // for the schema, and for tabs that are opened later
      headers: json(tabs[0]?.headers ?? {}),
      defaultTabs: tabs.map(({ query, variables, headers }) => ({
        query,
        variables: json(variables ?? {}),
        headers: json(headers ?? {}),
      })),
    },
  };
  // inside of a script element only "<" could end it
  const data = JSON.stringify(settings).replaceAll('<', '\\u003c');
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Correspondence Gateway</title>
    <link rel="icon" href="data:image/svg+xml,${encodeURIComponent(ICON)}">
    <link rel="stylesheet" href="${urls['graphiql.css']}">
    <script type="application/json" id="settings">${data}</script>
    <script src="${urls['boot.js']}" defer></script>
    <script src="${urls['graphiql.js']}" defer></script>
  </head>
  <body id="body" class="no-focus-outline">
    <noscript>GraphiQL needs JavaScript.</noscript>
    <div id="root"></div>
  </body>
</html>
`;
}
