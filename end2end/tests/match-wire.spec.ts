// What comes over the wire of a live match is never believed: not what it says, nor whom it names, nor how much of it comes.
import { createDecipheriv, randomInt } from 'node:crypto';
import type { APIRequestContext, APIResponse, Browser, Page } from '@playwright/test';
import { choose, happened, log, newMatch, stage, steer as steered, type Match } from './match-world';
import { ADMINISTRATOR, db, expect, freshId, key, newLearner, signInto, test as base, type Learner } from './world';

interface Seat {
  page: Page;
  device: string;
  /** What its own line told it, frame by frame. */
  frames: string[];
  /** Its lines that were opened, and those that ended. */
  opened: number;
  ended: number;
}

/** A match of one against one at its first question, which is open. The second player's page is what nothing may disturb. */
interface Table {
  match: Match;
  one: Seat;
  two: Seat;
  steer: (step: unknown) => Promise<APIResponse>;
}

async function sit(page: Page, who: Learner, match: Match): Promise<Seat> {
  await signInto(page.request, who.phone);
  const seat: Seat = { page, device: '', frames: [], opened: 0, ended: 0 };
  page.on('websocket', socket => {
    seat.opened++;
    socket.on('close', () => { seat.ended++; });
    socket.on('framereceived', frame => { seat.frames.push(`${frame.payload}`); });
  });
  await page.goto(`/matches/${match.id}`);
  await expect.poll(() => happened(match, 'joined').filter(e => e.joined.seat === who.id).length, { timeout: 15_000 }).toBe(1);
  seat.device = happened(match, 'joined').find(e => e.joined.seat === who.id).joined.device;
  return seat;
}

const newPage = async (browser: Browser, baseURL: string | undefined) => (await browser.newContext({ baseURL })).newPage();

const test = base.extend<{ asked: 'single' | 'fill-in'; table: Table }, { host: APIRequestContext }>({
  asked: ['single', { option: true }],
  host: [async ({ playwright }, use) => {
    const host = await playwright.request.newContext({ baseURL: process.env.ZHIJIAN_URL });
    await signInto(host, ADMINISTRATOR);
    await use(host);
    await host.dispose();
  }, { scope: 'worker' }],
  table: async ({ browser, baseURL, host, asked }, use) => {
    const match = newMatch(1);
    if (asked === 'fill-in') fillIn(match);
    const [one, two] = await Promise.all(match.teams.map(async ([who]) => sit(await newPage(browser, baseURL), who, match)));
    const steer = (step: unknown) => steered(host, match, step);
    for (const step of ['start', 'open']) await expect(await steer(step)).toBeOK();
    await expect(stage(two.page)).toHaveAttribute('data-phase', 'open');
    await use({ match, one, two, steer });
    expect([two.opened, two.ended], 'lines of the second player').toEqual([1, 0]);
    await expect(two.page.locator('.flash:visible')).toHaveCount(0);
    expect((await host.get('/healthz')).status()).toBe(200);
    for (const { page } of [one, two]) await page.context().close();
  },
});

/** Puts a question with a blank in the first place: one whose answers are no figures, which stand in ids by chance. */
function fillIn(match: Match) {
  const { id, stem } = db`select id, stem, answer_key from question where kind = 'fill-in' order by length(answer_key) desc, id`
    .find(row => JSON.parse(row.answer_key).words.every((word: string) => /^\p{Script=Han}{2,}$/u.test(word)))!;
  const [row] = db`select secrets, words from live_match where id = ${match.id}`;
  const secrets = JSON.parse(row.secrets), words = JSON.parse(row.words);
  secrets.questions[0] = { id, kind: 'fill-in', options: 0, key: key(id) };
  words[0] = { kind: 'fill-in', stem, options: [] };
  match.questions[0] = id;
  db`update live_match set secrets = ${JSON.stringify(secrets)}, words = ${JSON.stringify(words)} where id = ${match.id}`;
}

type Message = string | number[];
/** What became of messages: the code that the line ended with, 0 when it held, and what it answered. */
interface Fate {
  code: number;
  answers: any[];
}

