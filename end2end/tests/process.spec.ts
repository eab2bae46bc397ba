// The server as a process: what it writes down, how it stops, and what is left when it is killed.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { expect, freshId, PASSWORD, signIn, test } from './world';
import { freePort, prepare, serve } from './server';

test('no phone, staff number, name or password is in the log, and a request is found by its id', async ({ browser }) => {
  test.setTimeout(60_000);
  const prepared = prepare(), server = await serve(prepared, await freePort());
  try {
    const context = await browser.newContext({ baseURL: server.url });
    const strange = await context.newPage();
    await signIn(strange, '13800000001');
    const [phone, name] = execFileSync('sqlite3', [prepared.file, "select phone || '|' || name from learner where phone = '13800000001'"], { encoding: 'utf8' }).trim().split('|');
    for (const path of ['/', '/me', '/me/credits', '/contests', '/practice']) await strange.goto(path);
    const lost = await strange.goto('/nothing-here');
    await context.clearCookies();
    await strange.goto('/sign-in');
    await strange.locator('#account').fill('13899999999');
    await strange.locator('#password').fill('a-wrong-password');
    await strange.locator('form[action="/sign-in"] button').click();
    await expect(strange.locator('.error-summary, [role=alert]').first()).toBeVisible();
    const log = server.log();
    expect(log).toContain(lost!.headers()['x-request-id']);
    for (const secret of [phone, name, PASSWORD, '13899999999', 'a-wrong-password']) expect(log.includes(secret), secret).toBe(false);
    await context.close();
  } finally {
    server.process.kill('SIGTERM');
    await server.ended;
  }
});

test('a server that is asked to stop ends what was begun, and nothing new begins', async () => {
  const prepared = prepare(), server = await serve(prepared, await freePort());
  const body = new URLSearchParams({ account: '13800000001', password: PASSWORD }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: server.url, 'content-length': body.length };
  const answered = new Promise<number>((done, failed) => {
    const slow = request(`${server.url}/sign-in`, { method: 'POST', headers }, got => {
      got.resume().on('end', () => done(got.statusCode!));
    });
    slow.on('error', failed).write(body.slice(0, 10));
    setTimeout(() => server.process.kill('SIGTERM'), 300);
    setTimeout(() => slow.end(body.slice(10)), 1000);
  });
  expect(await answered).toBe(303);
  expect(await server.ended).toBe('0');
  await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
  expect(execFileSync('sqlite3', [prepared.file, "select count(*) from session s join learner l on l.id = s.learner_id where phone = '13800000001'"], { encoding: 'utf8' }).trim()).toBe('1');
});

test('a server that is killed while it saves has everything that it acknowledged, and its books are sound', async ({ browser }) => {
  test.setTimeout(60_000);
  const prepared = prepare(), port = await freePort(), server = await serve(prepared, port);
  const sqlite = (sql: string) => execFileSync('sqlite3', ['-cmd', '.timeout 5000', prepared.file, sql], { encoding: 'utf8' }).trim();
  const context = await browser.newContext({ baseURL: server.url, extraHTTPHeaders: { origin: server.url } });
  const page = await context.newPage();
  await signIn(page, '13800000001');
  const contest = sqlite("select id from contest where kind = 'themed' limit 1");
  await page.goto(`/contests/${contest}`);
  await page.locator(`form[action="/contests/${contest}/attempts"] button`).first().click();
  await expect(page).toHaveURL(/attempts/);
  const attempt = page.url().split('/').pop()!;
  const paper: { question: string }[] = JSON.parse(sqlite(`select paper from contest_attempt where id = '${attempt}'`));
  const acknowledged: string[] = [];
  const kinds = new Map(paper.map(({ question }) => [question, sqlite(`select kind from question where id = '${question}'`)]));
  const write = async ({ question }: { question: string }) => {
    for (let revision = 1; ; revision++) {
      const id = freshId(), answer = kinds.get(question) === 'fill-in' ? { words: `第${revision}次` } : { choices: [revision % 2] };
      const got = await context.request.post('/api/contest/answer', { data: { id, attempt, question, revision, answer } }).catch(() => null);
      if (!got) return;
      if (got.ok()) acknowledged.push(id);
    }
  };
  const writing = Promise.all(paper.slice(0, 6).map(write));
  await expect.poll(() => acknowledged.length, { timeout: 20_000 }).toBeGreaterThan(100);
  server.process.kill('SIGKILL');
  expect(await server.ended).toBe('SIGKILL');
  await writing;
  const again = await serve(prepared, port);
  const kept = new Set(sqlite('select id from client_event').split('\n'));
  expect(acknowledged.filter(id => !kept.has(id))).toEqual([]);
  await page.reload();
  await expect(page.locator('fieldset.question').first()).toBeAttached();
  again.process.kill('SIGTERM');
  expect(await again.ended).toBe('0');
  expect(execFileSync(prepared.program, ['check', '--database', `sqlite:${prepared.file}`], { encoding: 'utf8' })).toContain('sound');
  await context.close();
});

test('a server that is told of TLS keeps the session to https, and browsers with it', async ({ baseURL }) => {
  const prepared = prepare(), program = join(prepared.folder, 'with-tls');
  writeFileSync(program, `#!/bin/sh\nexec '${prepared.program}' "$@" --tls\n`, { mode: 0o755 });
  const server = await serve({ ...prepared, program }, await freePort());
  try {
    const enter = (url: string) => fetch(`${url}/sign-in`, { method: 'POST', redirect: 'manual', headers: { origin: url }, body: new URLSearchParams({ account: '13800000001', password: PASSWORD }) });
    const session = (answer: Response) => answer.headers.getSetCookie().find(cookie => /HttpOnly/.test(cookie) && !cookie.startsWith('flash='))!;
    const [with_, without] = [await enter(server.url), await enter(baseURL!)];
    expect(session(with_)).toMatch(/^[^;]+; .*; Secure(;|$)/);
    expect(session(without)).not.toContain('Secure');
    for (const path of ['/sign-in', '/icons.svg', '/nothing-here']) {
      expect((await fetch(server.url + path)).headers.get('strict-transport-security'), path).toMatch(/max-age=\d{7,}/);
      expect((await fetch(baseURL + path)).headers.get('strict-transport-security'), path).toBeNull();
    }
  } finally {
    server.process.kill('SIGTERM');
    await server.ended;
  }
});
