// What every answer keeps to, whatever the page: who may ask, how much, in pieces, what is kept.
import { request as http, type IncomingMessage } from 'node:http';
import { gzipSync } from 'node:zlib';
import { db, expect, newLearner, PASSWORD, test } from './world';

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
