// Live matches over the wire: by WebSocket, by server-sent events and POST, and by asking now and then.
import { request as ask } from 'node:http';
import type { Page } from '@playwright/test';
import { db, expect, freshId, newLearner, signIn, test, type Learner } from './world';

const seal = '07'.repeat(32);

/** A match of two players against one, with one question; the host is a person of its own. */
function newMatch(host: Learner, teams: Learner[][]) {
  const id = freshId();
  const setup = {
    teams: teams.map((members, i) => ({ id: freshId(), name: `第${i + 1}队`, members: members.map(m => m.id), substitutes: [] })),
    hosts: [host.id],
    rounds: [{ kind: 'required', questions: 1, seconds: 60, points: 10 }],
    rules: { buzzer: { bound_ms: 500 }, tie: 'estimated', answering_seconds: 15, staking_seconds: 15 },
  };
  const secrets = { questions: [{ id: 'q', kind: 'single', options: 3, key: { choices: [1] } }], seed: 7 };
  const words = [{ kind: 'single', stem: '哪一项对？', options: ['甲', '乙', '丙'] }];
  db`insert into live_match (id, title, setup, secrets, words, seal, number, created_at)
     values (${id}, '决赛', ${JSON.stringify(setup)}, ${JSON.stringify(secrets)}, ${JSON.stringify(words)}, ${seal}, 0, ${Date.now()})`;
  return id;
}

/** Opens a socket in the page; what it hears is kept in window.heard. */
const listen = (page: Page, id: string, query = '') => page.evaluate(([id, query]) => new Promise<void>((done, failed) => {
  const socket = new WebSocket(`/matches/${id}/live${query}`.replace(/^/, location.origin.replace('http', 'ws')));
  const heard: any[] = [];
  Object.assign(window, { socket, heard });
  socket.onmessage = e => {
    for (const told of JSON.parse(e.data)) {
      if (told.ping) socket.send(JSON.stringify({ pong: { id: told.ping.id, received: Date.now() * 1000, sent: Date.now() * 1000 } }));
      else heard.push(told);
    }
  };
  socket.onopen = () => done();
  socket.onerror = () => failed(new Error('no socket'));
}), [id, query]);

let next = 0;
/** Sends a wish over the socket and waits for its answer. */
const wish = (page: Page, what: object) => page.evaluate(async ([what, id]) => {
  const { socket, heard } = window as any;
  const [[kind, body]] = Object.entries(what as object);
  socket.send(JSON.stringify({ [kind]: { id, ...body } }));
  for (;;) {
    const answer = heard.find((t: any) => [t.done, t.refused, t.failed].some(a => a?.id === id));
    if (answer) return answer;
    await new Promise(r => setTimeout(r, 10));
  }
}, [what, ++next] as const);

const heard = (page: Page) => page.evaluate(() => (window as any).heard as any[]);
const last = async (page: Page) => Math.max(0, ...(await heard(page)).map(t => t.event?.number ?? 0));
const play = (page: Page, device: string, play: unknown) => wish(page, { play: { device, play } });
const steer = async (page: Page, steer: unknown) => wish(page, { steer: { expects: await last(page), steer } });
const events = (told: any[]) => told.filter(t => t.event).map(t => typeof t.event.event === 'string' ? t.event.event : Object.keys(t.event.event)[0]);

async function person(browser: import('@playwright/test').Browser, baseURL: string | undefined) {
  const learner = newLearner();
  const page = await (await browser.newContext({ baseURL })).newPage();
  await signIn(page, learner);
  return { learner, page };
}

