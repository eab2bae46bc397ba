// What every answer keeps to, whatever the page: who may ask, how much, in pieces, what is kept.
import { request as http, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { db, expect, freshId, newContest, newLearner, PASSWORD, test, type Learner } from './world';

interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: string;
}

/** Asks as a program would: no header but those given. */
function ask(url: string, { method = 'GET', headers = {}, body = '' }: { method?: string; headers?: Record<string, string>; body?: string } = {}) {
  return new Promise<Answer>((done, failed) => {
    const sent = http(url, { method, headers: { ...(body && { 'content-length': `${Buffer.byteLength(body)}` }), ...headers } }, got => {
      const parts: Buffer[] = [];
      got.on('data', part => parts.push(part)).on('end', () => done({ status: got.statusCode!, headers: got.headers, body: Buffer.concat(parts).toString() })).on('error', failed);
    });
    sent.on('error', failed).end(body);
  });
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const entry = (account: string, next = '') => ({ method: 'POST', body: new URLSearchParams({ account, password: PASSWORD, next }).toString() });

test('a change comes from a page of this site, or is refused', async ({ baseURL }) => {
  const { phone } = newLearner(), host = new URL(baseURL!).host;
  const status = async (headers: Record<string, string>) => (await ask(`${baseURL}/sign-in`, { ...entry(phone), headers: { ...FORM, ...headers } })).status;
  expect(await status({ 'sec-fetch-site': 'same-origin' })).toBe(303);
  expect(await status({ origin: baseURL! })).toBe(303);
  expect(await status({ referer: `${baseURL}/sign-in?next=/laws` })).toBe(303);
  for (const site of ['cross-site', 'same-site', 'none']) expect(await status({ 'sec-fetch-site': site, origin: baseURL! }), site).toBe(403);
  for (const origin of ['https://elsewhere.example', 'null', `http://${host}.elsewhere.example`, `http://elsewhere.example/${host}`, `http://${host}:1`]) {
    expect(await status({ origin }), origin).toBe(403);
    expect(await status({ referer: `${origin}/` }), origin).toBe(403);
  }
});

test('after signing in one is led to pages of this site only', async ({ baseURL }) => {
  const { phone } = newLearner();
  const led = async (next: string) => (await ask(`${baseURL}/sign-in`, { ...entry(phone, next), headers: { ...FORM, origin: baseURL! } })).headers.location;
  expect(await led('/laws/宪法?q=a#a5')).toMatch(/^\/laws\//);
  for (const next of ['https://elsewhere.example/', '//elsewhere.example', '/\\elsewhere.example', '\\\\elsewhere.example', '/\t/elsewhere.example', '/\n/elsewhere.example', 'javascript:alert(1)', ' //elsewhere.example', '/%0a/elsewhere.example', 'laws']) {
    const to = await led(next);
    expect(new URL(to!, baseURL).origin, JSON.stringify(next)).toBe(baseURL);
  }
});

test('a body longer than any form is refused, also one that was made small', async ({ request, baseURL }) => {
  const status = async (data: Buffer, more = {}) => (await request.post('/sign-in', { headers: { ...FORM, origin: baseURL!, ...more }, data, maxRedirects: 0 })).status();
  const long = Buffer.from('a='.padEnd(70_000, 'x'));
  expect(await status(long)).toBe(413);
  expect(await status(gzipSync(Buffer.alloc(4_000_000, 'x')), { 'content-encoding': 'gzip' })).toBeGreaterThanOrEqual(400);
});

test('a video comes in the pieces that are asked for', async ({ baseURL }) => {
  const [{ id }] = db`select id from lesson where kind = 'video' order by id limit 1`;
  const url = `${baseURL}/videos/${id}-360.mp4`;
  const whole = await ask(url, { method: 'HEAD' });
  const size = Number(whole.headers['content-length']);
  expect(whole.headers).toMatchObject({ 'accept-ranges': 'bytes', 'content-type': 'video/mp4' });
  const piece = async (range: string) => {
    const got = await ask(url, { headers: { range } });
    return [got.status, got.headers['content-range'], got.headers['content-length']];
  };
  expect(await piece('bytes=0-1')).toEqual([206, `bytes 0-1/${size}`, '2']);
  expect(await piece('bytes=100-')).toEqual([206, `bytes 100-${size - 1}/${size}`, `${size - 100}`]);
  expect(await piece('bytes=-7')).toEqual([206, `bytes ${size - 7}-${size - 1}/${size}`, '7']);
  expect((await piece(`bytes=${size}-`))[0]).toBe(416);
});

test('files are kept as long as their names say, and pages of an account never', async ({ page, baseURL, me: _ }) => {
  await page.goto('/');
  const css = await page.locator('link[rel=stylesheet]').first().getAttribute('href');
  const file = await ask(`${baseURL}${css}`, { headers: { 'accept-encoding': 'br' } });
  expect(file.headers).toMatchObject({ 'cache-control': 'public, max-age=31536000, immutable', 'content-encoding': 'br', vary: 'accept-encoding' });
  const again = await ask(`${baseURL}/icons.svg`);
  expect(again.headers['cache-control']).toContain('stale-while-revalidate');
  const mine = await page.request.get('/me');
  expect(mine.headers()['cache-control']).toBe('no-store');
  expect(mine.headers().vary).toContain('cookie');
  const everyones = await ask(`${baseURL}/sign-in`);
  expect(everyones.headers['cache-control']).toBe('no-cache');
});

test('every answer says what may run, and no page may be framed', async ({ baseURL }) => {
  for (const path of ['/sign-in', '/icons.svg', '/nothing-here', '/api/study/progress']) {
    const { headers } = await ask(`${baseURL}${path}`);
    expect(headers, path).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'referrer-policy': 'same-origin' });
    expect(headers['content-security-policy'], path).toContain("frame-ancestors 'none'");
    expect(headers['content-security-policy'], path).not.toContain('unsafe-inline');
  }
  const nonces = await Promise.all([1, 2].map(async () => (await ask(`${baseURL}/sign-in`)).headers['content-security-policy']));
  expect(nonces[0]).not.toBe(nonces[1]);
  const cookie = (await ask(`${baseURL}/sign-in`, { ...entry(newLearner().phone), headers: { ...FORM, origin: baseURL! } })).headers['set-cookie']!.join();
  expect(cookie).toMatch(/HttpOnly/);
  expect(cookie).toMatch(/SameSite=Lax/);
});

