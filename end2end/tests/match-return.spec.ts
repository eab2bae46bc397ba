// Coming back to a live match: after kill -9, a reload, no network, a phone put away, another device.
import { choose, DESK, enter, everyone, HALL, happened, newMatch, onOwnServer, shows, stage, steps, type Match } from './match-world';
import { ADMINISTRATOR, db, expect, rightTexts, signIn, test } from './world';
import type { Browser, BrowserContext, Page } from '@playwright/test';

const RESTART = 5_000; // until everyone is back after a restart
const RETURN = 2_000; // until one is back

/** What a page of any kind says of the match; the clock apart. */
const picture = (page: Page) => shows(page).evaluate(root => {
  const copy = root.cloneNode(true) as HTMLElement;
  const texts = (what: string) => [...copy.querySelectorAll(what)].map(part => part.textContent!.trim());
  const lost = texts('.flash, .show-round .chip').some(text => text.includes('连接断开'));
  copy.querySelectorAll('.countdown, .flash').forEach(part => part.remove());
  return {
    awake: !document.querySelector('.first-view'),
    lost,
    phase: copy.dataset.phase,
    question: texts('.stem, legend').join(),
    state: texts('.stage-state .chip').join(),
    chosen: texts('.tile:has(:checked) .text'),
    order: texts('.order li'),
    scores: texts('.points, tr:has([scope=rowgroup]) .number:last-child'),
    all: copy.textContent,
  };
});
type Picture = Awaited<ReturnType<typeof picture>>;

const stem = (question: string) => db`select stem from question where id = ${question}`[0].stem.replaceAll('____', '＿＿＿＿');
const asks = (question: string) => ({ awake: true, lost: false, question: expect.stringContaining(stem(question)) });

/** Waits until the page shows it, and returns how long after `began` that was. */
async function shown(page: Page, what: Partial<Picture>, began: number) {
  await expect.poll(() => picture(page), { intervals: [50], timeout: 15_000 }).toMatchObject(what);
  return Date.now() - began;
}

/** A host, and a player who is asked the first question. `before` the player's page is opened. */
async function begin(browser: Browser, baseURL: string | undefined, before = async (_: BrowserContext) => {}) {
  const match = newMatch(1), path = `/matches/${match.id}`, [question, buzzer] = match.questions;
  const host = await enter(browser, baseURL, ADMINISTRATOR, `${path}/host`, DESK);
  const player = await enter(browser, baseURL, match.teams[0][0], '/');
  await before(player.context());
  await player.goto(path);
  await expect.poll(() => happened(match, 'joined').length).toBe(1);
  await steps(host, [player], 'ready', 'open');
  const chosen = rightTexts(question);
  return {
    match, path, host, player, question,
    open: { ...asks(question), phase: 'open', chosen, state: '已保存' },
    locked: { ...asks(question), phase: 'locked', chosen, state: '已锁定' },
    pressed: { ...asks(buzzer), state: expect.stringMatching(/已按下|由您作答/) },
    floor: { ...asks(buzzer), phase: 'floor', state: '由您作答' },
  };
}

/** From the first question, locked, to the one for the buzzer. */
const toBuzzer = (host: Page, player: Page) => steps(host, [player], 'reveal', 'scoreboard', 'open');

/** Who has the floor can still answer, and all that was done is in the log once. */
async function ends(match: Match, player: Page) {
  await choose(player, match.questions[1]);
  await player.getByRole('button', { name: '提交答案' }).click();
  await expect(stage(player)).toHaveAttribute('data-phase', 'locked');
  expect(['pressed', 'turned', 'answered-late'].map(what => happened(match, what).length)).toEqual([1, 1, 0]);
}

/** The context's lines to the match, which can die without a word: the page still has them. */
async function lines(context: BrowserContext) {
  const all = { opened: 0, deaf: 0, dead: 0, cut: () => { all.dead = all.opened; }, deafen: () => { all.deaf = all.opened; } };
  await context.routeWebSocket(/\/live\?/, page => {
    const mine = ++all.opened, server = page.connectToServer();
    page.onMessage(text => { if (mine > all.dead) server.send(text); });
    server.onMessage(text => { if (mine > all.dead && mine > all.deaf) page.send(text); });
  });
  return all;
}