test('a question is answered, locked and revealed, and every way of listening tells the same', async ({ browser, baseURL }) => {
  const [host, one, two] = [await person(browser, baseURL), await person(browser, baseURL), await person(browser, baseURL)];
  const id = newMatch(host.learner, [[one.learner], [two.learner]]);
  for (const { page } of [host, one, two]) await listen(page, id);
  const devices = [freshId(), freshId()];
  expect(await play(one.page, devices[0], 'join')).toHaveProperty('done');
  // A wish by POST does as well as one over the socket.
  const joined = await two.page.evaluate(async ([id, device]) => (await fetch(`/matches/${id}/wish`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ play: { id: 1, device, play: 'join' } }),
  })).json(), [id, devices[1]]);
  expect(joined[0]).toHaveProperty('done');
  await expect.poll(() => last(host.page)).toBe(2);
  for (const step of ['start', 'open']) expect(await steer(host.page, step)).toHaveProperty('done');
  const given = (choice: number) => ({ answer: { question: 0, revision: 1, answer: { choices: [choice] } } });
  expect(await play(one.page, devices[0], given(1))).toHaveProperty('done');
  expect(await play(two.page, devices[1], given(0))).toHaveProperty('done');
  // Nobody else knows the answer, and the question could be read by its key alone.
  expect(JSON.stringify(await heard(two.page))).not.toContain('"choices":[1]');
  for (const step of ['lock', 'reveal', 'scoreboard', 'finish']) {
    await expect.poll(() => steer(host.page, step)).toHaveProperty('done');
  }
  await expect.poll(async () => events(await heard(one.page)).at(-1)).toBe('finished');
  const revealed = (await heard(one.page)).find(t => t.event?.event?.revealed).event.event.revealed;
  expect(revealed).toMatchObject({ key: { choices: [1] }, right: [1, 0], points: [100, 0] });

  // A screen that comes late, by each of the three ways, and without an account.
  const screen = await (await browser.newContext({ baseURL })).newPage();
  await screen.goto('/laws');
  await listen(screen, id);
  await expect.poll(async () => events(await heard(screen)).at(-1)).toBe('finished');
  const polled = await screen.evaluate(async id => (await fetch(`/matches/${id}/log`)).json(), id);
  const streamed = await screen.evaluate(id => new Promise<any[]>(done => {
    const all: any[] = [];
    const source = new EventSource(`/matches/${id}/events`);
    source.onmessage = e => {
      all.push(...JSON.parse(e.data));
      if (all.some(t => t.tally)) { source.close(); done(all); }
    };
  }), id);
  const bySocket = events(await heard(screen));
  expect(bySocket).toEqual(['started', 'opened', 'locked', 'revealed', 'scoreboard-shown', 'finished']);
  expect(events(polled)).toEqual(bySocket);
  expect(events(streamed)).toEqual(bySocket);
  for (const { page } of [host, one, two, { page: screen }]) await page.context().close();
});

test('a seat belongs to the person: another device takes it over, and the old one is told', async ({ browser, baseURL }) => {
  const [host, one, two] = [await person(browser, baseURL), await person(browser, baseURL), newLearner()];
  const id = newMatch(host.learner, [[one.learner], [two]]);
  await listen(one.page, id);
  const [old, fresh] = [freshId(), freshId()];
  expect(await play(one.page, old, 'join')).toHaveProperty('done');
  expect(await play(one.page, fresh, 'join')).toHaveProperty('done');
  expect(await play(one.page, old, 'ready')).toMatchObject({ refused: { why: 'taken-over' } });
  // A player sends the host's message, and somebody who is nobody here the player's.
  expect(await wish(one.page, { steer: { expects: 2, steer: 'start' } })).toMatchObject({ refused: { why: 'not-a-host' } });
  await listen(host.page, id);
  expect(await play(host.page, fresh, 'join')).toMatchObject({ refused: { why: 'not-a-seat' } });
  await one.page.context().close();
  await host.page.context().close();
});

test('who comes back says the last number and gets what came after it, no more', async ({ browser, baseURL }) => {
  const [host, one] = [await person(browser, baseURL), await person(browser, baseURL)];
  const id = newMatch(host.learner, [[one.learner], [newLearner()]]);
  await listen(one.page, id);
  await play(one.page, freshId(), 'join');
  await listen(host.page, id);
  await steer(host.page, 'start');
  await one.page.evaluate(() => (window as any).socket.close());
  await steer(host.page, 'open');
  const began = Date.now();
  await listen(one.page, id, '?after=2');
  await expect.poll(async () => events(await heard(one.page))).toEqual(['opened']);
  expect(Date.now() - began).toBeLessThan(2_000);
  await one.page.context().close();
  await host.page.context().close();
});

test('a page of another site can not open a socket in somebody’s name', async ({ baseURL }) => {
  const id = newMatch(newLearner(), [[newLearner()], [newLearner()]]);
  const status = (headers: Record<string, string>) => new Promise<number>((done, failed) => {
    const url = new URL(`/matches/${id}/live`, baseURL);
    const all = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==', ...headers };
    const req = ask(url, { headers: all }, res => { res.resume(); done(res.statusCode ?? 0); });
    req.on('upgrade', (res, socket) => { socket.destroy(); done(res.statusCode ?? 0); });
    req.on('error', failed);
    req.end();
  });
  expect(await status({ origin: baseURL! })).toBe(101);
  expect(await status({ origin: 'https://elsewhere.example' })).toBe(403);
  expect(await status({ 'sec-fetch-site': 'cross-site', origin: baseURL! })).toBe(403);
});

test('an address of a match that is not there says so', async ({ request }) => {
  for (const what of ['log', 'events']) expect((await request.get(`/matches/${freshId()}/${what}`)).status()).toBe(404);
  expect((await request.get('/matches/nonsense/log')).status()).toBe(400);
});