test('whoever watches the machine learns that it lives, is ready, and how it does', async ({ baseURL }) => {
  expect((await ask(`${baseURL}/healthz`)).body).toBe('ok');
  expect((await ask(`${baseURL}/readyz`)).body).toBe('ready');
  await ask(`${baseURL}/sign-in`);
  expect((await ask(`${baseURL}/metrics`)).body).toContain('/sign-in');
});

const LANGUAGES = { en: /^[^\p{Script=Han}]*[a-z][^\p{Script=Han}]*$/u, 'zh-CN': /\p{Script=Han}/u };

/** Sends JSON as the islands do. */
const call = (url: string, cookie: string, data: object | string, headers: Record<string, string> = {}) =>
  ask(url, { method: 'POST', headers: { 'content-type': 'application/json', cookie, ...headers }, body: typeof data === 'string' ? data : JSON.stringify(data) });

async function signedIn(baseURL: string, { phone }: Learner) {
  const { headers } = await ask(`${baseURL}/sign-in`, { ...entry(phone), headers: { ...FORM, origin: baseURL } });
  return headers['set-cookie']!.map(cookie => cookie.split(';')[0]).join('; ');
}

test('every refusal of the interface has its status, a word for the program and a sentence in the language that is asked for', async ({ baseURL }) => {
  const learner = newLearner(), newcomer = newLearner({ mustChangePassword: true });
  const contest = newContest({ attempts: 3, questions: 1, papers: 'same', sections: [{ kinds: ['single'], count: 1 }] });
  const cookie = await signedIn(baseURL!, learner);
  /** A new attempt, if none is running. */
  const begin = async () => {
    const started = await ask(`${baseURL}/contests/${contest.id}/attempts`, { method: 'POST', headers: { ...FORM, cookie, origin: baseURL! }, body: `event=${freshId()}` });
    return started.headers.location!.split('/attempts/')[1];
  };
  const over = await begin();
  db`update contest_attempt set deadline_at = ${Date.now() - 1} where id = ${over}`;
  const handedIn = await begin();
  db`update contest_attempt set submitted_at = ${Date.now()} where id = ${handedIn}`;
  const running = await begin();
  const question: string = JSON.parse(db`select paper from contest_attempt where id = ${running}`[0].paper)[0].question;
  const answer = { choices: [0] };
  const contestAnswer = (more: object) => ['contest/answer', { id: freshId(), attempt: running, question, revision: 1, answer, ...more }] as const;
  const first = contestAnswer({ revision: 5 });
  expect((await call(`${baseURL}/api/${first[0]}`, cookie, first[1])).status).toBe(200);
  const [{ lesson_id: lesson, question_id: check }] = db`select lesson_id, question_id from lesson_check limit 1`;
  const seen = { seen: [], watched: [] };
  const every: (readonly [string, object])[] = [
    contestAnswer({}),
    ['practice/answer', { id: freshId(), question, answer }],
    ['study/progress', { id: freshId(), subject: { lesson }, report: seen }],
    ['study/place', { id: freshId(), law: '宪法', version: '2018-03-11', address: '5' }],
    ['study/check', { id: freshId(), lesson, question: check, answer }],
  ];
  const newcomers = await signedIn(baseURL!, newcomer);
  const nobody = freshId();
  const refusals: [number, string, string, string, object][] = [
    ...every.map(([to, data]): [number, string, string, string, object] => [401, 'sign-in-needed', '', to, data]),
    ...every.map(([to, data]): [number, string, string, string, object] => [403, 'forbidden', newcomers, to, data]),
    [404, 'not-found', cookie, ...contestAnswer({ attempt: nobody })],
    [404, 'not-found', cookie, 'practice/answer', { id: freshId(), question: 'nothing', answer }],
    [404, 'not-found', cookie, 'study/progress', { id: freshId(), subject: { law: 'nothing' }, report: seen }],
    [404, 'not-found', cookie, 'study/place', { id: freshId(), law: 'nothing', version: '', address: '5' }],
    [404, 'not-found', cookie, 'study/check', { id: freshId(), lesson, question: 'nothing', answer }],
    [409, 'too-late', cookie, ...contestAnswer({ attempt: over })],
    [409, 'superseded', cookie, ...contestAnswer({ revision: 4 })],
    [422, 'submitted', cookie, ...contestAnswer({ attempt: handedIn })],
    [422, 'answer', cookie, ...contestAnswer({ revision: 6, answer: { choices: [9] } })],
    [422, 'answer', cookie, 'study/check', { id: freshId(), lesson, question: check, answer: { choices: [9] } }],
  ];
  for (const [status, code, cookie, to, data] of refusals) {
    for (const [language, words] of Object.entries(LANGUAGES)) {
      const got = await call(`${baseURL}/api/${to}`, cookie, data, { 'accept-language': language });
      const what = `${to} ${JSON.stringify(data)} in ${language}: ${got.body}`;
      expect(got.status, what).toBe(status);
      expect(got.headers['content-type'], what).toContain('application/json');
      expect(JSON.parse(got.body), what).toMatchObject({ code, message: expect.stringMatching(words) });
    }
  }
  expect(db`select answer, revision from contest_answer where attempt_id in (${running}, ${over}, ${handedIn})`).toMatchObject([{ revision: 5 }]);
});