/** A phone is put away: its page is hidden and nothing in it runs, until it is taken out again. */
async function putAway(page: Page) {
  const turn = (to: string) => page.evaluate(to => {
    Object.defineProperty(document, 'visibilityState', { value: to, configurable: true });
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  }, to);
  await turn('hidden');
  const devtools = await page.context().newCDPSession(page);
  const stopped = new Promise(done => devtools.once('Debugger.paused', done));
  await devtools.send('Debugger.enable');
  await devtools.send('Debugger.pause');
  await stopped;
  return async () => {
    await devtools.detach();
    await turn('visible');
  };
}

const close = (...pages: Page[]) => Promise.all(pages.map(page => page.context().close()));

test('kill -9 in a buzzer round: host, big screen and spectators are back within five seconds in the same state, and the match goes on', async ({ browser }) => {
  test.setTimeout(120_000);
  await onOwnServer(async ({ baseURL, kill, start }) => {
    const match = newMatch(1), path = `/matches/${match.id}`, [question, buzzer] = match.questions;
    const host = await enter(browser, baseURL, ADMINISTRATOR, `${path}/host`, DESK);
    const screen = await enter(browser, baseURL, null, `${path}/screen`, HALL);
    const watch = await enter(browser, baseURL, null, `${path}/watch`);
    const players = await Promise.all(match.teams.flat().map(player => enter(browser, baseURL, player, path)));
    const pages = [host, screen, watch, ...players];
    await expect.poll(() => happened(match, 'joined').length, { timeout: 20_000 }).toBe(2);
    await steps(host, pages, 'ready', 'open');
    await choose(players[0], question);
    await expect.poll(() => happened(match, 'answered').length).toBe(1);
    await steps(host, pages, 'locked', 'reveal', 'scoreboard');
    const scores = (await picture(screen)).scores;
    expect(scores[0]).toContain('10');
    await steps(host, pages, 'open');
    await players[0].locator('.press:visible').click();
    await everyone(pages, 'floor');

    const before = await Promise.all(pages.map(picture));
    for (const seen of before.slice(0, 3)) {
      expect(seen).toMatchObject({ ...asks(buzzer), order: [expect.stringContaining('第1代表队')] });
    }
    for (const seen of [before[0], before[2]]) expect(seen.scores[0]).toContain('10');

    await kill();
    for (const [n, page] of pages.entries()) {
      const { phase, question, order, scores } = before[n];
      await shown(page, { lost: true, phase, question, order, scores }, Date.now());
    }
    await start();
    const up = Date.now();
    const took = await Promise.all(pages.map((page, n) => shown(page, before[n], up)));
    for (const [n, of] of ['host', 'screen', 'watch', 'player', 'player'].entries()) expect(took[n], of).toBeLessThan(RESTART);
    // What the new server knows, not what the pages remember.
    const late = await enter(browser, baseURL, null, `${path}/screen`, HALL);
    await shown(late, before[1], Date.now());

    await choose(players[0], buzzer);
    await players[0].getByRole('button', { name: '提交答案' }).click();
    await everyone(pages, 'locked');
    await steps(host, pages, 'reveal', 'scoreboard');
    for (const page of pages) expect((await picture(page)).scores[0]).toContain('20');
    expect(['answered', 'pressed', 'turned'].map(what => happened(match, what).length)).toEqual([1, 1, 1]);
    await close(...pages, late);
  });
});

test('a reloaded page shows the question within two seconds, with the answer or the press', async ({ browser, baseURL }) => {
  test.setTimeout(60_000);
  const { match, host, player, question, open, pressed, floor } = await begin(browser, baseURL);
  await choose(player, question);
  await shown(player, open, Date.now());
  let began = Date.now();
  await player.reload();
  expect(await shown(player, open, began)).toBeLessThan(RETURN);
  await steps(host, [player], 'locked');
  await toBuzzer(host, player);
  // At once: whether the press is on its way, stored or judged.
  await player.locator('.press:visible').click();
  began = Date.now();
  await player.reload();
  expect(await shown(player, pressed, began)).toBeLessThan(RETURN);
  await shown(player, floor, began);
  began = Date.now();
  await player.reload();
  expect(await shown(player, floor, began)).toBeLessThan(RETURN);
  await ends(match, player);
  expect(['joined', 'answered'].map(what => happened(match, what).length)).toEqual([1, 1]);
  await close(host, player);
});