/** Sends messages by lines of the page's own, with its session; each line ends with a wish that a line in order answers. */
const send = (page: Page, match: Match, device: string, lines: Message[][]) => page.evaluate(async ([id, device, lines]) => {
  const fates: { code: number; answers: any[] }[] = [], last = 987_654_321;
  for (const messages of lines) {
    fates.push(await new Promise(done => {
      const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/matches/${id}/live`), answers: any[] = [];
      let sent = false, patience = 0;
      const end = (code: number) => {
        socket.onclose = socket.onmessage = null;
        clearTimeout(patience);
        socket.close();
        done({ code, answers });
      };
      socket.onclose = e => end(e.code);
      socket.onmessage = e => {
        for (const told of JSON.parse(e.data)) {
          const answer = told.done ?? told.refused ?? told.failed;
          // Of what came at once a player's wish is decided before a host's step: that one may still be on its way.
          if (answer?.id === last) patience = window.setTimeout(() => end(0), 300);
          else if (answer) answers.push(told);
          if (patience && answers.length >= messages.length) return end(0);
          if (!told.tally || sent) continue;
          sent = true;
          for (const message of messages) socket.send(typeof message === 'string' ? message : new Uint8Array(message));
          socket.send(JSON.stringify({ play: { id: last, device, play: 'join' } }));
        }
      };
    }));
  }
  return fates;
}, [match.id, device, lines] as const);

const post = async (page: Page, match: Match, body: Message, type = 'application/json') =>
  page.request.post(`/matches/${match.id}/wish`, { data: Buffer.from(body as string), headers: { 'content-type': type }, maxRedirects: 0 });

/** A ping that was sent to a player just now. */
async function ping(page: Page, match: Match): Promise<number> {
  const told: any[] = await (await page.request.get(`/matches/${match.id}/log`)).json();
  return told.find(t => t.ping).ping.id;
}

const given = (choices: unknown, { question = 0, revision = 1 } = {}) => ({ answer: { question, revision, answer: { choices } } });
const play = (device: string, what: unknown, id = 1) => JSON.stringify({ play: { id, device, play: what } });
const steering = (what: unknown) => JSON.stringify({ steer: { id: 1, expects: 4, steer: what } });
const refused = (why: string) => ({ code: 0, answers: [{ refused: { id: 1, why } }] });
const places = (question: string) => {
  const right = key(question) as { choices: number[] };
  return { right: right.choices, wrong: [right.choices[0] === 0 ? 1 : 0] };
};

/** The second player answers rightly by the page, the host closes the question and shows what is right. */
async function end({ match, two, steer }: Table) {
  await choose(two.page, match.questions[0]);
  await expect(two.page.locator('.stage-state:visible .chip')).toContainText('已保存');
  for (const step of ['lock', 'reveal']) await expect(await steer(step)).toBeOK();
  await expect(two.page.locator('.verdict:visible')).toContainText('答对了');
  return happened(match, 'revealed')[0].revealed;
}

test('what is no message ends the line that brought it, and is nowhere else', async ({ table }) => {
  const { match, one, two } = table, before = log(match);
  const device = JSON.stringify(one.device), wish = (inner: string) => `{"play":{"id":1,"device":${device},"play":${inner}}}`;
  const right = JSON.stringify(places(match.questions[0]).right), answer = `{"answer":{"question":0,"revision":1,"answer":{"choices":${right}}}}`;
  const pong = '{"pong":{"id":1,"received":1,"sent":1}}', deep = '['.repeat(1_500) + ']'.repeat(1_500);
  const junk = [
    '', '{', 'null', '[]', '{}', '"join"', '\0', '{"play":', `[${wish(answer)}]`, wish(answer).slice(0, -1), `${wish(answer)}}`, `${wish(answer)}${wish(answer)}`,
    deep, '{"play":'.repeat(400), wish(deep), wish(`{"answer":${'{"answer":'.repeat(300)}`),
    '{"cheer":{"id":1}}', '{"done":{"id":1,"number":9}}', '{"event":{"number":9,"at":0,"by":"clock","event":"finished"}}', '{"tick":{}}', wish('"win"'), wish('"Join"'),
    `{"play":{"id":1,"device":${device},"play":${answer}},"steer":{"id":1,"expects":4,"steer":"lock"}}`,
    `{"play":{"id":18446744073709551616,"device":${device},"play":${answer}}}`, `{"play":{"id":-1,"device":${device},"play":${answer}}}`,
    `{"play":{"id":1e3,"device":${device},"play":${answer}}}`, `{"play":{"id":1,"device":"${'9'.repeat(36)}","play":${answer}}}`,
    answer.replace('"question":0', '"question":4294967296'), answer.replace('"revision":1', '"revision":-1'), answer.replace(right, '[256]'), answer.replace(right, '[1e999]'),
    answer.replace(right, `[${'1,'.repeat(900)}`),
  ].map(text => (text.startsWith('{"answer"') ? wish(text) : text));
  const fates = await send(one.page, match, one.device, junk.map(text => [text]));
  for (const [n, text] of junk.entries()) {
    expect(fates[n], text.slice(0, 200)).toEqual({ code: 1006, answers: [] });
    expect([400, 422], text.slice(0, 200)).toContain((await post(one.page, match, text)).status());
  }

  const long = (length: number) => pong.padStart(length);
  const held: Message[] = [[0, 255, 254, 128], [...Buffer.from(wish(answer))], pong, pong.replace('"id"', `"x":${deep},"id"`), long(4_096)];
  const all = await send(one.page, match, one.device, [held, [long(4_097)], [long(60_000)], [Array(4_097).fill(0)]]);
  expect(all.map(fate => fate.code)).toEqual([0, 1006, 1006, 1006]);
  expect((await post(one.page, match, wish(answer).padStart(70_000))).status()).toBe(413);
  for (const type of ['text/plain', 'application/x-www-form-urlencoded']) expect((await post(one.page, match, wish(answer), type)).status()).toBe(415);
  for (const after of ['-1', 'x', '18446744073709551616']) {
    for (const what of ['live', 'events', 'log']) expect((await one.page.request.get(`/matches/${match.id}/${what}?after=${after}`)).status()).toBe(400);
  }
  expect(log(match)).toEqual(before);
  expect(await end(table)).toMatchObject({ right: [0, 1], points: [0, 100] });
  expect(two.frames.join()).not.toContain(match.teams[0][0].id); // nothing of the first player ever came to the second
});

test('who somebody is, and what they may, is never what their message says', async ({ table, browser, baseURL }) => {
  const { match, one, two, steer } = table, before = log(match), { right } = places(match.questions[0]);
  const [{ id: first }, { id: second }] = match.teams.flat();
  const steps = [
    'start', 'open', 'lock', 'reveal', 'scoreboard', 'finish', 'pause', 'undo', { void: { question: 0 } }, { 'move-clock': { by_ms: 60_000 } },
    { 'put-back': { seat: second } }, { substitute: { leaves: second, enters: first } }, { 'hand-over': { to: first } },
  ];
  const plays: [string, string, unknown][] = [
    [two.device, 'taken-over', given(right)], [freshId(), 'taken-over', given(right)], [freshId(), 'taken-over', { press: { question: 0, pressed: 1 } }],
    [one.device, 'not-now', given(right, { question: 1 })], [one.device, 'no-such-question', given(right, { question: 2 })],
    [one.device, 'no-such-question', given(right, { question: 4_294_967_295 })],
    [one.device, 'unfitting', given([])], [one.device, 'unfitting', given([255])], [one.device, 'unfitting', given([0, 1])],
    [one.device, 'unfitting', { answer: { question: 0, revision: 1, answer: { words: '甲' } } }],
    [one.device, 'not-now', { press: { question: 0, pressed: -9_223_372_036_854_775_000 } }], [one.device, 'not-now', { press: { question: 1, pressed: 1 } }],
    [one.device, 'not-now', { stake: { question: 0, points: 4_294_967_295 } }], [one.device, 'not-now', { hidden: { question: 1, ms: 4_294_967_295 } }],
    [one.device, 'not-now', 'ready'],
  ];
  const wishes = [...steps.map(step => [steering(step), 'not-a-host'] as const), ...plays.map(([device, why, what]) => [play(device, what), why] as const)];
  const fates = await send(one.page, match, one.device, wishes.map(([wish]) => [wish]));
  for (const [n, [wish, why]] of wishes.entries()) {
    expect(fates[n], wish).toEqual(refused(why));
    expect((await post(one.page, match, wish)).status(), wish).toBe(409);
  }

  // Who has an account and no seat, and who has not even that.
  const [stranger, nobody] = [await newPage(browser, baseURL), await newPage(browser, baseURL)];
  await signInto(stranger.request, newLearner().phone);
  for (const page of [stranger, nobody]) await page.goto('/laws');
  const answer = play(one.device, given(right));
  for (const page of [stranger, nobody]) {
    const lines = [answer, play(one.device, 'join'), play(freshId(), 'join'), steering('lock'), steering({ 'hand-over': { to: first } })];
    const [seat, host] = [refused('not-a-seat'), refused('not-a-host')];
    expect(await send(page, match, one.device, lines.map(line => [line]))).toEqual([seat, seat, seat, host, host]);
  }
  for (const wish of [answer, steering('lock')]) {
    expect((await post(stranger, match, wish)).status()).toBe(409);
    const asked = await post(nobody, match, wish);
    expect([asked.status(), asked.headers().location]).toEqual([303, '/sign-in']);
  }
  const pong = { pong: { id: await ping(one.page, match), received: 1, sent: 1 } };
  expect((await post(stranger, match, JSON.stringify(pong))).status()).toBe(409);
  for (const page of [stranger, nobody]) await page.context().close();

  // A host, too, is asked for numbers that make sense.
  for (const by_ms of [3_600_001, -3_600_001, Number.MAX_SAFE_INTEGER]) expect((await steer({ 'move-clock': { by_ms } })).status()).toBe(409);
  expect(log(match)).toEqual(before);

  // A seat that a message names is not read.
  const named = JSON.parse(answer);
  Object.assign(named.play, { seat: second, by: { player: second } });
  Object.assign(named.play.play.answer, { seat: second });
  expect(await send(one.page, match, one.device, [[JSON.stringify(named)]])).toMatchObject([{ code: 0, answers: [{ done: {} }] }]);
  expect(log(match).slice(before.length)).toMatchObject([{ by: { player: first }, event: { answered: { seat: first, given: { revision: 1, answer: { choices: right } } } } }]);
  expect(await end(table)).toMatchObject({ right: [1, 1], points: [100, 100] });
});

test('what is refused by POST is told as it is over a line', async ({ table: { match, one } }) => {
  const before = log(match);
  for (const [wish, why] of [[steering('lock'), 'not-a-host'], [play(one.device, 'ready'), 'not-now'], [play(freshId(), 'ready'), 'taken-over']]) {
    const posted = await post(one.page, match, wish);
    expect([posted.status(), posted.headers()['content-type']]).toEqual([409, 'application/json']);
    expect(await posted.json()).toEqual(refused(why).answers);
  }
  expect(log(match)).toEqual(before);
});

test('what comes in a burst is one answer, one measurement, or the end of the line', async ({ table }) => {
  const { match, one } = table, before = log(match), { right } = places(match.questions[0]);
  const pongs = (n: number) => Array.from({ length: n }, (_, id) => JSON.stringify({ pong: { id, received: 1, sent: 1 } }));
  const [quiet, loud] = await send(one.page, match, one.device, [pongs(35), pongs(100)]);
  expect([quiet.code, loud.code]).toEqual([0, 1006]);
  // What stands behind forty in the same second is not read any more.
  const [late] = await send(one.page, match, one.device, [[...pongs(90), play(one.device, given(right))]]);
  expect(late).toEqual({ code: 1006, answers: [] });
  expect(log(match)).toEqual(before);

  const pong = (id: number, time: number) => JSON.stringify({ pong: { id, received: time, sent: time } });
  const byPost = pong(await ping(one.page, match), Date.now() * 1_000);
  for (const status of [200, 409, 409]) expect((await post(one.page, match, byPost)).status()).toBe(status);
  const byLine = pong(await ping(one.page, match), Date.now() * 1_000);
  expect(await send(one.page, match, one.device, [[byLine, byLine]])).toEqual([{ code: 0, answers: [] }]);
  expect((await post(one.page, match, byLine)).status()).toBe(409);
  expect((await post(one.page, match, pong(0, 1))).status()).toBe(409);

  const copies = Array.from({ length: 12 }, (_, n) => play(one.device, given(right), n));
  const [burst] = await send(one.page, match, one.device, [copies]);
  expect(burst.answers.map(told => told.done?.id)).toEqual(copies.map((_, n) => n));
  const posted = await Promise.all(copies.map(copy => post(one.page, match, copy)));
  expect(posted.map(answer => answer.status())).toEqual(copies.map(() => 200));
  // An older answer that comes last does not count, nor does another one under the same revision.
  const older = [given(places(match.questions[0]).wrong, { revision: 0 }), given(places(match.questions[0]).wrong)];
  expect(await send(one.page, match, one.device, older.map(what => [play(one.device, what)]))).toMatchObject(older.map(() => ({ answers: [{ done: {} }] })));
  expect(log(match).slice(before.length)).toMatchObject([{ event: { answered: { seat: match.teams[0][0].id, given: { revision: 1, answer: { choices: right } } } } }]);
  expect(await end(table)).toMatchObject({ right: [1, 1], points: [100, 100] });
});

test('an answer after the lock is kept and marked, once, and counts for nothing', async ({ table }) => {
  const { match, one, two, steer } = table, { right } = places(match.questions[0]);
  await choose(two.page, match.questions[0]);
  await expect(two.page.locator('.stage-state:visible .chip')).toContainText('已保存');
  await expect(await steer('lock')).toBeOK();
  const late = play(one.device, given(right)), before = log(match);
  expect(await send(one.page, match, one.device, [[late], [late, late]])).toMatchObject([{ code: 0, answers: [{ done: {} }] }, { code: 0, answers: [{ done: {} }, { done: {} }] }]);
  expect((await post(one.page, match, late)).status()).toBe(200);
  expect(log(match).slice(before.length)).toMatchObject([{ event: { 'answered-late': { question: 0, given: { revision: 1 } } } }]);
  await expect(await steer('reveal')).toBeOK();
  const again = play(one.device, given(right, { revision: 4_294_967_295 }));
  expect(await send(one.page, match, one.device, [[again]])).toMatchObject([{ answers: [{ done: {} }] }]);
  expect(happened(match, 'revealed')[0].revealed).toMatchObject({ right: [0, 1], points: [0, 100] });
  await expect(one.page.locator('.verdict:visible')).toHaveAttribute('data-state', 'none');
  await expect(two.page.locator('.verdict:visible')).toHaveAttribute('data-state', 'right');
  await expect(await steer('scoreboard')).toBeOK();
  for (const { page } of [one, two]) await expect(page.locator('.standings:visible li').first()).toContainText(/第2代表队.*10/s);
  expect(happened(match, 'answered')).toHaveLength(1);
});

/** Numbers by chance that a seed brings back (mulberry32). */
function chance(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n: number) => Math.floor(next() * n);
  return { below, of: <T>(all: readonly T[]) => all[below(all.length)] };
}

const ODD = {
  number: [0, 1, 2, 3, 7, 9, 99, 254, 255, 256, 65_536, 2 ** 31, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER, -1, 0.5],
  string: ['', '\0', '\u202e', 'start', 'open', 'lock', 'reveal', 'scoreboard', 'finish', 'undo', 'redo', 'pause', 'resume', 'ready', "';--", 'x'.repeat(5_000)],
  object: [null, [], {}, [0], [0, 0], [2], Array(99).fill(1), { choices: [0] }, { choices: [] }, { words: '甲' }, { stake: { question: 0, points: 1 } }, { 'move-clock': { by_ms: 1 } }],
};
const BITS = ['"', '{', '}', '[', ']', ',', ':', '\\', '\\u0000', '\\ud800', '-', '9'.repeat(40), '1e999', 'null', '\n', '\0', '/*', '"play":', '"seat":', ' '.repeat(4_200)];

/** A message that was a valid one: with another value, which mostly leaves it a message. */
function twisted(valid: string, { below, of }: ReturnType<typeof chance>): Message {
  const other = (value: any): any => {
    const odd = below(20) ? ODD[typeof value as keyof typeof ODD] : of(Object.values(ODD));
    if (typeof value === 'string' && value.length === 36) return of([freshId(), value.toUpperCase(), value.replaceAll('-', ''), `{${value}}`, value.slice(1)]);
    if (typeof value !== 'object' || value === null || !below(20)) return of<unknown>(odd);
    const name = of(Object.keys(value));
    if (name === undefined) return of<unknown>(odd);
    if (!below(20)) return { ...value, [of(['id', 'seat', 'Play', 'answer', '__proto__'])]: value[name] };
    return Array.isArray(value) ? value.map((one, n) => (n === Number(name) ? other(one) : one)) : { ...value, [name]: other(value[name]) };
  };
  return JSON.stringify(other(JSON.parse(valid)));
}

/** A message that was a valid one: cut, doubled, with something between, grown together with another one, or bytes. */
function torn(valid: string, others: string[], { below, of }: ReturnType<typeof chance>): Message {
  const [from, to] = [below(valid.length), below(valid.length)].sort((a, b) => a - b);
  const [head, middle, tail] = [valid.slice(0, from), valid.slice(from, to), valid.slice(to)];
  return of([
    () => head + tail, () => head + middle + middle + tail, () => head + of(BITS) + middle + tail, () => head + of(others).slice(below(20)),
    () => [...Buffer.from(head), below(256), ...Buffer.from(tail)],
  ])();
}

test('hundreds of messages that chance has spoilt change neither log nor scores', async ({ table, browser, baseURL }) => {
  const seed = Number(process.env.SEED ?? randomInt(2 ** 31)), luck = chance(seed), said = `SEED=${seed}`;
  const { match, one } = table, { right, wrong } = places(match.questions[0]);
  const stranger = await newPage(browser, baseURL);
  await signInto(stranger.request, newLearner().phone);
  await stranger.goto('/laws');
  // After the highest revision no answer counts any more, whatever chance makes of it.
  const highest = play(one.device, given(wrong, { revision: 4_294_967_295 }));
  expect(await send(one.page, match, one.device, [[highest]])).toMatchObject([{ answers: [{ done: {} }] }]);
  const before = log(match);
  const valid = [
    play(one.device, given(right, { revision: 2 })), play(one.device, given(right, { question: 1 })), play(one.device, 'ready'),
    play(one.device, { press: { question: 0, pressed: 1_800_000_000_000_000 } }), play(one.device, { stake: { question: 0, points: 10 } }),
    ...['lock', 'undo', { void: { question: 0 } }, { 'move-clock': { by_ms: -60_000 } }, { 'put-back': { seat: match.teams[1][0].id } }, { 'hand-over': { to: match.teams[0][0].id } }].map(steering),
    JSON.stringify({ pong: { id: await ping(one.page, match), received: 1_800_000_000_000_000, sent: 1_800_000_000_000_000 } }),
  ];
  const anybodys = [...valid, play(one.device, 'join'), play(freshId(), 'join'), play(one.device, { hidden: { question: 0, ms: 5_000 } })];
  const twist = (from: string[]) => () => twisted(luck.of(from), luck), tear = (from: string[]) => () => torn(luck.of(from), from, luck);
  const some = (n: number, one: () => Message) => Array.from({ length: n }, one);
  // A line ends with the first of its messages that is none.
  const lines = (from: string[], n: number) => [...some(n, tear(from)).map(one => [one]), ...Array.from({ length: n }, () => some(3, twist(from)))];

  const fates = await send(one.page, match, one.device, lines(valid, 60));
  fates.push(...await send(stranger, match, one.device, lines(anybodys, 20)));
  for (const fate of fates) expect([0, 1006], said).toContain(fate.code);
  const answers = fates.flatMap(fate => fate.answers), reasons = new Set(answers.map(told => told.refused?.why));
  expect(answers.filter(told => told.failed), said).toEqual([]);
  // Chance left some of them messages, and others not.
  expect(fates.filter(fate => fate.code === 1006).length, said).toBeGreaterThan(50);
  expect(answers.length, said).toBeGreaterThan(20);
  expect(reasons.size, said).toBeGreaterThan(2);
  for (const [page, from] of [[one.page, valid], [stranger, anybodys]] as const) {
    for (const message of [...some(12, tear(from)), ...some(12, twist(from))]) {
      const status = (await post(page, match, message)).status();
      expect([200, 400, 409, 422], `${said}: ${Buffer.from(message as string)}`).toContain(status);
    }
  }
  expect(log(match), said).toEqual(before);
  expect(await end(table), said).toMatchObject({ right: [0, 1], points: [0, 100] });
  expect(log(match).slice(before.length).map(entry => Object.keys(entry.event)[0]), said).toEqual(['answered', 'locked', 'revealed']);
  await stranger.context().close();
});

test.describe('a question with a blank', () => {
  test.use({ asked: 'fill-in' });

  test('is filled in on the phone, and what is right is nowhere before it is shown', async ({ table, host }) => {
    const { match, one, two, steer } = table, { words: accepted } = key(match.questions[0]) as { words: string[] };
    const path = `/matches/${match.id}`, secret = (text: string, where: string) => { for (const word of accepted) expect(text, where).not.toContain(word); };
    const read = async (asks: APIRequestContext, what: string) => (await asks.get(`${path}${what}`)).text();
    const field = one.page.locator('.blank input:visible'), typed = `${accepted[0]}。`;
    await expect(field).toBeVisible();
    for (const { page, frames } of [one, two]) {
      secret(frames.join('\n'), 'frames');
      secret(await page.content(), 'page');
      for (const what of ['', '/watch', '/screen', '/log', '/log?public=true']) secret(await read(page.request, what), what);
    }
    for (const what of ['/host', '/log']) secret(await read(host, what), what);

    // The words came sealed; what is in them is the question and no more.
    const told: any[] = two.frames.flatMap(frame => JSON.parse(frame));
    const opened = told.find(t => t.key?.question === 0).key.key, sealed = Buffer.from(told.find(t => t.sealed?.question === 0).sealed.text, 'base64');
    const open = createDecipheriv('chacha20-poly1305', Buffer.from(opened, 'base64'), Buffer.alloc(12), { authTagLength: 16 });
    open.setAuthTag(sealed.subarray(-16));
    const words = JSON.parse(Buffer.concat([open.update(sealed.subarray(0, -16)), open.final()]).toString());
    const [{ stem }] = db`select stem from question where id = ${match.questions[0]}`;
    expect(words).toEqual({ kind: 'fill-in', stem, options: [] });
    secret(JSON.stringify(words), 'words');

    // What the other one does meanwhile takes nothing out of the field.
    await field.tap();
    const typing = field.pressSequentially(typed, { delay: 250 });
    await two.page.locator('.blank input:visible').fill('不知道');
    await typing;
    await expect(field).toHaveValue(typed);
    for (const { page } of [one, two]) await expect(page.locator('.stage-state:visible .chip')).toContainText('已保存');
    await expect.poll(() => happened(match, 'answered').filter(e => e.answered.seat === match.teams[0][0].id).at(-1)?.answered.given.answer).toEqual({ words: typed });
    await expect(await steer('lock')).toBeOK();
    await expect(stage(two.page)).toHaveAttribute('data-phase', 'locked');
    secret(two.frames.join('\n'), 'frames after the lock');
    secret(await two.page.content(), 'page after the lock');
    for (const what of ['', '/watch', '/log']) secret(await read(two.page.request, what), what);
    secret(await read(host, '/log'), 'the host’s log');

    await expect(await steer('reveal')).toBeOK();
    await expect(one.page.locator('.verdict:visible')).toContainText('答对了');
    await expect(two.page.locator('.verdict:visible')).toContainText('答错了');
    await expect(two.page.locator('.stage:visible, main').first()).toContainText(accepted[0]);
    expect(two.frames.join('\n')).toContain(accepted[0]); // it would have been found there before
    expect(happened(match, 'revealed')[0].revealed).toMatchObject({ key: { words: accepted }, right: [1, 0], points: [100, 0] });
  });
});