test('what is not the JSON that is wanted is refused in a sentence', async ({ baseURL }) => {
  const cookie = await signedIn(baseURL!, newLearner());
  for (const body of ['{"id":', '{"id":"x","question":7}', ' ']) {
    for (const [language, words] of Object.entries(LANGUAGES)) {
      const got = await call(`${baseURL}/api/practice/answer`, cookie, body, { 'accept-language': language });
      expect([400, 422], `${body} in ${language}: ${got.status} ${got.body}`).toContain(got.status);
      expect(JSON.parse(got.body), `${body} in ${language}`).toMatchObject({ code: 'malformed', message: expect.stringMatching(words) });
    }
  }
});

test('an address of the interface that leads nowhere says so in JSON', async ({ baseURL }) => {
  const got = await call(`${baseURL}/api/nothing/here`, await signedIn(baseURL!, newLearner()), {}, { 'accept-language': 'en' });
  expect(got.status).toBe(404);
  expect(JSON.parse(got.body)).toMatchObject({ code: 'not-found', message: expect.stringMatching(LANGUAGES.en) });
});

test('a body that does not say its length is refused once it is longer than any form', async ({ baseURL }) => {
  // Without an end, so that only the length can be the reason for an answer; and not longer than it takes to notice.
  const status = (bytes: number, end = '') => new Promise<number>((done, failed) => {
    const { hostname, port, host } = new URL(baseURL!);
    const head = ['POST /sign-in HTTP/1.1', `host: ${host}`, `origin: ${baseURL}`, `content-type: ${FORM['content-type']}`, 'transfer-encoding: chunked', '', ''].join('\r\n');
    const sent = connect(Number(port), hostname, () => sent.write(`${head}${bytes.toString(16)}\r\n${'a='.padEnd(bytes, 'x')}\r\n${end}`));
    sent.once('data', got => { done(Number(got.toString().split(' ')[1])); sent.destroy(); }).on('error', failed);
  });
  expect(await status(64 * 1024 + 1)).toBe(413);
  expect(await status(2_000, '0\r\n\r\n')).toBe(422);
});

test('the figures name a page by its pattern, never by what was read', async ({ baseURL }) => {
  expect((await ask(`${baseURL}/laws/${encodeURIComponent('宪法')}`)).status).toBe(200);
  const { body } = await ask(`${baseURL}/metrics`);
  expect(body).toContain('route="/laws/{slug}"');
  expect(decodeURIComponent(body.replaceAll(/%(?![0-9A-F]{2})/gi, '%25'))).not.toContain('宪法');
});

test('whoever reads English is asked to sign in in English', async ({ baseURL }) => {
  const page = async (language: string) => (await ask(`${baseURL}/sign-in`, { headers: { 'accept-language': language } })).body;
  const words = (html: string) => html.match(/<main[\s\S]*<\/main>/)![0].replace(/<form[^>]*action="\/language"[\s\S]*?<\/form>/, '').replace(/<[^>]*>/g, ' ');
  const english = await page('en');
  expect(english).toMatch(/<html[^>]* lang="en/);
  expect(words(english)).toMatch(/sign in/i);
  expect(words(english)).not.toMatch(/\p{Script=Han}/u);
  expect(words(await page('zh-CN,zh;q=0.9,en;q=0.8'))).toMatch(/\p{Script=Han}/u);
});