test('what was stored and not acknowledged is sent again after a reload, and counts once', async ({ browser, baseURL }) => {
  test.setTimeout(60_000);
  let line!: Awaited<ReturnType<typeof lines>>;
  const { match, host, player, question, open, floor } = await begin(browser, baseURL, async context => { line = await lines(context); });
  line.deafen();
  await choose(player, question);
  await expect.poll(() => happened(match, 'answered').length, { intervals: [50] }).toBe(1);
  await shown(player, { ...open, state: '保存中' }, Date.now());
  let began = Date.now();
  await player.reload();
  expect(await shown(player, open, began)).toBeLessThan(RETURN);
  await steps(host, [player], 'locked');
  await toBuzzer(host, player);
  line.deafen();
  await player.locator('.press:visible').click();
  await expect.poll(() => happened(match, 'buzzer-judged').length, { intervals: [50] }).toBe(1);
  await shown(player, { phase: 'open', state: '已按下' }, Date.now());
  began = Date.now();
  await player.reload();
  expect(await shown(player, floor, began)).toBeLessThan(RETURN);
  await ends(match, player);
  expect(happened(match, 'answered')).toHaveLength(1);
  await close(host, player);
});

test('what waits on a phone is its player’s: who signs in there next sends none of it, and its player still does', async ({ browser, baseURL }) => {
  test.setTimeout(60_000);
  const { match, path, host, player: phone, question, open } = await begin(browser, baseURL);
  const [[mine], [rival]] = match.teams, line = phone.context();
  const answered = () => happened(match, 'answered').map(event => event.answered.seat);
  await line.setOffline(true);
  await expect.poll(async () => (await picture(phone)).lost).toBe(true);
  await choose(phone, question);
  await shown(phone, { ...open, lost: true, state: '仅在本机' }, Date.now());
  await phone.goto('about:blank');
  await line.setOffline(false);

  await line.clearCookies();
  await signIn(phone, rival);
  await phone.goto(path);
  await shown(phone, { ...asks(question), phase: 'open', chosen: [] }, Date.now());
  await choose(phone, question, false);
  await expect.poll(answered).toEqual([rival.id]);

  await line.clearCookies();
  await signIn(phone, mine);
  await phone.goto(path);
  await shown(phone, open, Date.now());
  await expect.poll(answered).toEqual([rival.id, mine.id]);
  await close(host, phone);
});

test('after three seconds without a network a player is back within two, and an answer and a press from there count once', async ({ browser, baseURL }) => {
  test.setTimeout(60_000);
  const { match, host, player, question, open, locked, floor } = await begin(browser, baseURL);
  const line = player.context();
  const away = async (meanwhile: () => Promise<void>) => {
    const back = Date.now() + 3_000;
    await line.setOffline(true);
    await expect.poll(async () => (await picture(player)).lost).toBe(true);
    await meanwhile();
    await host.waitForTimeout(Math.max(0, back - Date.now()));
    expect(await picture(player)).toMatchObject({ lost: true });
    const began = Date.now();
    await line.setOffline(false);
    return began;
  };
  let began = await away(async () => {
    await choose(player, question);
    await shown(player, { ...open, lost: true, state: '仅在本机' }, Date.now());
    expect(happened(match, 'answered')).toHaveLength(0);
  });
  expect(await shown(player, open, began)).toBeLessThan(RETURN);
  expect(happened(match, 'answered')).toHaveLength(1);

  began = await away(() => steps(host, [host], 'locked'));
  expect(await shown(player, locked, began)).toBeLessThan(RETURN);

  await toBuzzer(host, player);
  began = await away(async () => {
    await player.locator('.press:visible').click();
    await shown(player, { lost: true, phase: 'open', state: '已按下' }, Date.now());
    expect(happened(match, 'pressed')).toHaveLength(0);
  });
  expect(await shown(player, floor, began)).toBeLessThan(RETURN);
  expect(happened(match, 'pressed')).toHaveLength(1);

  began = await away(async () => {});
  expect(await shown(player, floor, began)).toBeLessThan(RETURN);
  await ends(match, player);
  expect(['joined', 'answered'].map(what => happened(match, what).length)).toEqual([1, 1]);
  await close(host, player);
});

test('a page that was hidden shows the match as it stands within two seconds', async ({ browser, baseURL }) => {
  test.setTimeout(60_000);
  const { match, host, player, question, open, locked, floor } = await begin(browser, baseURL);
  await choose(player, question);
  await shown(player, open, Date.now());
  let show = await putAway(player);
  await steps(host, [host], 'locked');
  await host.waitForTimeout(3_000);
  let began = Date.now();
  await show();
  expect(await shown(player, locked, began)).toBeLessThan(RETURN);
  await toBuzzer(host, player);
  await player.locator('.press:visible').click();
  // The floor comes while nobody looks.
  show = await putAway(player);
  await expect.poll(() => happened(match, 'buzzer-judged').length).toBe(1);
  await host.waitForTimeout(3_000);
  began = Date.now();
  await show();
  expect(await shown(player, floor, began)).toBeLessThan(RETURN);
  await ends(match, player);
  expect(['joined', 'answered', 'hid'].map(what => happened(match, what).length)).toEqual([1, 1, 2]);
  await close(host, player);
});

