// The page finds a road to the match by itself, through whatever a proxy between does to it.
import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { APIRequestContext } from '@playwright/test';
import { choose, happened, log, newMatch, stage, steer, type Match } from './match-world';
import { ADMINISTRATOR, expect, signInto, test } from './world';

/** What a proxy does to WebSockets, and to the stream of server-sent events. */
interface Manner {
  upgrade: 'refuse' | 'hang' | 'mute' | 'cut';
  events?: 'gather' | 'fail' | 'cut';
}
const CUT = 2_000;

/** A proxy before the product. The name that the browser asked for goes through, as the product's defences want it. */
async function between({ upgrade, events }: Manner) {
  const { port } = new URL(process.env.ZHIJIAN_URL!);
  const seen: { road: string; at: number; body: string }[] = [], open = new Set<Duplex>();
  const hold = (socket: Duplex) => { open.add(socket.on('error', () => {}).on('close', () => open.delete(socket))); };
  const see = (asked: IncomingMessage) => {
    const road = asked.url!.match(/^\/matches\/[^/]+\/(live|events|log|wish)\b/)?.[1];
    const one = { road: road ?? '', at: Date.now(), body: '' };
    if (road) seen.push(one);
    asked.on('data', part => { one.body += part; });
    return road;
  };
  const on = (asked: IncomingMessage) => request({ port, path: asked.url, method: asked.method, headers: asked.headers, agent: false });
  const server = createServer((asked, answer) => {
    const manner = see(asked) === 'events' ? events : undefined;
    if (manner === 'fail') return void answer.writeHead(502).end();
    const up = on(asked).on('error', () => answer.destroy()).on('response', got => {
      answer.writeHead(got.statusCode!, got.headers).flushHeaders();
      if (manner === 'cut') setTimeout(() => answer.destroy(), CUT);
      if (manner !== 'gather') return void got.on('error', () => answer.destroy()).pipe(answer);
      const parts: Buffer[] = [];
      got.on('error', () => {}).on('data', part => parts.push(part)).on('end', () => answer.end(Buffer.concat(parts)));
    });
    answer.on('close', () => up.destroy());
    asked.pipe(up);
  });
  server.on('connection', hold);
  let refused = 0;
  server.on('upgrade', (asked, down: Socket) => {
    see(asked);
    if (upgrade === 'hang') return;
    if (upgrade === 'refuse') return void down.end(`HTTP/1.1 ${refused++ ? 403 : 400} No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
    on(asked).on('error', () => down.destroy()).on('upgrade', (got, up, first) => {
      hold(up);
      const headers = got.rawHeaders.map((text, n) => (n % 2 ? `${text}\r\n` : `${text}: `)).join('');
      down.write(`HTTP/1.1 101 Switching Protocols\r\n${headers}\r\n`);
      if (upgrade === 'mute') {
        down.resume();
        up.resume();
      } else {
        down.write(first);
        up.pipe(down).pipe(up);
        setTimeout(() => down.destroy(), CUT);
      }
      down.on('close', () => up.destroy());
      up.on('close', () => down.destroy());
    }).end();
  });
  await new Promise<void>(done => { server.listen(0, '127.0.0.1', done); });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    /** The roads that were tried, in their order. */
    roads: () => seen.map(one => one.road).filter(road => road !== 'wish').filter((road, n, all) => road !== all[n - 1]),
    times: (road: string) => seen.filter(one => one.road === road).length,
    close: () => { server.close(); open.forEach(socket => socket.destroy()); },
  };
}

let host: APIRequestContext;
test.beforeAll(async ({ playwright }) => {
  host = await playwright.request.newContext({ baseURL: process.env.ZHIJIAN_URL });
  await signInto(host, ADMINISTRATOR);
});
test.afterAll(() => host.dispose());

async function make(match: Match, step: string) {
  const answer = await steer(host, match, step);
  expect(answer.status(), await answer.text()).toBe(200);
}

// How long coming in may take is by connection.rs: a socket gets 3 s and a stream 5 s to tell everything, one that ends is
// tried twice, the pauses between are 0.2, 0.4, 0.8 and 1.6 s at most, each found out by a tick of 0.25 s; and a second more.
const cases: [string, Manner, string[], number][] = [
  ['refuses WebSockets', { upgrade: 'refuse' }, ['live', 'events'], 2_100],
  ['leaves an upgrade without an answer', { upgrade: 'hang' }, ['live', 'events'], 4_700],
  ['opens a WebSocket and lets nothing through', { upgrade: 'mute' }, ['live', 'events'], 4_700],
  ['refuses WebSockets and gathers the stream of events', { upgrade: 'refuse', events: 'gather' }, ['live', 'events', 'log'], 8_400],
  ['refuses WebSockets and fails at the stream of events', { upgrade: 'refuse', events: 'fail' }, ['live', 'events', 'log'], 5_000],
  ['cuts a WebSocket after two seconds', { upgrade: 'cut' }, ['live'], 1_250],
  ['refuses WebSockets and cuts the stream of events after two seconds', { upgrade: 'refuse', events: 'cut' }, ['live', 'events'], 2_100],
];

for (const [name, manner, roads, within] of cases) {
  test(`a question is played through a proxy that ${name}`, async ({ browser }) => {
    const match = newMatch(1), proxy = await between(manner), by = roads.at(-1)!;
    const isCut = Object.values(manner).includes('cut');
    const context = await browser.newContext({ baseURL: proxy.url }), page = await context.newPage();
    try {
      await signInto(context.request, match.teams[0][0].phone);
      await page.goto(`/matches/${match.id}`);
      await expect.poll(() => happened(match, 'joined').length, { timeout: 12_000 }).toBe(1);
      expect(log(match)[0].at - proxy.seen[0].at).toBeLessThan(within);
      expect(proxy.roads()).toEqual(roads);

      for (const step of ['start', 'open']) await make(match, step);
      await expect(page.locator('.tile:visible')).not.toHaveCount(0);
      await choose(page, match.questions[0]);
      await expect(page.locator('.stage-state:visible .chip')).toContainText('已保存');
      if (isCut) {
        const before = proxy.times(by);
        await expect.poll(() => proxy.times(by), { timeout: 8_000 }).toBeGreaterThan(before);
      }
      for (const step of ['lock', 'reveal']) await make(match, step);
      const verdict = page.locator('.verdict:visible');
      await expect(verdict).toContainText('答对了', { timeout: 3_000 });
      await expect(stage(page)).toHaveAttribute('data-phase', 'reveal');
      await expect(page.locator('.flash:visible')).toHaveCount(0);

      expect(happened(match, 'answered')).toHaveLength(1);
      expect(happened(match, 'joined')).toHaveLength(1);
      expect(happened(match, 'revealed')[0].revealed).toMatchObject({ right: [1, 0], points: [100, 0] });
      expect(proxy.roads()).toEqual(roads); // none was tried again that led nowhere
      const posted = proxy.seen.filter(one => one.road === 'wish' && one.body.includes('"answer"'));
      expect(posted).toHaveLength(by === 'live' ? 0 : 1);
    } finally {
      await context.close();
      proxy.close();
    }
  });
}

test('a wish that is refused is told why, and not asked again, where it goes by POST', async ({ browser, baseURL }) => {
  const match = newMatch(1), context = await browser.newContext({ baseURL }), page = await context.newPage();
  await context.addInitScript('delete window.WebSocket');
  let free = () => {}, asked = 0;
  const late = new Promise<void>(done => { free = done; });
  await page.route('**/wish', async route => {
    if (route.request().postData()!.includes('"ready"')) {
      asked++;
      await late;
    }
    await route.continue();
  });
  await signInto(context.request, match.teams[0][0].phone);
  await page.goto(`/matches/${match.id}`);
  await expect.poll(() => happened(match, 'joined').length, { timeout: 12_000 }).toBe(1);
  await make(match, 'start');
  await page.getByRole('button', { name: '准备好了' }).click();
  await expect.poll(() => asked).toBe(1);
  await make(match, 'open'); // overtakes it
  const answered = page.waitForResponse(response => response.request().postData()?.includes('"ready"') ?? false);
  free();
  await answered;
  await expect(page.locator('.flash:visible')).toContainText('现在不能做这一步');
  await choose(page, match.questions[0]);
  await expect(page.locator('.stage-state:visible .chip')).toContainText('已保存');
  expect(asked).toBe(1);
  await context.close();
});
