import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright-core';

/*
 * npm run test:browser: starts a gateway of its own in demo mode, opens GraphiQL in a real browser, and runs the tutorial's tabs.
 * Fails when the page asks anybody else for anything, when the console shows an error, or when an operation does not go well.
 * CHROMIUM names the browser, where it is not in the usual places. Exit codes: 0 all well, 1 not, 3 no browser.
 */
const NO_BROWSER = 3;
const BROWSERS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];
const QUIET = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'];
const NO_CALLS_HOME = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];
const GATEWAY_STARTS_MS = 60_000;

// the tab whose operation goes on until it is stopped
const LIVE = 'LiveUpdates';

const say = (line: string) => process.stdout.write(`${line}\n`);

const executablePath = process.env.CHROMIUM ?? BROWSERS.find((path) => existsSync(path));
if (!executablePath || !existsSync(executablePath)) {
  say('No browser: install Chromium (apt-get install chromium), or set CHROMIUM to where one is. Nothing was checked.');
  process.exit(NO_BROWSER);
}

const folder = await mkdtemp(join(tmpdir(), 'graphiql-'));
const gateway = await startGateway(join(folder, 'data'));
const browser = await chromium.launch({ executablePath, args: [...QUIET, ...NO_CALLS_HOME] });
const problems: string[] = [];
try {
  const page = await browser.newPage({ viewport: { width: 1500, height: 900 } });
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (!['data:', 'blob:'].includes(protocol) && origin !== gateway.origin)
      problems.push(`asked for ${request.url()}`);
  });
  page.on('requestfailed', (request) => {
    // a page that is left breaks off what it was loading
    const reason = request.failure()?.errorText;
    if (reason !== 'net::ERR_ABORTED') problems.push(`failed: ${request.url()} ${reason}`);
  });
  page.on('console', (message) => message.type() === 'error' && problems.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => problems.push(`page: ${error.message}`));

  const schema = answerTo(page, 'IntrospectionQuery');
  await page.goto(`${gateway.origin}/graphql`);
  await schema;
  // the text that is seen: the button to close has a title too
  const tabs = (await page.getByRole('tab').allInnerTexts()).map((text) => text.trim());
  say(`tabs: ${tabs.join(', ')}`);
  if (tabs.length < 2) problems.push('the demo has no tabs of the tutorial');
  for (const [n, name] of tabs.entries()) await (name === LIVE ? listen(page, n) : run(page, n, name));
  await screenshot(page, 'graphiql.png');

  // the browser has kept the tabs: the page is the same after a reload, and still signed in
  await page.reload();
  await page.locator('.graphiql-execute-button').waitFor();
  if ((await page.getByRole('tab').count()) !== tabs.length) problems.push('a reload changed the tabs');
  await run(page, 0, tabs[0]!);
  await screenshot(page, 'graphiql-reloaded.png');
} catch (error) {
  problems.push(String(error));
  for (const page of browser.contexts().flatMap((context) => context.pages()))
    await screenshot(page, 'graphiql-failed.png');
} finally {
  await browser.close();
  await gateway.stop();
  await rm(join(folder, 'data'), { recursive: true, force: true });
}
for (const problem of problems) say(`PROBLEM ${problem}`);
say(problems.length === 0 ? 'GraphiQL works, with nothing from elsewhere.' : `${problems.length} problems.`);
process.exitCode = problems.length === 0 ? 0 : 1;

/** The next answer of the graph to an operation of that name. */
async function answerTo(page: Page, operationName: string) {
  const response = await page.waitForResponse(
    (response) => response.request().postDataJSON?.()?.operationName === operationName,
  );
  return { status: response.status(), answer: await response.json() };
}

/** Runs the operation of a tab and looks at its answer. */
async function run(page: Page, n: number, tab: string): Promise<void> {
  await page.locator('.graphiql-tab-button').nth(n).click();
  // GraphiQL finds out the name of the tab's operation a moment later, and runs the one before until then
  await page.waitForTimeout(1_000);
  const next = answerTo(page, tab);
  await page.locator('.graphiql-execute-button').click();
  const { status, answer } = await next;
  say(`ran ${tab}: ${status}`);
  const payload = Object.values(answer.data ?? {})[0] as { userErrors?: unknown[] } | null | undefined;
  if (status !== 200 || answer.errors || !payload || (payload.userErrors?.length ?? 0) > 0) {
    problems.push(`${tab}: ${status} ${JSON.stringify(answer).slice(0, 500)}`);
  }
  // what came must be on the screen too
  await page.locator('.graphiql-response .view-line', { hasText: '"data"' }).first().waitFor({ timeout: 5_000 });
}

/** Runs the subscription, changes something meanwhile by the operation of another tab, and looks at what it tells. */
async function listen(page: Page, n: number): Promise<void> {
  await page.locator('.graphiql-tab-button').nth(n).click();
  await page.waitForTimeout(1_000);
  const opened = page.waitForResponse((answer) =>
    (answer.request().postData() ?? decodeURIComponent(answer.url())).includes(LIVE),
  );
  await page.locator('.graphiql-execute-button').click();
  const stream = await opened;
  const changed = await page.evaluate(async () => {
    const { options } = JSON.parse(document.getElementById('settings')!.textContent!);
    const tab = options.defaultTabs.find(({ query }: { query: string }) => query.includes('batchUpdateItems'));
    const { input } = JSON.parse(tab.variables);
    const variables = { input: { ...input, patch: { dueDate: '2031-01-31' } } };
    const headers = { ...JSON.parse(tab.headers), 'content-type': 'application/json' };
    const body = JSON.stringify({ query: tab.query, variables });
    return (await fetch('/graphql', { method: 'POST', headers, body })).status;
  });
  say(`ran ${LIVE}: ${stream.status()} ${stream.headers()['content-type']}, a change: ${changed}`);
  await page.locator('.graphiql-response .view-line', { hasText: '2031-01-31' }).first().waitFor({ timeout: 5_000 });
  await screenshot(page, 'graphiql-live.png');
  // pressed again, it stops
  await page.locator('.graphiql-execute-button').click();
}

async function screenshot(page: Page, name: string): Promise<void> {
  const path = join(folder, name);
  await page.screenshot({ path });
  say(`screenshot: ${path}`);
}

/** A gateway in demo mode as a process of its own, on a free port, with an empty data folder. */
async function startGateway(dataDir: string) {
  const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [main], {
    env: { PATH, HOME, PORT: '0', DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  let output = '';
  const origin = await new Promise<string>((resolve, reject) => {
    setTimeout(() => reject(new Error(`the gateway did not start: ${output}`)), GATEWAY_STARTS_MS).unref();
    child.once('exit', (code) => reject(new Error(`the gateway ended with ${code}: ${output}`)));
    child.stdout.on('data', (data) => {
      output += data;
      const found = /http:\/\/localhost:\d+/.exec(output);
      if (found) resolve(found[0]);
    });
  });
  return {
    origin,
    async stop() {
      child.kill('SIGTERM');
      const [code] = await ended;
      if (code !== 0) problems.push(`the gateway ended with ${code}`);
    },
  };
}