for (const seconds of [2, 12]) {
  test(`a page that was hidden for ${seconds} seconds, and whose line died meanwhile, is back within two`, async ({ browser, baseURL }) => {
    test.setTimeout(60_000);
    let line!: Awaited<ReturnType<typeof lines>>;
    const { match, host, player, question, open, locked } = await begin(browser, baseURL, async context => { line = await lines(context); });
    await choose(player, question);
    await shown(player, open, Date.now());
    const show = await putAway(player);
    line.cut();
    await steps(host, [host], 'locked');
    await host.waitForTimeout(seconds * 1_000);
    const began = Date.now();
    await show();
    expect(await shown(player, locked, began)).toBeLessThan(RETURN);
    expect(['joined', 'answered'].map(what => happened(match, what).length)).toEqual([1, 1]);
    await close(host, player);
  });
}

test('a phone that was signed out elsewhere asks to sign in within a minute, and plays no more', async ({ browser, baseURL }) => {
  test.setTimeout(90_000);
  const { match, path, host, player } = await begin(browser, baseURL);
  db`delete from session where learner_id = ${match.teams[0][0].id}`;
  await player.waitForURL(/\/sign-in\?next=/, { timeout: 45_000 });
  expect(new URL(player.url()).searchParams.get('next')).toBe(path);
  await everyone([host], 'open'); // the others play on
  await close(host, player);
});

test('a tab that is doubled takes the seat over, and never plays beside the first', async ({ browser, baseURL }) => {
  test.setTimeout(60_000);
  const { match, path, host, player: first, question, open } = await begin(browser, baseURL);
  await choose(first, question);
  await shown(first, open, Date.now());
  // What a page opens has all that the tab keeps, as a doubled tab has.
  const opened = first.context().waitForEvent('page');
  await first.evaluate(path => { window.open(path); }, path);
  const second = await opened;
  await shown(second, open, Date.now());
  await shown(first, { phase: 'taken-over' }, Date.now());
  expect(happened(match, 'joined').length).toBe(2);
  await choose(second, question, false);
  await expect.poll(() => happened(match, 'answered').length).toBe(2);
  await close(host, first);
});

test('a seat that is taken over has the question and the answer on the new device within two seconds, and on the old one when it is taken back', async ({ browser, baseURL }) => {
  test.setTimeout(60_000);
  const { match, path, host, player: first, question, open, locked, floor } = await begin(browser, baseURL);
  await choose(first, question);
  await shown(first, open, Date.now());
  const second = await enter(browser, baseURL, match.teams[0][0], '/');
  const takeBack = (page: Page) => page.getByRole('button', { name: '改用这台设备' }).click();
  const taken = async (page: Page) => {
    expect(await shown(page, { phase: 'taken-over' }, Date.now())).toBeLessThan(RETURN);
    await expect(stage(page)).toContainText('正在另一台设备上使用');
  };
  const seats = () => happened(match, 'joined').length;

  let began = Date.now();
  await second.goto(path);
  expect(await shown(second, open, began)).toBeLessThan(RETURN);
  await taken(first);
  expect([seats(), happened(match, 'answered').length]).toEqual([2, 1]);

  // What is changed on the new device is there when the old one takes the seat back.
  await choose(second, question, false);
  await expect.poll(() => happened(match, 'answered').length).toBe(2);
  const { chosen } = await picture(second);
  expect(chosen).not.toEqual(open.chosen);
  began = Date.now();
  await takeBack(first);
  expect(await shown(first, { ...open, chosen }, began)).toBeLessThan(RETURN);
  await taken(second);
  await choose(first, question);
  await shown(first, open, Date.now());
  expect([seats(), happened(match, 'answered').length]).toEqual([3, 3]);
  await steps(host, [host], 'locked');
  await shown(first, locked, Date.now());

  await toBuzzer(host, first);
  await first.locator('.press:visible').click();
  await shown(first, floor, Date.now());
  began = Date.now();
  await takeBack(second);
  expect(await shown(second, floor, began)).toBeLessThan(RETURN);
  await taken(first);
  await ends(match, second);
  expect([seats(), happened(match, 'answered').length]).toEqual([4, 3]);
  await close(host, first, second);
});
